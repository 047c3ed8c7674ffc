"""Teams: who takes what comes in, and who of them is next."""

from typing import Any

from .. import audit
from ..clock import stamp
from ..database import execute, query, transaction
from ..errors import Invalid, NotFound
from ..tickets import events, service
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from ..tickets.states import IN_PROGRESS, WAITING
from .models import Duty, Team
from .service import SEES

#: Whose turn it is, who has least open, or nobody until somebody takes it.
ROUND_ROBIN, LOAD, BY_HAND = "round_robin", "load", "by_hand"
MODES = (ROUND_ROBIN, LOAD, BY_HAND)

#: What a completed ticket goes on with.
GOES_ON = {"replied", "reopened"}

#: Who assigns by itself.
SYSTEM = Actor("system", "", "")


@events.first
def assign(kind: str, ticket: Ticket, **_: Any) -> None:
    """Hand a new ticket to the next of the team on duty, in the transaction that filed it.

    And one that goes on after whoever had it left; without a team it is anybody's then.
    """
    fresh = kind == "opened" and ticket.assignee_id is None and ticket.held_at is None
    left = kind in GOES_ON and _left(ticket)
    if not fresh and not left:
        return
    rows = query(
        "SELECT team_id FROM team_duty WHERE site_id = ? AND category IN (?, '')"
        " ORDER BY category DESC LIMIT 1",
        ticket.site_id, ticket.category_id or "",
    )  # fmt: skip
    chosen = next_of(int(rows[0][0]), ticket.site_id) if rows else None
    if chosen is not None or left:
        agent_id, name = chosen or (None, None)
        service.assign(ticket, SYSTEM, agent_id=agent_id, name=name)
        ticket.assignee_id = agent_id


def _left(ticket: Ticket) -> bool:
    """Is it open and with somebody who is an agent no more, or sees its site no more?"""
    if ticket.assignee_id is None or ticket.completed_at is not None:
        return False
    there = f"SELECT 1 FROM agent WHERE id = ? AND disabled_at IS NULL AND {SEES}"
    return not query(there, ticket.assignee_id, ticket.site_id)


def next_of(team_id: int, site_id: int) -> tuple[int, str] | None:
    """Return who is next, and let them go to the end of the line."""
    # Writing the team's row first makes two tickets filed at once take two turns.
    turns = query("UPDATE team SET turns = turns + 1 WHERE id = ? RETURNING turns, mode", team_id)
    if not turns or turns[0][1] == BY_HAND:
        return None
    turn, mode = turns[0]
    order = "m.turn, agent.id"
    if mode == LOAD:
        order = (
            "(SELECT count(*) FROM ticket t WHERE t.completed_at IS NULL"
            f" AND t.state IN ('{WAITING}', '{IN_PROGRESS}') AND t.assignee_id = agent.id), {order}"
        )
    rows = query(
        "SELECT agent.id, agent.name FROM team_member m JOIN agent ON agent.id = m.agent_id"
        f" WHERE m.team_id = ? AND agent.disabled_at IS NULL AND {SEES} ORDER BY {order} LIMIT 1",
        team_id,
        site_id,
    )
    if not rows:
        return None
    execute(
        "UPDATE team_member SET turn = ? WHERE team_id = ? AND agent_id = ?",
        turn, team_id, rows[0][0],
    )  # fmt: skip
    return int(rows[0][0]), str(rows[0][1])


def all_teams() -> list[dict[str, Any]]:
    """Return every team with its members' ids and its duties as (site id, category)."""
    members, duties = dict[int, list[int]](), dict[int, list[tuple[int, str]]]()
    for team_id, agent_id in query("SELECT team_id, agent_id FROM team_member ORDER BY agent_id"):
        members.setdefault(team_id, []).append(agent_id)
    for duty in Duty.select().order_by(Duty.site_id, Duty.category):
        duties.setdefault(duty.team_id, []).append((duty.site_id, duty.category))
    return [
        {
            "id": team.id,
            "name": team.name,
            "mode": team.mode,
            "members": members.get(team.id, []),
            "duties": duties.get(team.id, []),
        }
        for team in Team.select().order_by(Team.name)
    ]


def save(
    team_id: int | None,
    *,
    name: str,
    mode: str,
    members: list[int],
    duties: list[tuple[int, str]],
) -> int:
    """Change a team, or make one; a duty that was another team's is this one's now."""
    if mode not in MODES:
        raise Invalid(fields={"mode": [f"One of {', '.join(MODES)}."]})
    with transaction():
        if team_id is None:
            team_id = Team.create(name=name, mode=mode, created_at=stamp()).id
        elif not Team.update(name=name, mode=mode).where(Team.id == team_id).execute():
            raise NotFound("No such team.")
        kept: dict[int, int] = dict(
            query("SELECT agent_id, turn FROM team_member WHERE team_id = ?", team_id)
        )
        _check(set(members) - set(kept), duties)
        execute("DELETE FROM team_member WHERE team_id = ?", team_id)
        for agent_id in dict.fromkeys(members):
            execute(
                "INSERT INTO team_member (team_id, agent_id, turn) VALUES (?, ?, ?)",
                team_id, agent_id, kept.get(agent_id, 0),
            )  # fmt: skip
        execute("DELETE FROM team_duty WHERE team_id = ?", team_id)
        for site_id, category in dict.fromkeys(duties):
            execute(
                "INSERT INTO team_duty (site_id, category, team_id) VALUES (?, ?, ?)"
                " ON CONFLICT (site_id, category) DO UPDATE SET team_id = excluded.team_id",
                site_id, category, team_id,
            )  # fmt: skip
        audit.note("team.saved", name=name, mode=mode, members=len(set(members)))
    return team_id


def remove(team_id: int) -> None:
    with transaction():
        rows = query("DELETE FROM team WHERE id = ? RETURNING name", team_id)
        if not rows:
            raise NotFound("No such team.")
        execute("DELETE FROM team_duty WHERE team_id = ?", team_id)
        audit.note("team.removed", name=rows[0][0])


def _check(fresh: set[int], duties: list[tuple[int, str]]) -> None:
    known = {row[0] for row in query("SELECT id FROM agent WHERE disabled_at IS NULL")}
    if fresh - known:
        raise Invalid(fields={"members": ["No such agent."]})
    offered = {(row[0], "") for row in query("SELECT id FROM site")}
    offered |= {(row[0], row[1]) for row in query("SELECT site_id, id FROM category")}
    if set(duties) - offered:
        raise Invalid(fields={"duties": ["No such site or category."]})
