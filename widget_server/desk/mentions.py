"""An agent named in a note finds it in the inbox."""

import re

from ..agents import service as agents
from ..clock import stamp
from ..database import execute, query
from ..tickets.models import Ticket
from ..tickets.search import fold

#: Counting stops here.
COUNTED = 100


def note(ticket: Ticket, body: str, *, by: int) -> list[int]:
    """Tell the agents a note names, as ``@first name`` or ``@address``; return who they are."""
    named = {fold(word) for word in re.findall(r"(?<![\w.])@([\w.@+-]*\w)", body)}
    told = [
        agent.id
        for agent in agents.agents_of(ticket.site_id)
        if agent.id != by and named & {fold(agent.name.split(" ")[0]), fold(agent.email)}
    ]
    for agent_id in told:
        execute(
            "INSERT INTO mention (site_id, ticket_id, agent_id, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (site_id, ticket_id, agent_id) DO UPDATE"
            " SET at = excluded.at, seen_at = NULL",
            ticket.site_id, ticket.id, agent_id, stamp(),
        )  # fmt: skip
    return told


def unseen(agent_id: int) -> int:
    rows = query(
        "SELECT count(*) FROM (SELECT 1 FROM mention WHERE agent_id = ? AND seen_at IS NULL"
        " LIMIT ?) counted",
        agent_id, COUNTED,
    )  # fmt: skip
    return int(rows[0][0])


def move(source: Ticket, into: Ticket) -> None:
    """Name whoever was named on one ticket on the other."""
    own = (source.site_id, source.id)
    execute(
        "INSERT INTO mention (site_id, ticket_id, agent_id, at, seen_at)"
        " SELECT site_id, ?, agent_id, at, seen_at FROM mention WHERE site_id = ? AND ticket_id = ?"
        " ON CONFLICT (site_id, ticket_id, agent_id) DO UPDATE"
        " SET at = excluded.at, seen_at = NULL WHERE excluded.seen_at IS NULL",
        into.id, *own,
    )  # fmt: skip
    execute("DELETE FROM mention WHERE site_id = ? AND ticket_id = ?", *own)


def see(ticket: Ticket, agent_id: int) -> None:
    """The agent has opened the ticket they were named on."""
    execute(
        "UPDATE mention SET seen_at = ? WHERE site_id = ? AND ticket_id = ? AND agent_id = ?"
        " AND seen_at IS NULL",
        stamp(), ticket.site_id, ticket.id, agent_id,
    )  # fmt: skip
