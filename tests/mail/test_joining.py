"""Histories are joined by proof: over any order of filing, signing in, proving and moving house."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from widget_server.database import query
from widget_server.identity import service as identity
from widget_server.sites import service as sites
from widget_server.tickets import service as tickets
from widget_server.tickets import thread

from ..support.visitor import ORIGIN, sign

ADDRESSES = [f"{name}@mail.example" for name in ("ana", "bea", "carl")]
ACCOUNTS = ["one", "two"]
BROWSERS = [0, 1, 2]

acts = st.one_of(
    st.tuples(st.just("file"), st.sampled_from(BROWSERS), st.sampled_from(ADDRESSES)),
    st.tuples(st.just("file_signed_in"), st.sampled_from(ACCOUNTS), st.none()),
    st.tuples(
        st.just("sign_in"),
        st.sampled_from(ACCOUNTS),
        st.tuples(st.sampled_from(ADDRESSES), st.booleans()),
    ),
    st.tuples(st.just("prove"), st.sampled_from(BROWSERS), st.sampled_from(ADDRESSES)),
)


class World:
    """A site, and what an onlooker knows: who filed what under which address, who proved what."""

    def __init__(self):
        self.site, self.key = sites.add_site(name="Shop", origins=[ORIGIN])
        self.browsers = {number: self.guest() for number in BROWSERS}
        self.accounts = {name: self.signed_in(name, None, False) for name in ACCOUNTS}
        self.filed = {}
        self.proofs = {}

    def guest(self):
        caller, claims, _ = identity.open_session(
            self.site, origin=ORIGIN, identity_token=None, locale="es", ttl=9_000, visitor_ttl=9_000
        )
        identity.ensure_stored(caller, ttl=9_000)
        return claims

    def signed_in(self, sub, email, verified):
        token = sign(self.key, sub=sub, email=email, email_verified=verified)
        _, claims, _ = identity.open_session(
            self.site,
            origin=ORIGIN,
            identity_token=token,
            locale="es",
            ttl=9_000,
            visitor_ttl=9_000,
        )
        return claims

    def file(self, browser, email):
        caller = identity.find_caller(self.browsers[browser])
        ticket = tickets.open_ticket(
            caller, title="t", body="b", locale="es", category="help", email=email
        )
        self.filed[ticket.id] = (caller.id, ticket.email, "visitor")

    def file_signed_in(self, account, _):
        caller = identity.find_caller(self.accounts[account])
        ticket = tickets.open_ticket(caller, title="t", body="b", locale="es", category="help")
        self.filed[ticket.id] = (caller.id, ticket.email, "account")

    def sign_in(self, account, who):
        email, verified = who
        self.accounts[account] = self.signed_in(account, email, verified)
        if verified:
            self.note(identity.find_caller(self.accounts[account]).id, email)

    def prove(self, browser, email):
        owner = identity.prove(self.site.id, email, locale=None)
        _, self.browsers[browser], _ = identity.start_session(owner, origin=ORIGIN, ttl=9_000)
        self.note(owner.id, email)

    def note(self, person, email):
        self.proofs.setdefault(person, set()).add(email)

    def seen_by(self, claims):
        caller = identity.find_caller(claims)
        page = thread.home(caller, "es")
        assert caller.opened == len(page["tickets"])
        assert sum(page["counts"].values()) == len(page["tickets"])
        return caller, {row["id"] for row in page["tickets"]}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(steps=st.lists(acts, max_size=14))
def test_nobody_sees_a_ticket_they_neither_filed_nor_proved_the_address_of(app, steps):
    world = World()
    for act, who, what in steps:
        getattr(world, act)(who, what)
        for claims in (*world.browsers.values(), *world.accounts.values()):
            caller, seen = world.seen_by(claims)
            for ticket in seen:
                filer, email, kind = world.filed[ticket]
                proved = set().union(*(world.proofs.get(caller.id, ()),))
                assert filer == caller.id or (kind == "visitor" and email in proved)
        if act == "prove":
            _, seen = world.seen_by(world.browsers[who])
            assert seen >= unclaimed(world, what)
        if act == "sign_in" and what[1]:
            _, seen = world.seen_by(world.accounts[who])
            assert seen >= unclaimed(world, what[0])
    owners = dict(query("SELECT id, requester_id FROM ticket WHERE site_id = ?", world.site.id))
    assert set(owners) == set(world.filed)
    for ticket, (filer, _, kind) in world.filed.items():
        assert kind == "visitor" or owners[ticket] == filer


def unclaimed(world, email):
    """What visitors filed under an address, and no account had taken before."""
    rows = query(
        "SELECT t.id FROM ticket t JOIN requester r ON r.site_id = t.site_id AND"
        " r.id = t.requester_id WHERE t.site_id = ? AND t.email = ? AND r.sub IS NULL",
        world.site.id,
        email,
    )
    return {row[0] for row in rows}
