"""An agent, and the browsers they are signed in with."""

from peewee import AutoField, CompositeKey, IntegerField, TextField

from ..database import JSONField, Model

AGENT, ADMINISTRATOR = "agent", "administrator"

#: What an agent is mailed about: theirs and what nobody has taken, theirs alone, or nothing.
ALL, MINE, NOTHING = "all", "mine", "nothing"
MAILED = (ALL, MINE, NOTHING)
ROLES = (AGENT, ADMINISTRATOR)


class Agent(Model):
    """Someone of the support team. ``role`` is "agent" or "administrator"."""

    id = AutoField()
    email = TextField(unique=True)
    name = TextField()
    password_hash = TextField()
    role = TextField()
    locale = TextField()
    created_at = TextField()
    disabled_at = TextField(null=True)
    mailed = TextField(default=ALL)
    totp = TextField(null=True)
    totp_at = TextField(null=True)
    totp_step = IntegerField(default=0)

    @property
    def invited(self) -> bool:
        """Has this agent not chosen a password yet?"""
        return not self.password_hash


class AgentSession(Model):
    """One browser an agent is signed in with; ``id`` is the hash of the cookie's secret."""

    id = TextField(primary_key=True)
    agent_id = IntegerField()
    created_at = TextField()
    seen_at = TextField()
    expires_at = TextField()
    address = TextField()
    browser = TextField()
    confirmed_at = TextField(null=True)


class Pass(Model):
    """What lets an agent in to one thing, once: a mailed link, or the way to the second factor."""

    id = TextField(primary_key=True)
    agent_id = IntegerField()
    purpose = TextField()
    created_at = TextField()
    expires_at = TextField()
    used_at = TextField(null=True)

    class Meta:
        table_name = "agent_pass"


class ApiToken(Model):
    """What a program acts with in an agent's name. ``only_site``: the one site it sees, or all."""

    id = TextField(primary_key=True)
    agent_id = IntegerField()
    hash = TextField(unique=True)
    hint = TextField()
    name = TextField()
    scopes = JSONField()
    only_site = IntegerField(null=True)
    created_at = TextField()
    expires_at = TextField(null=True)
    used_at = TextField(null=True)
    revoked_at = TextField(null=True)


class Team(Model):
    """Agents who share work. ``mode`` says who of them gets the next ticket."""

    id = AutoField()
    name = TextField()
    mode = TextField()
    turns = IntegerField(default=0)
    created_at = TextField()


class Duty(Model):
    """What a team takes: a category of a site, or, with ``""``, all of it that no other does."""

    site_id = IntegerField()
    category = TextField()
    team_id = IntegerField()

    class Meta:
        table_name = "team_duty"
        primary_key = CompositeKey("site_id", "category")
