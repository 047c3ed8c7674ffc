"""People of the server's tests, as the service sees them."""

import pytest

from widget_server.agents import service as agents
from widget_server.tickets.service import Actor


@pytest.fixture
def shop(site):
    """A site and its signing key."""
    return site, site.signing


@pytest.fixture
def ines(app):
    """An agent, as tickets see one."""
    agent = agents.add_agent(email="ines@team.example", name="Inés", password="correct horse")
    return Actor("agent", str(agent.id), agent.name)
