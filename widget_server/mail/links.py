"""Mailed links and codes: who uses one reads the mailbox it went to, and has proven the address.

A link works once and for :data:`LIFE` seconds; a code for as long, and for :data:`TRIES` guesses.
Asking for one answers the same whether anybody wrote under the address or not.
"""

import hashlib
import hmac
import secrets
from typing import Any

from ..clock import stamp
from ..database import execute, fetch, insert, query, transaction
from ..errors import Invalid, NotFound, VentanillaError
from ..identity import service as identity
from ..identity.models import Requester
from ..ids import new_id
from ..jobs import enqueue, handler
from ..sites.models import Site
from . import outbox
from .models import MailLink
from .post import Post

LIFE, TRIES = 900, 5

#: Seconds a session may take to get from our page to the host's.
HANDOFF_LIFE = 120

LINK, HANDOFF = "link", "handoff"


class LinkStale(VentanillaError):
    status, code = 410, "link_stale"
    message = "This link was used or is older than 15 minutes. Ask for a new one."


class CodeWrong(VentanillaError):
    status, code, message = 422, "code_wrong", "That is not the code."


class CodeExpired(VentanillaError):
    status, code = 410, "code_expired"
    message = "This code is no longer good. Ask for a new one."


def ask(site: Site, email: str, *, locale: str | None) -> str:
    """Have a link and a code sent to ``email`` if it is known; return until when they will work."""
    expires_at = stamp(seconds=LIFE)
    with transaction():
        # Known or not, the same is written: a job looks, so that neither answer nor time tells.
        link_id = _new(site.id, LINK, email, locale=locale, expires_at=expires_at)
        enqueue("mail.link", site_id=site.id, email=email, locale=locale, link_id=link_id)
    return expires_at


@handler("mail.link")
def send_link(site_id: int, email: str, locale: str | None, link_id: str) -> None:
    """Write the letter with link and code, to an address that somebody filed under."""
    known = query(
        "SELECT locale FROM ticket WHERE site_id = ? AND email = ? ORDER BY opened_at DESC LIMIT 1",
        site_id, email,
    ) or query(
        "SELECT locale FROM requester WHERE site_id = ? AND email = ?"
        " AND email_verified_at IS NOT NULL LIMIT 1",
        site_id, email,
    )  # fmt: skip
    if not known:
        return
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06}"
    with transaction():
        fresh = execute(
            "UPDATE mail_link SET token = ?, code = ? WHERE site_id = ? AND id = ?"
            " AND token IS NULL",
            _token_hash(token), _code_hash(link_id, code), site_id, link_id,
        )  # fmt: skip
        if not fresh.rowcount:
            return  # Done before by a worker that died: its letter holds the other token.
        outbox.write(
            site_id=site_id,
            kind="link",
            recipient=email,
            audience="requester",
            locale=locale or known[0][0] or "",
            about={"token": token, "code": code, "link": link_id},
            once=f"link:{link_id}",
        )


def issue(*, site_id: int, email: str, ticket_id: str, locale: str, seed: str) -> str:
    """Return the token of a link inside a letter; the same letter has the same one."""
    key = Post.secrets[0].encode()
    token = hmac.new(key, f"ventanilla:letter:{seed}".encode(), hashlib.sha256).hexdigest()
    _new(
        site_id,
        LINK,
        email,
        link_id=seed,
        token=_token_hash(token),
        ticket_id=ticket_id,
        locale=locale,
        expires_at=stamp(seconds=LIFE),
    )
    return token


def hand_over(caller: identity.Caller) -> str:
    """Return a token that gives this session's person to the host's page, once and soon."""
    token = secrets.token_urlsafe(24)
    _new(
        caller.site_id,
        HANDOFF,
        caller.email or "",
        token=_token_hash(token),
        requester_id=caller.id,
        expires_at=stamp(seconds=HANDOFF_LIFE),
    )
    return token


def host_page(caller: identity.Caller) -> str | None:
    """Return a page of the site the person can go on at, if the site names any."""
    site = fetch(Site, "id = ?", caller.site_id)[0]
    return next((f"{origin}/" for origin in site.origins if origin != "*"), None)


def find(token: str, purpose: str = LINK) -> MailLink:
    """Return a link by its token, whether it is still good or not."""
    found = fetch(MailLink, "token = ? AND purpose = ?", _token_hash(token), purpose)
    if not found:
        raise NotFound("There is no such link.")
    return found[0]


def redeem(token: str) -> tuple[Requester, str | None]:
    """Use a link up; return the person whose address it proves, and the ticket it leads to.

    Raises :exc:`LinkStale`, or :exc:`NotFound` for a link we never made.
    """
    with transaction():
        link = find(token)
        _use(link)
        owner = identity.prove(link.site_id, link.email, locale=link.locale)
    return owner, link.ticket_id


def redeem_code(site: Site, email: str, code: str) -> Requester:
    """Use a code up. Raises :exc:`CodeWrong` with ``left`` tries, or :exc:`CodeExpired`."""
    if len(code) != 6 or not code.isdecimal():
        raise Invalid(fields={"code": ["Six digits."]})
    with transaction():
        latest = query(
            "SELECT id, code FROM mail_link WHERE site_id = ? AND email = ? AND purpose = ?"
            " AND ticket_id IS NULL AND used_at IS NULL AND expires_at > ?"
            " ORDER BY created_at DESC LIMIT 1",
            site.id, email, LINK, stamp(),
        )  # fmt: skip
        if not latest:
            raise CodeExpired()
        link_id, stored = latest[0]
        tries = query(
            "UPDATE mail_link SET tries = tries + 1 WHERE site_id = ? AND id = ? RETURNING tries",
            site.id, link_id,
        )[0][0]  # fmt: skip
        right = stored is not None and hmac.compare_digest(stored, _code_hash(link_id, code))
        if right and tries <= TRIES:
            execute(
                "UPDATE mail_link SET used_at = ? WHERE site_id = ? AND id = ?",
                stamp(), site.id, link_id,
            )  # fmt: skip
            return identity.prove(site.id, email, locale=None)
    if tries >= TRIES:
        raise CodeExpired()
    raise CodeWrong(left=TRIES - tries)


def redeem_handoff(token: str, site: Site) -> Requester:
    """Use up what :func:`hand_over` gave."""
    with transaction():
        link = find(token, HANDOFF)
        if link.site_id != site.id:
            raise NotFound("There is no such link.")
        _use(link)
        people = fetch(Requester, "site_id = ? AND id = ?", link.site_id, link.requester_id)
        if not people:
            raise LinkStale()
        return people[0]


def page(server_url: str, token: str) -> str:
    return f"{server_url}/t/{token}"


@handler("mail.sweep", every=3_600)
def sweep() -> None:
    """Forget links a day after they ended. A letter's own link is told from a forged one longer."""
    execute(
        "DELETE FROM mail_link WHERE expires_at < ? AND ticket_id IS NULL", stamp(seconds=-86_400)
    )
    execute("DELETE FROM mail_link WHERE expires_at < ?", stamp(seconds=-90 * 86_400))


def _new(site_id: int, purpose: str, email: str, *, expires_at: str, **values: Any) -> str:
    link_id = values.pop("link_id", None) or new_id()
    insert(
        MailLink,
        or_ignore=True,
        site_id=site_id,
        id=link_id,
        purpose=purpose,
        email=email,
        tries=0,
        created_at=stamp(),
        expires_at=expires_at,
        **values,
    )
    return str(link_id)


def _use(link: MailLink) -> None:
    done = execute(
        "UPDATE mail_link SET used_at = ? WHERE site_id = ? AND id = ? AND used_at IS NULL"
        " AND expires_at > ?",
        stamp(), link.site_id, link.id, stamp(),
    )  # fmt: skip
    if not done.rowcount:
        raise LinkStale()


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _code_hash(link_id: str, code: str) -> str:
    key = Post.secrets[0].encode()
    return hmac.new(key, f"ventanilla:code:{link_id}:{code}".encode(), hashlib.sha256).hexdigest()
