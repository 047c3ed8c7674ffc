"""Sessions: how a browser comes to act for a requester, and stops."""

from dataclasses import dataclass
from typing import Any

from ..clock import stamp
from ..database import execute, fetch, insert, query, transaction
from ..errors import Forbidden, Unauthenticated
from ..ids import new_id
from ..jobs import handler
from ..sites.models import Site
from . import assertion
from .events import announce_proof
from .models import Requester, Session, UsedToken
from .tokens import TokenExpired

PROVEN = "site_id = ? AND email = ? AND email_verified_at IS NOT NULL"

#: Whose row may go. Tickets go with it, so what is counted is not believed alone; and the count is
#: there for a ticket that is being filed at this moment, which nobody else sees yet.
WITHOUT_TICKETS = (
    "opened = 0 AND NOT EXISTS (SELECT 1 FROM ticket t"
    " WHERE t.site_id = requester.site_id AND t.requester_id = requester.id)"
)

#: Days a visitor who opened the panel but asked nothing is remembered.
GUEST_DAYS = 2


class WrongOrigin(Forbidden):
    code, message = "wrong_origin", "This page is not one of the site's origins."


class TokenRevoked(Unauthenticated):
    code, message = "token_revoked", "This session was ended."


@dataclass(slots=True)
class Caller:
    """The requester a session acts for, as one indexed read gives it.

    A visitor exists only in their token until they first act: opening the panel writes nothing.
    """

    site_id: int
    session_id: str
    id: str
    stored: bool
    sub: str | None = None
    email: str | None = None
    email_verified_at: str | None = None
    name: str | None = None
    locale: str | None = None
    cursor: int = 0
    opened: int = 0

    @property
    def kind(self) -> str:
        return "visitor" if self.sub is None else "identified"

    @property
    def proven(self) -> str | None:
        """The address they have shown to read, or their host vouches they do."""
        return self.email if self.email_verified_at is not None else None


def open_session(
    site: Site,
    *,
    origin: str | None,
    identity_token: str | None,
    locale: str | None,
    ttl: int,
    visitor_ttl: int,
) -> tuple[Caller, dict[str, Any], str]:
    """Return the caller, the claims to sign and when they end.

    Raises :exc:`WrongOrigin`, or :exc:`~.assertion.IdentityRefused` when the host's token is bad:
    an identity that fails is never downgraded to a visitor.
    """
    if not site.allows(origin):
        raise WrongOrigin(f"{origin or 'A page without origin'} is not one of the site's origins.")
    if identity_token is None:
        caller = Caller(site.id, new_id(), new_id(), stored=False, locale=locale)
        return (
            caller,
            {"s": site.id, "i": caller.session_id, "v": caller.id},
            stamp(seconds=visitor_ttl),
        )
    with transaction():
        identity = assertion.read(site, identity_token)
        requester = _recognise(site, identity, locale)
        if identity.email and identity.email_verified:
            announce_proof(requester, identity.email)
        session = Session.create(
            site_id=site.id,
            id=new_id(),
            requester_id=requester.id,
            origin=origin or "",
            created_at=stamp(),
            expires_at=stamp(seconds=ttl),
        )
    return (
        find_caller({"s": site.id, "i": session.id}),
        {"s": site.id, "i": session.id},
        (session.expires_at),
    )


def _recognise(site: Site, identity: assertion.Identity, locale: str | None) -> Requester:
    now = stamp()
    own = (Requester.site_id == site.id, Requester.sub == identity.sub)
    known = Requester.get_or_none(*own)
    verified = now if identity.email_verified else None
    if known is None:
        made = insert(
            Requester,
            or_ignore=True,
            site_id=site.id,
            id=new_id(),
            sub=identity.sub,
            email=identity.email,
            email_verified_at=verified,
            name=identity.name,
            locale=identity.locale or locale,
            claims=identity.claims or None,
            cursor=0,
            opened=0,
            created_at=now,
            seen_at=now,
        )
        # Of two first sign-ins at once, one makes the person and the other waits for them.
        known = Requester.get(*own)
        if made:
            return known
    if identity.email == known.email and verified:
        verified = known.email_verified_at or verified
    Requester.update(
        email=identity.email,
        email_verified_at=verified,
        name=identity.name,
        locale=identity.locale or locale or known.locale,
        claims=identity.claims or None,
        seen_at=now,
    ).where(Requester.site_id == site.id, Requester.id == known.id).execute()
    return known


def find_caller(claims: dict[str, Any]) -> Caller:
    """Return who a session token's claims act for, by one indexed read.

    Raises :exc:`TokenRevoked` or :exc:`~.tokens.TokenExpired`.
    """
    rows = query(
        "SELECT s.expires_at, s.revoked_at, r.id, r.sub, r.email, r.email_verified_at, r.name,"
        " r.locale, r.cursor, r.opened FROM session s JOIN requester r"
        " ON r.site_id = s.site_id AND r.id = s.requester_id WHERE s.site_id = ? AND s.id = ?",
        claims["s"],
        claims["i"],
    )
    if not rows:
        visitor = claims.get("v")
        if visitor is None:
            raise TokenRevoked()
        return Caller(claims["s"], claims["i"], visitor, stored=False)
    expires_at, revoked_at, *person = rows[0]
    if revoked_at is not None:
        raise TokenRevoked()
    if expires_at < stamp():
        raise TokenExpired()
    return Caller(claims["s"], claims["i"], person[0], True, *person[1:])


def ensure_stored(caller: Caller, *, ttl: int) -> None:
    """Write a visitor and their session, once they do something worth keeping."""
    if caller.stored:
        return
    now = stamp()
    insert(
        Requester,
        or_ignore=True,
        site_id=caller.site_id,
        id=caller.id,
        locale=caller.locale,
        cursor=0,
        opened=0,
        created_at=now,
        seen_at=now,
    )
    insert(
        Session,
        or_ignore=True,
        site_id=caller.site_id,
        id=caller.session_id,
        requester_id=caller.id,
        origin="",
        created_at=now,
        expires_at=stamp(seconds=ttl),
    )
    caller.stored = True


def revoke(caller: Caller, *, ttl: int) -> None:
    """End the session; its token answers ``token_revoked`` from now on."""
    with transaction():
        ensure_stored(caller, ttl=ttl)
        Session.update(revoked_at=stamp()).where(
            Session.site_id == caller.site_id, Session.id == caller.session_id
        ).execute()


def prove(site_id: int, email: str, *, locale: str | None) -> Requester:
    """Return the requester an address belongs to, now that somebody has shown they read it.

    That is whom the host vouched for under this address, latest seen first, or else the visitor
    who proved it before, or a new one.
    """
    now = stamp()
    with transaction():
        owner = owner_of(site_id, email)
        if owner is None:
            insert(
                Requester,
                or_ignore=True,
                site_id=site_id,
                id=new_id(),
                email=email,
                email_verified_at=now,
                locale=locale,
                cursor=0,
                opened=0,
                created_at=now,
                seen_at=now,
            )
            (owner,) = fetch(Requester, f"{PROVEN} AND sub IS NULL", site_id, email)
        announce_proof(owner, email)
    return owner


def owner_of(site_id: int, email: str) -> Requester | None:
    """Return whose address this is, proven; ``None`` if nobody has shown it."""
    first = "CASE WHEN sub IS NULL THEN 1 ELSE 0 END, seen_at DESC"
    found = fetch(Requester, f"{PROVEN} ORDER BY {first} LIMIT 1", site_id, email)
    return found[0] if found else None


def caller_for(
    site_id: int, requester: Requester | None, *, email: str, name: str | None
) -> Caller:
    """Return somebody to act for who has no session: ``requester``, or a new visitor."""
    if requester is None:
        now = stamp()
        values: dict[str, Any] = {"email": email, "name": name, "created_at": now, "seen_at": now}
        requester = Requester(site_id=site_id, id=new_id(), **values)
        insert(Requester, site_id=site_id, id=requester.id, cursor=0, opened=0, **values)
    return Caller(
        site_id,
        "",
        requester.id,
        stored=True,
        sub=requester.sub,
        email=requester.email,
        email_verified_at=requester.email_verified_at,
        name=requester.name,
        locale=requester.locale,
    )


def start_session(
    requester: Requester, *, origin: str, ttl: int
) -> tuple[Caller, dict[str, Any], str]:
    """Return the caller, the claims to sign and when they end, for somebody who has proven it."""
    session_id, expires_at = new_id(), stamp(seconds=ttl)
    insert(
        Session,
        site_id=requester.site_id,
        id=session_id,
        requester_id=requester.id,
        origin=origin,
        created_at=stamp(),
        expires_at=expires_at,
    )
    claims = {"s": requester.site_id, "i": session_id}
    return find_caller(claims), claims, expires_at


@handler("identity.sweep", every=3_600)
def sweep() -> None:
    """Forget used tokens, ended sessions, and visitors who asked nothing."""
    now = stamp()
    UsedToken.delete().where(UsedToken.expires_at < now).execute()
    Session.delete().where(Session.expires_at < stamp(seconds=-86_400)).execute()
    execute(
        "DELETE FROM requester WHERE sub IS NULL AND email_verified_at IS NULL AND seen_at < ?"
        f" AND {WITHOUT_TICKETS}",
        stamp(seconds=-GUEST_DAYS * 86_400),
    )
