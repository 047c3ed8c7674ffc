"""An agent, and the browsers they are signed in with."""

from peewee import AutoField, IntegerField, TextField

from ..database import Model

AGENT, ADMINISTRATOR = "agent", "administrator"

#: What an agent is mailed about: theirs and what nobody has taken, theirs alone, or nothing.
ALL, MINE, NOTHING = "all", "mine", "nothing"
MAILED = (ALL, MINE, NOTHING)
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
    mailed = TextField(default=ALL)


class AgentSession(Model):
    """One browser an agent is signed in with; ``id`` is the hash of the cookie's secret."""

    id = TextField(primary_key=True)
    agent_id = IntegerField()
    created_at = TextField()
    seen_at = TextField()
    expires_at = TextField()
    address = TextField()
    browser = TextField()
