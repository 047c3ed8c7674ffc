"""Mails and letters that belong to no request: whom they tell of, and how long they are kept."""

import re
from collections.abc import Iterable

from ..clock import stamp
from ..database import execute, fetch, query
from ..jobs import handler
from . import outbox
from .judging import any_site
from .models import BOUNCE, HANDED, IGNORED, OPENED, WAITING, Incoming

#: Days they are kept once nobody has to decide on them, and nothing is left to send.
KEPT = 90


def about(site_id: int, address: str) -> list[Incoming]:
    """Return what came from an address, and what machines reported of it.

    What other people wrote is theirs. Reports that name no letter of ours are at the first site.
    """
    named = f"%{address}%".lower()
    reports = fetch(
        Incoming,
        "site_id IN (?, ?) AND ticket_id IS NULL AND state IN (?, ?)"
        " AND (sender = ? OR lower(excerpt) LIKE ? OR lower(subject) LIKE ?)",
        site_id, any_site(), BOUNCE, IGNORED, address, named, named,
    )  # fmt: skip
    whole = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
    found = fetch(Incoming, "site_id = ? AND sender = ?", site_id, address)
    found += [
        each for each in reports
        if each.sender == address or whole.search(f"{each.subject}\n{each.excerpt}")
    ]  # fmt: skip
    return list({each.id: each for each in found}.values())


def told(site_id: int, address: str | None) -> list[dict[str, str]]:
    """Return, for the export of somebody's data, the mails at a site that became no message."""
    return [
        {"at": each.received_at, "from": each.sender, "subject": each.subject, "text": each.excerpt}
        for each in (about(site_id, address) if address else [])
        if each.site_id == site_id and each.message_id is None and each.state != OPENED
    ]


def forget(mails: Iterable[Incoming]) -> None:
    """Remove the rows, in the caller's transaction; the mails themselves lie on disk."""
    for mail in mails:
        execute(f"DELETE FROM incoming WHERE {outbox.OWN}", mail.site_id, mail.id)


@handler("mail.strays", every=86_400)
def sweep() -> None:
    """Remove what is old; what waits for an agent or for its server stays."""
    limit = stamp(seconds=-KEPT * 86_400)
    # Site by site: so each finds them by its index, among the many that belong to requests.
    for (site_id,) in query("SELECT id FROM site"):
        execute(
            "DELETE FROM incoming WHERE site_id = ? AND ticket_id IS NULL AND waiting_at IS NULL"
            " AND raw_at IS NULL AND coalesce(decided_at, received_at) < ?",
            site_id, limit,
        )  # fmt: skip
        execute(
            "DELETE FROM mail WHERE site_id = ? AND ticket_id IS NULL AND created_at < ?"
            " AND state NOT IN (?, ?)",
            site_id, limit, WAITING, HANDED,
        )  # fmt: skip
