"""What comes in is strict, what goes out is listed."""

from typing import Any

from marshmallow import Schema, fields, validate

from ..agents import teams
from ..agents.models import AGENT, ROLES
from ..attachments.schemas import AttachmentView
from ..sites.look import BODY, FILES, LANGUAGES, TITLE
from ..tickets import labels
from ..tickets.states import STATES
from ..wire import Email, Input, Line, Prose

VIEWS = ("open", "mine", "unassigned", "waiting", "due", "in_progress", "snoozed", "completed")

FILE_IDS = validate.Length(max=FILES, error=f"At most {FILES} files per message.")

Moment = {"format": "date-time"}


def texts(**kwargs: Any) -> fields.Dict:
    """A text in several languages, by their two letters."""
    return fields.Dict(keys=Line(most=2, least=2), values=Line(most=2_000, least=0), **kwargs)


class TicketsQuery(Input):
    view = fields.String(load_default="open", validate=validate.OneOf(VIEWS))
    site = Line(most=40)
    q = Line(most=100)
    after = Line(most=200)
    limit = fields.Integer(load_default=40, validate=validate.Range(1, 100))


class CountsQuery(Input):
    site = Line(most=40)


class NewTicket(Input):
    site = Line(most=40, required=True)
    title = Line(most=TITLE, required=True)
    body = Prose(most=BODY, required=True)
    email = Email(required=True)
    name = Line(most=120, load_default=None, allow_none=True)
    category = Line(most=60, load_default=None, allow_none=True)
    locale = Line(most=35, load_default="")
    notify = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class NewMessage(Input):
    body = Prose(most=BODY, least=0, load_default="")
    kind = fields.String(load_default="reply", validate=validate.OneOf(["reply", "note"]))
    attachments = fields.List(Line(most=40), load_default=list, validate=FILE_IDS)


class NewState(Input):
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class NewProgress(Input):
    progress = fields.Integer(required=True, strict=True, validate=validate.Range(0, 100))


class Step(Input):
    id = Line(most=20)
    label = Line(most=120, required=True)
    done = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class NewChecklist(Input):
    steps = fields.List(fields.Nested(Step), required=True, validate=validate.Length(max=30))


class NewCategory(Input):
    category = Line(most=60, required=True)


class NewPriority(Input):
    priority = fields.String(required=True, validate=validate.OneOf(labels.PRIORITIES))


class NewTags(Input):
    tags = fields.List(Line(most=60), required=True, validate=validate.Length(max=labels.MOST))


class NewAssignee(Input):
    agent = fields.Integer(
        required=True, allow_none=True, strict=True, validate=validate.Range(1, 2**62)
    )


class Promise(Input):
    email = Email(allow_none=True)
    answer_hours = fields.Float(
        allow_none=True, validate=validate.Range(0, 1_000, min_inclusive=False)
    )
    answer_calendar = Line(most=40, allow_none=True)


class CalendarInput(Input):
    id = Line(most=40, required=True)
    name = Line(most=60, required=True)
    zone = Line(most=60, required=True)
    week = fields.List(fields.List(Line(most=20)), required=True, validate=validate.Length(equal=7))
    country = Line(most=2, allow_none=True)
    region = Line(most=10, allow_none=True)
    exceptions = fields.Dict(
        keys=Line(most=10), values=fields.List(Line(most=20)), load_default=dict
    )


class ChannelInput(Input):
    kind = Line(most=20, required=True)
    value = Line(most=254, required=True)
    label = texts(load_default=dict)
    calendar = Line(most=40, allow_none=True, load_default=None)


class Contact(Input):
    """Calendars, channels and the promised answer; what is left out stays."""

    contact = fields.Nested(Promise)
    calendars = fields.List(fields.Nested(CalendarInput))
    channels = fields.List(fields.Nested(ChannelInput))


class Notice(Input):
    text = texts(required=True)
    tone = Line(most=20, required=True)
    from_ = fields.Date(data_key="from", allow_none=True, format="iso")
    until = fields.Date(allow_none=True, format="iso")


class Option(Input):
    value = Line(most=60, required=True)
    label = texts(required=True)


class FieldInput(Input):
    key = Line(most=40, required=True)
    type = Line(most=20, required=True)
    label = texts(required=True)
    help = texts()
    required = fields.Boolean(truthy={True}, falsy={False})
    pattern = Line(most=200, allow_none=True)
    options = fields.List(fields.Nested(Option), validate=validate.Length(max=60))


class CategoryInput(Input):
    name = texts(required=True, validate=validate.Length(min=1))
    hint = texts(load_default=dict)
    icon = Line(most=30, load_default="chat")
    notice = fields.Nested(Notice, load_default=None, allow_none=True)
    fields_ = fields.List(fields.Nested(FieldInput), load_default=list, data_key="fields")


class SiteKeys(fields.List):
    """The keys of the only sites an agent sees; empty: all of them."""

    def __init__(self, **options: Any) -> None:
        about = {"description": "Keys of the only sites they see; empty: all of them."}
        most = validate.Length(max=1_000)
        super().__init__(Line(most=40), validate=most, metadata=about, **options)


class Invitation(Input):
    email = Email(required=True)
    name = Line(most=80, required=True)
    role = fields.String(load_default=AGENT, validate=validate.OneOf(ROLES))
    locale = fields.String(load_default="es", validate=validate.OneOf(LANGUAGES))
    sites = SiteKeys(load_default=list)


class AgentChange(Input):
    name = Line(most=80)
    role = fields.String(validate=validate.OneOf(ROLES))
    active = fields.Boolean(truthy={True}, falsy={False})
    sites = SiteKeys()


class DutyInput(Input):
    site = Line(most=40, required=True)
    category = Line(most=60, least=0, load_default="")


class TeamInput(Input):
    name = Line(most=60, required=True)
    mode = fields.String(required=True, validate=validate.OneOf(teams.MODES))
    members = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 2**62)), load_default=list
    )
    duties = fields.List(fields.Nested(DutyInput), load_default=list)


class AuditQuery(Input):
    agent = fields.Integer(validate=validate.Range(1, 2**62))
    site = Line(most=40)
    act = Line(most=60)
    before = Line(most=40)


class SiteRef(Schema):
    key = fields.String()
    name = fields.String()


class AgentRef(Schema):
    id = fields.Integer()
    name = fields.String()


class AgentView(AgentRef):
    email = fields.String()
    role = fields.String(validate=validate.OneOf(ROLES))
    locale = fields.String()
    active = fields.Boolean()
    invited = fields.Boolean()
    second_factor = fields.Boolean()
    sites = fields.List(
        fields.String(),
        allow_none=True,
        metadata={"description": "Keys of the only sites they see; null: all of them."},
    )
    invitation_link = fields.String(allow_none=True)


class Row(Schema):
    """One line of the inbox."""

    id = fields.String()
    number = fields.Integer()
    site = fields.Nested(SiteRef)
    title = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    progress = fields.Integer()
    updated_at = fields.String(metadata=Moment)
    due_at = fields.String(allow_none=True, metadata=Moment)
    priority = fields.String(validate=validate.OneOf(labels.PRIORITIES))
    tags = fields.List(fields.String())
    unread = fields.Boolean()
    assignee = fields.Nested(AgentRef, allow_none=True)
    category = texts(allow_none=True)
    requester = fields.Dict()


class Page(Schema):
    tickets = fields.List(fields.Nested(Row))
    next = fields.String(allow_none=True)


class Entry(Schema):
    """A message, a note or an event of the thread."""

    type = fields.String(validate=validate.OneOf(["reply", "note", "event"]))
    id = fields.String()
    at = fields.String(metadata=Moment)
    author = fields.Dict()
    body = fields.String()
    quoted = fields.String(allow_none=True)
    attachments = fields.List(fields.Nested(AttachmentView))
    kind = fields.String()
    data = fields.Dict()


class Detail(Schema):
    id = fields.String()
    number = fields.Integer()
    site = fields.Nested(SiteRef)
    title = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    progress = fields.Integer()
    checklist = fields.List(fields.Dict())
    category = fields.String(allow_none=True)
    assignee = fields.Nested(AgentRef, allow_none=True)
    requester = fields.Dict()
    fields_ = fields.Dict(data_key="fields")
    context = fields.Dict(allow_none=True)
    locale = fields.String()
    opened_at = fields.String(metadata=Moment)
    updated_at = fields.String(metadata=Moment)
    answered_at = fields.String(allow_none=True, metadata=Moment)
    completed_at = fields.String(allow_none=True, metadata=Moment)
    due_at = fields.String(allow_none=True, metadata=Moment)
    priority = fields.String(validate=validate.OneOf(labels.PRIORITIES))
    tags = fields.List(fields.String())
    thread = fields.List(fields.Nested(Entry))
