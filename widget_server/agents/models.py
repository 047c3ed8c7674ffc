"""An agent, and the browsers they are signed in with."""

from peewee import AutoField, IntegerField, TextField

from ..database import Model

AGENT, ADMINISTRATOR = "agent", "administrator"
ROLES = (AGENT, ADMINISTRATOR)


class Agent(Model):
    """Someone of the support team. ``role`` is "agent" or "administrator"."""

    id = AutoField()
    id = AutoField()
    email = TextField(unique=True)
    name = TextField()
    password_hash = TextField()
    role = TextField()
    locale = TextField()
    created_at = TextField()
    disabled_at = TextField(null=True)


class AgentSession(Model):
    """One browser an agent is signed in with; ``id`` is the hash of the cookie's secret."""

    id = TextField(primary_key=True)
    agent_id = IntegerField()
    created_at = TextField()
    seen_at = TextField()
    expires_at = TextField()
    address = TextField()
    browser = TextField()
