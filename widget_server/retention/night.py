"""The night's work: closed tickets and files go a few at a time, each batch a job of its own."""

import logging
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .. import audit, persons
from ..assistant import index, outcomes
from ..attachments import service as attachments
from ..clock import stamp, utcnow
from ..database import execute, fetch, query, transaction
from ..figures import marks
from ..jobs import enqueue, handler
from ..sites import contact
from ..sites import service as sites
from ..sites.look import complete
from ..sites.models import Site
from ..tickets import ledger
from ..tickets.models import Ticket
from . import finding
from .finding import START, Place
from .policy import Policy, policy

log = logging.getLogger(__name__)

#: Hours of the site's night in which things are deleted.
NIGHT = range(3, 6)

#: Tickets and files of one job: well within its lease, and short turns for everybody else.
BATCH, FILES = 40, 200

#: Days somebody has to confirm the address of a request that waits for it, unseen by agents.
UNCONFIRMED = 30

#: What of a ticket goes when its orders stay. A test compares with the database.
EMPTIED = (
    "message", "event", "attachment", "mail", "incoming", "draft", "sending", "presence",
    "mention", "rating", "ticket_search", "ticket_tag", "webhook_delivery", "rule_run",
)  # fmt: skip


@handler("retention.look", every=3_600)
def look() -> None:
    """Begin the night's work of every site that has any."""
    for site in fetch(Site, "1 = 1"):
        now, chosen = utcnow(), policy(site)
        begun = chosen.begins_at is not None and chosen.begins_at <= stamp()
        if chosen.on and begun and _local(site, now).hour in NIGHT:
            _later(site.id, "tickets", START)


@handler("retention.unconfirmed", every=86_400)
def forget_unconfirmed() -> None:
    """Delete what waited for a confirmation that never came, on every site."""
    while rows := finding.unconfirmed(UNCONFIRMED, BATCH):
        for site_id, ticket_id in rows:
            with transaction():
                ticket = ledger.locked(_ticket(site_id, ticket_id))
                if ticket.held_at is not None:
                    _delete(ticket)


@handler("retention.batch")
def batch(site_id: int, part: str, after: list[str]) -> None:
    """Delete a handful of one part, then leave the next handful to another job."""
    site = sites.site_of(site_id)
    chosen = policy(site)
    if chosen.begins_at is None or chosen.begins_at > stamp():
        return  # Somebody changed their mind meanwhile.
    first, second = after
    last = PARTS[part](site, chosen, (first, second))
    following = list(PARTS)[list(PARTS).index(part) + 1 :]
    if last is not None:
        _later(site_id, part, last)
    elif following:
        _later(site_id, following[0], START)


def _later(site_id: int, part: str, after: Place) -> None:
    key = f"retention:{site_id}:{part}:{':'.join(after)}"
    enqueue("retention.batch", unique_key=key, site_id=site_id, part=part, after=list(after))


def _tickets(site: Site, chosen: Policy, after: Place) -> Place | None:
    """Delete closed tickets, or empty those whose orders stay."""
    if chosen.tickets_days is None:
        return None
    rows = finding.closed(site.id, chosen.tickets_days, after, BATCH)
    gone = sum(_go(site.id, ticket_id, closed_at) for closed_at, ticket_id, _ in rows)
    return _end(site, rows, BATCH, tickets=gone)


def _orders(site: Site, chosen: Policy, after: Place) -> Place | None:
    """Delete what was kept for its orders once their years are over."""
    rows = finding.emptied(site.id, chosen.orders_years, after, BATCH)
    for _, ticket_id in rows:
        with transaction():
            _delete(ledger.locked(_ticket(site.id, ticket_id)))
    return _end(site, rows, BATCH, orders=len(rows))


def _files(site: Site, chosen: Policy, after: Place) -> Place | None:
    """Delete files of closed tickets; what was said stays."""
    if chosen.files_days is None:
        return None
    rows = finding.files_closed(site.id, chosen.files_days, after, FILES)
    with transaction():
        for _, file_id, _ in rows:
            execute("DELETE FROM attachment WHERE site_id = ? AND id = ?", site.id, file_id)
        attachments.remove_later([file_id for _, file_id, _ in rows])
    return _end(site, rows, FILES, files=len(rows))


#: In the order of a night.
PARTS = {"tickets": _tickets, "orders": _orders, "files": _files}


def _end(site: Site, rows: list[Any], most: int, **gone: int) -> Place | None:
    """Note what was done, not whose it was; return where the next batch begins, if there is one."""
    if any(gone.values()):
        log.info("Retention of %s: %s", site.key, gone)
        by = (None, "Ventanilla")
        audit.note("site.retention", site_id=site.id, by=by, via=audit.JOB, gone=_list(gone))
    return (rows[-1][0], rows[-1][1]) if len(rows) == most else None


def _list(gone: dict[str, int]) -> list[str]:
    return [f"{name}: {count}" for name, count in gone.items()]


def _go(site_id: int, ticket_id: str, closed_at: str) -> bool:
    """Delete or empty one ticket, unless it was reopened or bought from since it was found."""
    with transaction():
        ticket = ledger.locked(_ticket(site_id, ticket_id))
        stays = finding.order_stays(site_id, ticket_id, closed_at)
        if stays is None:
            return False
        if stays:
            _empty(ticket)
        else:
            _delete(ticket)
    return True


def _ticket(site_id: int, ticket_id: str) -> Ticket:
    return fetch(Ticket, "site_id = ? AND id = ?", site_id, ticket_id)[0]


def _delete(ticket: Ticket) -> None:
    _delete_merged(ticket)
    _forget(ticket)
    persons.erase_ticket(ticket.site_id, ticket.id)


def _delete_merged(ticket: Ticket) -> None:
    """Delete what led to a ticket: before it, so that none stands for itself in between."""
    for merged in fetch(
        Ticket, "site_id = ? AND requester_id = ? AND merged_into = ? ORDER BY id",
        ticket.site_id, ticket.requester_id, ticket.id,
    ):  # fmt: skip
        _forget(merged)
        persons.erase_ticket(merged.site_id, merged.id)


def _empty(ticket: Ticket) -> None:
    own = (ticket.site_id, ticket.id)
    _delete_merged(ticket)
    _forget(ticket)
    index.drop(ticket.site_id, index.SOLVED, ticket.id)
    persons.forget_ticket(*own)
    marks.keep_history(*own)
    for table in EMPTIED:
        execute(f"DELETE FROM {table} WHERE site_id = ? AND ticket_id = ?", *own)
    titles = query(
        "SELECT title FROM purchase WHERE site_id = ? AND ticket_id = ? ORDER BY created_at, id",
        *own,
    )
    ticket.title, ticket.fields, ticket.checklist, ticket.context = titles[0][0], {}, [], None
    ticket.tags = []
    ticket.waiting_since = ticket.unread_since = ticket.agent_unread_since = None
    ticket.emptied_at = stamp()
    ticket.save()
    ledger.advance(ticket.site_id, ticket.requester_id)


def _forget(ticket: Ticket) -> None:
    """Have the bytes removed once this is on disk, and drop what was asked before it was filed."""
    attachments.remove_later(persons.files_of(ticket.site_id, None, [ticket.id]))
    outcomes.empty(ticket.site_id, ticket.id)


def _local(site: Site, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(contact.zone(complete(site.settings))))
