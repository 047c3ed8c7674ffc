"""Who changed what: a row for every act of an agent, written in the transaction of the change.

Acts that tell more about themselves call :func:`note`. Whatever else commits while an agent's
request is served is written under the request's own name, so that nothing can be forgotten.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from peewee import IntegerField, TextField

from .clock import stamp
from .database import JSONField, Model, before_commit, execute, fetch, insert
from .ids import new_id
from .jobs import handler

CONSOLE, API, MAIL, COMMAND, JOB, RULE = "console", "api", "mail", "command", "job", "rule"

#: How long the log is kept.
KEEP_SECONDS = 2 * 365 * 86_400
PAGE = 50


class Audit(Model):
    """One thing one agent did. ``data`` holds what changed, never what anybody wrote."""

    id = TextField(primary_key=True)
    at = TextField()
    agent_id = IntegerField(null=True)
    agent_name = TextField()
    via = TextField()
    act = TextField()
    about_site = IntegerField(null=True)
    ticket_id = TextField(null=True)
    number = IntegerField(null=True)
    data = JSONField()
    address = TextField()


@dataclass
class Acting:
    """The agent whose request is being served. ``act``: the request's own name."""

    agent_id: int | None
    name: str
    via: str
    act: str = ""
    address: str = ""
    noted: bool = field(default=False)


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def enter(acting: Acting) -> None:
    """From now on, until :func:`leave`, what commits is this agent's doing."""
    _acting.set(acting)


def leave() -> None:
    _acting.set(None)


def unwatched() -> None:
    """What commits from here on changes nothing worth a row of its own."""
    acting = _acting.get()
    if acting is not None:
        acting.noted = True


def note(
    act: str,
    *,
    site_id: int | None = None,
    ticket: tuple[str, int] | None = None,
    by: tuple[int | None, str] | None = None,
    via: str | None = None,
    **data: Any,
) -> None:
    """Write what the acting agent does; ``by`` names the agent where no request tells.

    ``ticket``: its id and number. Without any agent nothing is written.
    """
    acting = _acting.get() or Acting(None, "", MAIL)
    if by is None and not acting.name:
        return
    acting.noted = True
    insert(
        Audit,
        id=new_id(),
        at=stamp(),
        agent_id=by[0] if by else acting.agent_id,
        agent_name=by[1] if by else acting.name,
        via=via or acting.via,
        act=act,
        about_site=site_id,
        ticket_id=ticket[0] if ticket else None,
        number=ticket[1] if ticket else None,
        data=data,
        address=acting.address,
    )


@before_commit
def _witness() -> None:
    acting = _acting.get()
    if acting is not None and acting.act and not acting.noted:
        note(acting.act)


def rows(
    *,
    agent_id: int | None = None,
    site_id: int | None = None,
    act: str | None = None,
    ticket_id: str | None = None,
    before: str | None = None,
    most: int = PAGE,
) -> tuple[list[Audit], str | None]:
    """Return a page of the log, the latest first, and the cursor of the next.

    ``act``: one act, or all of a group as in ``ticket.``.
    """
    terms: list[tuple[str, Any]] = []
    if agent_id is not None:
        terms.append(("agent_id = ?", agent_id))
    if site_id is not None:
        terms.append(("about_site = ?", site_id))
    if ticket_id is not None:
        terms.append(("ticket_id = ?", ticket_id))
    if act:
        terms.append(("act = ?", act) if not act.endswith(".") else ("act >= ?", act))
        if act.endswith("."):
            terms.append(("act < ?", act[:-1] + "/"))
    if before:
        terms.append(("id < ?", before))
    where = " AND ".join(term for term, _ in terms) or "1 = 1"
    values = [value for _, value in terms]
    found = fetch(Audit, f"{where} ORDER BY id DESC LIMIT ?", *values, most + 1)
    return found[:most], found[most - 1].id if len(found) > most else None


def forget_ticket(site_id: int, ticket_id: str) -> None:
    """Keep who did something to an erased ticket, and drop what."""
    execute(
        "UPDATE audit SET data = '{}' WHERE about_site = ? AND ticket_id = ?", site_id, ticket_id
    )


@handler("audit.sweep", every=86_400)
def sweep() -> None:
    """Forget what is older than two years."""
    execute("DELETE FROM audit WHERE at < ?", stamp(seconds=-KEEP_SECONDS))
