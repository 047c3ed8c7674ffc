"""The team as administrators keep it: who is invited, with which role, and who has left."""

from collections.abc import Iterable

from .. import audit
from ..clock import stamp
from ..database import execute, query, transaction
from ..errors import Conflict, Invalid, NotFound
from ..wire import as_kept
from . import passes, second_factor, service
from .models import ADMINISTRATOR, ROLES, Agent, AgentSession

#: Agents a page shows.
SHOWN = 500


def everyone() -> list[Agent]:
    """Return all who are or were agents, those who left last."""
    return list(
        Agent.select().order_by(Agent.disabled_at.is_null().desc(), Agent.name).limit(SHOWN)
    )


def find(agent_id: int) -> Agent:
    agent: Agent | None = Agent.get_or_none(Agent.id == agent_id)
    if agent is None:
        raise NotFound("No such agent.")
    return agent


def find_by_email(email: str) -> Agent:
    agent: Agent | None = Agent.get_or_none(
        Agent.email == as_kept(email), Agent.disabled_at.is_null()
    )
    if agent is None:
        raise NotFound(f"No agent signs in as {email}.")
    return agent


def sites_of(agent: Agent) -> frozenset[int] | None:
    """Return the sites an agent is limited to; ``None``: sees all, as every administrator does."""
    if agent.role == ADMINISTRATOR:
        return None
    rows = query("SELECT site_id FROM agent_site WHERE agent_id = ?", agent.id)
    return frozenset(int(site_id) for (site_id,) in rows) or None


def limits() -> dict[int, frozenset[int]]:
    """Return the sites of everyone who is limited to some, by the agent's id."""
    found: dict[int, frozenset[int]] = {}
    for agent_id, site_id in query("SELECT agent_id, site_id FROM agent_site"):
        found[agent_id] = found.get(agent_id, frozenset()) | {site_id}
    return found


def limit(agent: Agent, site_ids: Iterable[int]) -> None:
    """Let an agent see these sites only; none: all of them.

    What lies elsewhere and is theirs becomes anybody's again.
    """
    wished = frozenset(site_ids)
    with transaction():
        if wished != limits().get(agent.id, frozenset()):
            execute("DELETE FROM agent_site WHERE agent_id = ?", agent.id)
            for site_id in sorted(wished):
                execute(
                    "INSERT INTO agent_site (agent_id, site_id) VALUES (?, ?)", agent.id, site_id
                )
            audit.note("agent.limited", agent=agent.email, sites=len(wished))
        _leave_elsewhere(agent)


def _leave_elsewhere(agent: Agent) -> None:
    """What an agent does not see is not theirs."""
    seen = sites_of(agent)
    if seen is None:
        return
    places = f"site_id NOT IN ({', '.join('?' * len(seen))})"
    execute(
        "UPDATE ticket SET assignee_id = NULL WHERE assignee_id = ?"
        f" AND completed_at IS NULL AND {places}",
        agent.id, *seen,
    )  # fmt: skip
    execute(f"DELETE FROM mention WHERE agent_id = ? AND {places}", agent.id, *seen)


def invite(
    *, email: str, name: str, role: str, locale: str, site_ids: Iterable[int] = ()
) -> tuple[Agent, str | None]:
    """Add an agent and mail them a link; return the link's secret too where mail is off.

    ``site_ids``: the only sites they see; none: all.
    """
    with transaction():
        agent = service.add_agent(email=email, name=name, password=None, role=role, locale=locale)
        limit(agent, site_ids)
        audit.note("agent.invited", agent=agent.email, role=role)
        return agent, passes.send(agent, passes.INVITE)


def invite_again(agent: Agent) -> str | None:
    """Mail the link once more; the one before stops working."""
    if not agent.invited or agent.disabled_at:
        raise Conflict("This agent has chosen a password already.")
    with transaction():
        audit.note("agent.invited", agent=agent.email, role=agent.role)
        return passes.send(agent, passes.INVITE)


def change(
    agent: Agent,
    *,
    name: str | None = None,
    role: str | None = None,
    active: bool | None = None,
    site_ids: Iterable[int] | None = None,
) -> None:
    """Change an agent. Raises :exc:`Conflict` where it would leave nobody to administer."""
    if role is not None and role not in ROLES:
        raise Invalid(fields={"role": [f"One of {', '.join(ROLES)}."]})
    with transaction():
        # One row changed first, so that two administrators cannot remove each other at once.
        execute("UPDATE agent SET role = role WHERE role = ?", ADMINISTRATOR)
        agent = find(agent.id)
        if name is not None and name != agent.name:
            audit.note("agent.renamed", agent=agent.email, to=name)
            agent.name = name
        if role is not None and role != agent.role:
            audit.note("agent.role", agent=agent.email, was=agent.role, to=role)
            agent.role = role
        if active is not None and active == bool(agent.disabled_at):
            agent.disabled_at = None if active else stamp()
            audit.note("agent.activated" if active else "agent.deactivated", agent=agent.email)
            if not active:
                _turn_out(agent)
        # No other column: a password chosen meanwhile stays.
        agent.save(only=[Agent.name, Agent.role, Agent.disabled_at])
        limit(agent, limits().get(agent.id, ()) if site_ids is None else site_ids)
        if not _administrators():
            raise Conflict("There must be an administrator who can sign in.")


def lift_second_factor(agent: Agent) -> None:
    """Let an agent who lost phone and codes in by password alone."""
    second_factor.switch_off(agent, by_administrator=True)


def _turn_out(agent: Agent) -> None:
    """End everything somebody who left could still act with; their tickets are anybody's."""
    AgentSession.delete().where(AgentSession.agent_id == agent.id).execute()
    execute("DELETE FROM agent_pass WHERE agent_id = ?", agent.id)
    execute("DELETE FROM agent_browser WHERE agent_id = ?", agent.id)
    execute(
        "UPDATE api_token SET revoked_at = ? WHERE agent_id = ? AND revoked_at IS NULL",
        stamp(), agent.id,
    )  # fmt: skip
    execute(
        "UPDATE ticket SET assignee_id = NULL WHERE assignee_id = ? AND completed_at IS NULL",
        agent.id,
    )


def _administrators() -> int:
    return int(
        Agent.select()
        .where(Agent.role == ADMINISTRATOR, Agent.disabled_at.is_null(), Agent.password_hash != "")
        .count()
    )
