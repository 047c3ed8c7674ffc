"""What the agents' API answers about sites, people and the log, listed for its description."""

from marshmallow import Schema, fields, validate

from ..agents import teams
from .schemas import AgentRef, AgentView, Moment, texts
from .sites import KeyView


class AgentCategory(Schema):
    id = fields.String()
    name = texts()
    hint = texts()
    icon = fields.String()
    notice = fields.Dict(allow_none=True)
    fields_ = fields.List(fields.Dict(), data_key="fields")


class ContactView(Schema):
    contact = fields.Dict()
    calendars = fields.List(fields.Dict())
    channels = fields.List(fields.Dict())


class AgentSite(ContactView):
    """``signing_key`` is there once: in the answer that made the site."""

    key = fields.String()
    name = fields.String()
    origins = fields.List(fields.String())
    categories = fields.List(fields.Nested(AgentCategory))
    languages = fields.List(fields.String())
    default_language = fields.String()
    labels = texts()
    greeting = texts()
    look = fields.Dict()
    mail = fields.Dict()
    offers = fields.Dict()
    archived_at = fields.String(allow_none=True, metadata=Moment)
    signing_key = fields.Nested(KeyView)


class Sites(Schema):
    sites = fields.List(fields.Nested(AgentSite))


class Logo(Schema):
    logo = fields.String(metadata={"format": "uri"})


class Counts(Schema):
    """What is open in each view, up to 1000."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer())


class TokenView(Schema):
    name = fields.String()
    scopes = fields.List(fields.String())
    sites = fields.List(fields.String(), allow_none=True)


class Me(Schema):
    agent = fields.Nested(AgentView)
    token = fields.Nested(TokenView)


class Agents(Schema):
    agents = fields.List(fields.Nested(AgentView))


class DutyView(Schema):
    site = fields.String()
    category = fields.String()


class TeamView(Schema):
    id = fields.Integer()
    name = fields.String()
    mode = fields.String(validate=validate.OneOf(teams.MODES))
    members = fields.List(fields.Integer())
    duties = fields.List(fields.Nested(DutyView))


class Teams(Schema):
    teams = fields.List(fields.Nested(TeamView))


class Kept(Schema):
    """Everything kept of a person; the team's notes are not theirs."""

    exported_at = fields.String(metadata=Moment)
    person = fields.Dict()
    sessions = fields.List(fields.Dict())
    tickets = fields.List(fields.Dict())
    questions = fields.List(fields.Dict())
    votes = fields.List(fields.Dict())


class Act(Schema):
    """What an agent did; ``data`` says what changed, never what anybody wrote."""

    id = fields.String()
    at = fields.String(metadata=Moment)
    agent = fields.Nested(AgentRef)
    via = fields.String()
    act = fields.String()
    site = fields.String(allow_none=True)
    number = fields.Integer(allow_none=True)
    data = fields.Dict()
    address = fields.String()


class Acts(Schema):
    acts = fields.List(fields.Nested(Act))
    next = fields.String(allow_none=True)


class TakenIn(Schema):
    """The ticket a mail went into."""

    site = fields.String()
    number = fields.Integer()
