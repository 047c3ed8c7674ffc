"""The desk where an agent decides on mail that was not taken in by itself."""

from collections.abc import Iterable

from ..attachments import service as attachments
from ..attachments import upkeep
from ..clock import stamp
from ..database import execute, fetch, query, transaction
from ..errors import NotFound
from ..jobs import handler
from ..sites import reach
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from . import outbox
from .enclosed import Enclosed
from .incoming import Incoming as Letter
from .incoming import Unreadable, read
from .judging import Fate, as_agent, as_requester
from .models import DISCARDED, OPENED, POSTED, QUARANTINED, Incoming, Mail
from .receiving import RAW, apply, raw_id

#: Days a mail itself is kept, and the text of a letter.
KEPT, TEXT_KEPT = 30, 90


def quarantined(limit: int = 100) -> list[Incoming]:
    """Return what waits for a decision, the oldest first."""
    places, sites = reach.among("site_id", None)
    terms = f"waiting_at IS NOT NULL{places} ORDER BY waiting_at LIMIT ?"
    return fetch(Incoming, terms, *sites, limit)


def accept(site_id: int, incoming_id: str, *, by: str, ticket: Ticket | None) -> Ticket | None:
    """Let a mail in, to a ticket or as a new one; ``None`` if somebody was quicker."""
    raw = source(site_id, incoming_id)
    try:
        letter = read(raw)
    except Unreadable:
        letter = Letter.unreadable(raw)
    actor = _author(ticket, letter) if ticket is not None else None
    fate = Fate(site_id, POSTED if ticket is not None else OPENED, None, ticket, actor)
    enclosed = Enclosed(site_id)
    enclosed.take_in(letter)
    with transaction():
        if not _decide(site_id, incoming_id, fate.state, by):
            return None
        apply(site_id, incoming_id, letter, fate, enclosed)
    return fate.ticket


def _author(ticket: Ticket, letter: Letter) -> Actor:
    """Return who a mail speaks for in a ticket, now that somebody vouches for it."""
    requester = as_requester(ticket, letter)
    if (ticket.email or "").lower() == letter.sender.lower():
        return requester
    return as_agent(ticket, letter) or requester


def discard(site_id: int, incoming_id: str, *, by: str) -> bool:
    """Turn a mail away; return whether it is, by whoever did. Raises :exc:`NotFound`."""
    _decide(site_id, incoming_id, DISCARDED, by)
    found = fetch(Incoming, outbox.OWN, site_id, incoming_id)
    if not found:
        raise NotFound("This mail is no longer kept.")
    return bool(found[0].state == DISCARDED)


def source(site_id: int, incoming_id: str) -> bytes:
    """Return a mail as it came. Raises :exc:`NotFound` once it is no longer kept."""
    found = fetch(Incoming, outbox.OWN, site_id, incoming_id)
    if not found or found[0].raw_at is None:
        raise NotFound("This mail is no longer kept.")
    with attachments.Files.storage.open(raw_id(incoming_id)) as handle:
        return handle.read()


def ticket_numbers(mails: Iterable[Incoming | Mail]) -> dict[tuple[int, str], int]:
    """Return the numbers of the tickets that mails seem to belong to."""
    numbers = {}
    for mail in mails:
        own = (mail.site_id, mail.ticket_id or "")
        for (number,) in query("SELECT number FROM ticket WHERE site_id = ? AND id = ?", *own):
            numbers[own] = number
    return numbers


def _decide(site_id: int, incoming_id: str, state: str, by: str) -> bool:
    done = execute(
        "UPDATE incoming SET state = ?, waiting_at = NULL, decided_at = ?, decided_by = ?"
        " WHERE site_id = ? AND id = ? AND state = ?",
        state, stamp(), by, site_id, incoming_id, QUARANTINED,
    )  # fmt: skip
    return bool(done.rowcount)


@upkeep.keeps(RAW)
def kept(ids: list[str]) -> Iterable[str]:
    marks = ", ".join("?" * len(ids))
    own = [each.removeprefix(RAW) for each in ids]
    found = query(f"SELECT id FROM incoming WHERE id IN ({marks}) AND raw_at IS NOT NULL", *own)
    return (raw_id(row[0]) for row in found)


@handler("mail.forget", every=86_400)
def forget() -> None:
    """Remove the mails themselves once what they said is elsewhere; what waits is kept."""
    for site_id, incoming_id in query(
        "SELECT site_id, id FROM incoming WHERE raw_at < ? AND waiting_at IS NULL LIMIT 1000",
        stamp(seconds=-KEPT * 86_400),
    ):
        attachments.Files.storage.remove(raw_id(incoming_id))
        execute(
            "UPDATE incoming SET raw_at = NULL WHERE site_id = ? AND id = ?", site_id, incoming_id
        )
    execute(
        "UPDATE mail SET text = NULL WHERE created_at < ? AND text IS NOT NULL",
        stamp(seconds=-TEXT_KEPT * 86_400),
    )
