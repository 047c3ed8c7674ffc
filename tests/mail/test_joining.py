"""Histories are joined by proof: over any order of filing, signing in, proving and moving house.

Whatever agents merge or readdress meanwhile, nothing that was filed is lost.
"""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from widget_server.database import execute, is_sqlite, query, release, transaction
from widget_server.errors import NotFound
from widget_server.identity import service as identity
from widget_server.sites import service as sites
from widget_server.tickets import events, merging, thread
from widget_server.tickets import service as tickets
from widget_server.tickets.ledger import Actor

from ..support.servers import wait_until
from ..support.visitor import ORIGIN, sign

ADDRESSES = [f"{name}@mail.example" for name in ("ana", "bea", "carl")]
ACCOUNTS = ["one", "two"]
BROWSERS = [0, 1, 2]
INES = Actor("agent", "1", "Inés")

acts = st.one_of(
    st.tuples(st.just("file"), st.sampled_from(BROWSERS), st.sampled_from(ADDRESSES)),
    st.tuples(st.just("file_signed_in"), st.sampled_from(ACCOUNTS), st.none()),
    st.tuples(
        st.just("sign_in"),
        st.sampled_from(ACCOUNTS),
        st.tuples(st.sampled_from(ADDRESSES), st.booleans()),
    ),
    st.tuples(st.just("prove"), st.sampled_from(BROWSERS), st.sampled_from(ADDRESSES)),
    st.tuples(st.just("merge"), st.sampled_from([0, 1]), st.none()),
    st.tuples(st.just("readdress"), st.sampled_from([0, 1]), st.sampled_from(ADDRESSES)),
)


class World:
    """A site, and what an onlooker knows: who filed what under which addresses, who proved what."""

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
        self.filed[ticket.id] = {(caller.id, ticket.email, "visitor")}

    def file_signed_in(self, account, _):
        caller = identity.find_caller(self.accounts[account])
        ticket = tickets.open_ticket(caller, title="t", body="b", locale="es", category="help")
        self.filed[ticket.id] = {(caller.id, ticket.email, "account")}

    def sign_in(self, account, who):
        email, verified = who
        self.accounts[account] = self.signed_in(account, email, verified)
        if verified:
            self.note(identity.find_caller(self.accounts[account]).id, email)

    def prove(self, browser, email):
        owner = identity.prove(self.site.id, email, locale=None)
        _, self.browsers[browser], _ = identity.start_session(owner, origin=ORIGIN, ttl=9_000)
        self.note(owner.id, email)

    def merge(self, place, _):
        """An agent makes one of two requests of somebody who filed several."""
        several = [shown for shown in self.shown() if len(shown) > 1]
        for source, into, *_ in several[place : place + 1]:
            merging.merge(self.ticket(source), self.ticket(into), INES)
            self.filed[into] |= self.filed[source]

    def readdress(self, place, email):
        """An agent changes the address of somebody's first request."""
        for ticket in [shown[0] for shown in self.shown() if shown][place : place + 1]:
            merging.set_address(self.ticket(ticket), INES, email)
            self.filed[ticket] |= {(filer, email, kind) for filer, _, kind in self.filed[ticket]}

    def ticket(self, ticket_id):
        return tickets.find_by_id(self.site.id, ticket_id)

    def shown(self):
        """What each browser and account sees, in the order of filing."""
        for claims in (*self.browsers.values(), *self.accounts.values()):
            seen = self.seen_by(claims)[1]
            yield [ticket for ticket in self.filed if ticket in seen]

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
                proved = world.proofs.get(caller.id, ())
                assert any(
                    filer == caller.id or (kind == "visitor" and email in proved)
                    for filer, email, kind in world.filed[ticket]
                )
        if act == "prove":
            _, seen = world.seen_by(world.browsers[who])
            assert seen >= unclaimed(world, what)
        if act == "sign_in" and what[1]:
            _, seen = world.seen_by(world.accounts[who])
            assert seen >= unclaimed(world, what[0])
    sweep_later()
    rows = query(
        "SELECT id, requester_id, merged_into FROM ticket WHERE site_id = ?", world.site.id
    )
    owners = {row[0]: row[1] for row in rows}
    assert set(owners) == set(world.filed)
    for ticket, owner, into in rows:
        assert into is None or owners[into] == owner
        accounts = {filer for filer, _, kind in world.filed[ticket] if kind == "account"}
        assert accounts <= {owner}


def sweep_later():
    """Have visitors who asked nothing forgotten, as if nobody had come for days."""
    execute("UPDATE requester SET seen_at = '2020-01-01T00:00:00.000000+00:00'")
    identity.sweep()


def unclaimed(world, email):
    """What visitors filed under an address, and no account had taken before."""
    rows = query(
        "SELECT t.id FROM ticket t JOIN requester r ON r.site_id = t.site_id AND"
        " r.id = t.requester_id WHERE t.site_id = ? AND t.email = ? AND r.sub IS NULL"
        " AND t.merged_into IS NULL",
        world.site.id,
        email,
    )
    return {row[0] for row in rows}


@pytest.fixture
def merged(app):
    """A browser filed under two addresses, and an agent made one of it."""
    world = World()
    world.file(0, "ana@mail.example")
    world.file(0, "bea@mail.example")
    world.merge(0, None)
    return world


def test_a_merged_request_is_theirs_who_proves_either_address(merged):
    world, (first, second) = merged, merged.filed
    world.prove(1, "ana@mail.example")
    caller, seen = world.seen_by(world.browsers[1])
    assert seen == {second}
    assert tickets.find_ticket(caller, first).id == second
    assert world.seen_by(world.browsers[0])[1] == set()
    sweep_later()
    assert query("SELECT count(*) FROM ticket") == [(2,)]


def test_a_merged_request_somebody_has_proven_stays_with_its_own_address(merged):
    world, (first, second) = merged, merged.filed
    world.prove(1, "bea@mail.example")
    world.prove(2, "ana@mail.example")
    assert world.seen_by(world.browsers[1])[1] == {second}
    caller, seen = world.seen_by(world.browsers[2])
    assert seen == set()
    for ticket in (first, second):
        with pytest.raises(NotFound):
            tickets.find_ticket(caller, ticket)


def test_what_was_readdressed_comes_along_to_the_account(app):
    world = World()
    world.prove(0, "ana@mail.example")
    world.file(0, None)
    world.readdress(0, "bea@mail.example")
    (ticket,) = world.filed
    world.sign_in("one", ("ana@mail.example", True))
    assert world.seen_by(world.accounts["one"])[1] == {ticket}
    assert query("SELECT count(*) FROM requester WHERE email_verified_at IS NOT NULL") == [(1,)]


@pytest.fixture
def opened():
    """Who hears of requests hears of these."""
    heard = []

    def listen(kind, ticket, **_):
        if kind == "opened" and ticket.held_at is None:
            heard.append(ticket.id)

    events.listen(listen)
    yield heard
    events._listeners.remove(listen)


def test_two_proofs_at_the_same_moment_give_once_and_tell_once(app, opened):
    world = World()
    world.prove(1, "ana@mail.example")
    caller = identity.find_caller(world.browsers[0])
    ticket = tickets.open_ticket(
        caller, title="t", body="b", locale="es", email="ana@mail.example", category="help", held=True
    )  # fmt: skip
    other = threading.Thread(target=prove_elsewhere, args=(world.site.id, "ana@mail.example"))
    with transaction():
        identity.prove(world.site.id, "ana@mail.example", locale=None)
        other.start()
        # On SQLite the other transaction cannot even begin.
        wait_until(lambda: is_sqlite() or somebody_waits(), "a proof that waits for this one")
    other.join()
    assert world.seen_by(world.browsers[1])[1] == {ticket.id}
    assert world.seen_by(world.browsers[0])[1] == set()
    assert opened == [ticket.id]


def prove_elsewhere(site_id, email):
    try:
        identity.prove(site_id, email, locale=None)
    finally:
        release()


def somebody_waits():
    return query("SELECT count(*) FROM pg_locks WHERE NOT granted") != [(0,)]
