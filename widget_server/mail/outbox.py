"""Letters on their way: written in the ticket's transaction, sent by a job, never twice.

A letter is ``handed`` on disk just before the closing dot of SMTP's DATA. A worker that dies after
that has very likely been understood, so such a letter is not sent again by itself: it is listed
with those that failed, and somebody decides.
"""

import json
from typing import Any

from ..clock import stamp
from ..database import execute, fetch, insert, insist, lost, query, transaction
from ..errors import NotFound, Unavailable
from ..ids import new_id
from ..jobs import Patience, enqueue, handler, hasten
from ..sites import reach
from .models import BOUNCED, CANCELLED, FAILED, HANDED, IN_DOUBT, SENT, WAITING, Mail
from .post import Post
from .transport import Away, Refused, Temporary

OWN = "site_id = ? AND id = ?"
SECRETS = {"token", "code"}

#: Two days of trying, a quarter of an hour apart at most.
ATTEMPTS, LONGEST = 200, 900


class _Elsewhere(Exception):
    """Another worker has the letter: this one slept past its lease."""


def on() -> bool:
    """Is mail set up at all?"""
    return Post.transport is not None


def write(
    *,
    site_id: int,
    kind: str,
    recipient: str,
    audience: str,
    locale: str,
    once: str,
    recipient_name: str | None = None,
    ticket_id: str | None = None,
    about: dict[str, Any] | None = None,
    delay: float = 0,
) -> None:
    """Put a letter in the outbox, in the caller's transaction; each ``once`` a single time."""
    if not on() or recipient.lower() in Post.ours():
        return
    mail_id, now = new_id(), stamp()
    gone = query(
        "SELECT reason FROM unreachable WHERE site_id = ? AND email = ?", site_id, recipient.lower()
    )
    fresh = insert(
        Mail,
        or_ignore=True,
        site_id=site_id,
        id=mail_id,
        ticket_id=ticket_id,
        kind=kind,
        recipient=recipient,
        recipient_name=recipient_name,
        audience=audience,
        locale=locale,
        about=about or {},
        once=once,
        state=CANCELLED if gone else WAITING,
        attempts=0,
        error=gone[0][0] if gone else None,
        created_at=now,
    )
    if fresh and not gone:
        enqueue("mail.send", delay=delay, site_id=site_id, mail_id=mail_id)


def find(site_id: int, mail_id: str) -> Mail:
    found = fetch(Mail, OWN, site_id, mail_id)
    if not found:
        raise NotFound("No such mail.")
    return found[0]


def known(mail_id: str | None) -> list[Mail]:
    """Return the letter of this id, whichever site sent it; its key begins with the site."""
    sites = [row[0] for row in query("SELECT id FROM site")]
    return fetch(Mail, f"site_id IN ({', '.join('?' * len(sites))}) AND id = ?", *sites, mail_id)


def _failed(site_id: int, mail_id: str) -> None:
    execute(
        f"UPDATE mail SET state = ?, failed_at = ? WHERE {OWN} AND state = ?",
        FAILED, stamp(), site_id, mail_id, WAITING,
    )  # fmt: skip


@handler("mail.send", patience=Patience(ATTEMPTS, LONGEST, _failed))
def send(site_id: int, mail_id: str) -> None:
    """Send one letter, if there is still reason to."""
    from . import drafting  # Composing is heavy to load, and most processes never send.

    found = fetch(Mail, OWN, site_id, mail_id)
    if not found:
        return
    mail = found[0]
    if mail.state == HANDED:
        _set(mail, state=FAILED, failed_at=stamp(), error=IN_DOUBT, attempts=mail.attempts + 1)
        return
    if mail.state != WAITING:
        return
    if Post.transport is None:
        raise Away("Mail is not set up: VENTANILLA_SMTP_URL is empty.")
    message = drafting.draft(mail)
    if message is None:
        _set(mail, state=CANCELLED)
        return
    try:
        answer = Post.transport.send(
            message,
            sender=Post.sender,
            recipient=mail.recipient,
            last_moment=lambda: _hand(mail),
        )
    except _Elsewhere:
        return
    except Refused as error:
        _conclude(mail, state=FAILED, failed_at=stamp(), error=str(error))
    except Temporary as error:
        _conclude(mail, state=WAITING, handed_at=None, error=str(error))
        raise
    else:
        # Kept for a while: by it we know our own words where an answer quotes them.
        plain = message.get_body(("plain",)) if mail.ticket_id else None
        text = plain.get_content() if plain is not None else None
        # Secrets of a letter are not kept once it is sent.
        about = {name: mail.about[name] for name in mail.about if name not in SECRETS}
        said = json.dumps(about | {"answer": answer[:200]})
        _conclude(
            mail, state=SENT, sent_at=stamp(), failed_at=None, error=None, text=text, about=said
        )
        hasten("mail.send", Away)  # The server is there: what waited for it need not wait longer.


def _conclude(mail: Mail, **values: Any) -> None:
    """Write down what the server said; a letter left as handed over would be in doubt."""
    attempts = mail.attempts + 1
    # That it was sent is true whatever another worker wrote; what failed here may have gone there.
    terms = OWN if values["state"] == SENT else f"{OWN} AND state = '{mail.state}'"
    insist(lambda: _set(mail, terms, **values, attempts=attempts))


def _hand(mail: Mail) -> None:
    """Write down that the letter is as good as gone; if that is in doubt, it is not."""
    try:
        if not _set(mail, f"{OWN} AND state = '{mail.state}'", state=HANDED, handed_at=stamp()):
            raise _Elsewhere()
    except lost():
        # Killed in between, the database may have kept what it did not confirm, and whoever reads
        # that later would not send the letter again. The closing dot has not been sent.
        insist(lambda: _set(mail, state=WAITING, handed_at=None))
        raise


def retry(site_id: int, mail_id: str) -> None:
    """Send a failed, cancelled or bounced letter again."""
    if not on():
        raise Unavailable("Mail is not set up.")
    with transaction():
        mail = find(site_id, mail_id)
        if mail.state in (FAILED, CANCELLED, BOUNCED):
            execute(
                "DELETE FROM unreachable WHERE site_id = ? AND email = ?",
                site_id, mail.recipient.lower(),
            )  # fmt: skip
            _set(mail, state=WAITING, failed_at=None, handed_at=None, error=None)
            enqueue("mail.send", site_id=site_id, mail_id=mail_id)


def bounced(
    site_id: int, mail_id: str, *, reason: str, permanent: bool, given_up: bool = False
) -> None:
    """A letter came back. For good: its address gets no more of them until someone says so."""
    with transaction():
        for mail in fetch(Mail, OWN, site_id, mail_id):
            if not (permanent or given_up):
                _set(mail, error=reason[:500])
                continue
            _set(mail, state=BOUNCED, failed_at=stamp(), error=reason[:500])
            if not permanent:
                continue
            execute(
                "INSERT INTO unreachable (site_id, email, reason, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                site_id, mail.recipient.lower(), reason[:500], stamp(),
            )  # fmt: skip


def of_ticket(site_id: int, ticket_id: str) -> list[Mail]:
    """Return what was mailed about a ticket, oldest first."""
    return fetch(Mail, "site_id = ? AND ticket_id = ? ORDER BY created_at", site_id, ticket_id)


def failures(limit: int = 100) -> list[Mail]:
    """Return the letters that need somebody, latest first."""
    places, sites = reach.among("site_id", None)
    terms = f"failed_at IS NOT NULL{places} ORDER BY failed_at DESC LIMIT ?"
    return fetch(Mail, terms, *sites, limit)


def message_id(mail_id: str) -> str:
    return f"<{mail_id}@{Post.host()}>"


def _key(mail: Mail) -> tuple[int, str]:
    return mail.site_id, mail.id


def _set(mail: Mail, terms: str = OWN, **values: Any) -> bool:
    changed = ", ".join(f"{name} = ?" for name in values)
    done = execute(f"UPDATE mail SET {changed} WHERE {terms}", *values.values(), *_key(mail))
    for name, value in values.items():
        setattr(mail, name, value)
    return bool(done.rowcount)
