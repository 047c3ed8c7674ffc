"""What comes in is strict, what goes out is listed."""

from marshmallow import Schema, fields, validate

from ..attachments.schemas import AttachmentView
from ..proof.schemas import Proof
from ..sites.look import BODY, FILES, TITLE
from ..wire import Email, Input, Line, Prose
from .states import STATES

#: Letters of the sentence that may go with a rating.
COMMENT = 1_000

FILE_IDS = validate.Length(max=FILES, error=f"At most {FILES} files per message.")


class Context(Input):
    """What the page tells the agent, sent only with the requester's consent."""

    url = Line(most=2_000, least=0)
    title = Line(most=500, least=0)
    browser = Line(most=500, least=0)
    viewport = Line(most=40, least=0)
    language = Line(most=40, least=0)
    host = fields.Dict(
        keys=Line(most=60), values=Line(most=500, least=0), validate=validate.Length(max=40)
    )


class OpenTicket(Input):
    category = Line(most=60, load_default=None, allow_none=True)
    title = Line(most=TITLE, required=True)
    body = Prose(most=BODY, required=True)
    email = Email(load_default=None, allow_none=True)
    notify = fields.Boolean(load_default=True, truthy={True}, falsy={False})
    attachments = fields.List(Line(most=40), load_default=list, validate=FILE_IDS)
    fields_ = fields.Dict(
        keys=Line(most=60), values=fields.Raw(allow_none=True), load_default=dict,
        data_key="fields", validate=validate.Length(max=30),
    )  # fmt: skip
    context = fields.Nested(Context, load_default=None, allow_none=True)
    locale = Line(most=35, load_default=None, allow_none=True)
    proof = fields.Nested(Proof, load_default=None, allow_none=True)
    website = Line(most=500, least=0, load_default="")


class PostMessage(Input):
    body = Prose(most=BODY, least=0, load_default="")
    attachments = fields.List(Line(most=40), load_default=list, validate=FILE_IDS)


class Notification(Input):
    notify = fields.Boolean(required=True, truthy={True}, falsy={False})


class NewRating(Input):
    good = fields.Boolean(required=True, truthy={True}, falsy={False})
    comment = Prose(most=COMMENT, least=0, load_default="")


class ListQuery(Input):
    state = fields.String(validate=validate.OneOf(STATES))
    q = Line(most=100, least=0)
    before = Line(most=200)


class UpdatesQuery(Input):
    since = fields.Integer(load_default=-1, validate=validate.Range(-1, 2**62))


class CategoryView(Schema):
    id = fields.String()
    name = fields.String()
    icon = fields.String()


class PersonView(Schema):
    kind = fields.String()
    name = fields.String()
    you = fields.Boolean()


class EntryView(Schema):
    """One thing in the thread: a message or an event."""

    type = fields.String(validate=validate.OneOf(["message", "event"]))
    id = fields.String()
    at = fields.String(metadata={"format": "date-time"})
    author = fields.Nested(PersonView)
    body = fields.String()
    content = fields.Raw(allow_none=True)
    quoted = fields.String(allow_none=True)
    attachments = fields.List(fields.Nested(AttachmentView))
    kind = fields.String()
    actor = fields.Nested(PersonView)
    data = fields.Dict()


class TicketRow(Schema):
    id = fields.String()
    number = fields.Integer()
    title = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    progress = fields.Integer()
    category = fields.Nested(CategoryView, allow_none=True)
    opened_at = fields.String(metadata={"format": "date-time"})
    updated_at = fields.String(metadata={"format": "date-time"})
    unread = fields.Boolean()


class RatingView(Schema):
    good = fields.Boolean()
    comment = fields.String()
    at = fields.String(metadata={"format": "date-time"})


class TicketDetail(TicketRow):
    notify = fields.Boolean()
    email = fields.String(allow_none=True)
    held = fields.Boolean()
    can_close = fields.Boolean()
    checklist = fields.List(fields.Dict())
    answer_by = fields.String(allow_none=True, metadata={"format": "date-time"})
    rating = fields.Nested(RatingView, allow_none=True)
    fields_ = fields.List(fields.Dict(), data_key="fields")
    thread = fields.List(fields.Nested(EntryView))
    files = fields.List(fields.Nested(AttachmentView))
    orders = fields.List(fields.Nested("OrderView"))


class Home(Schema):
    tickets = fields.List(fields.Nested(TicketRow))
    next = fields.String(allow_none=True)
    unread = fields.Integer()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    updates = fields.String()


class News(Schema):
    cursor = fields.String()
    unread = fields.Integer()
    tickets = fields.List(fields.Nested(TicketRow))


class Posted(Schema):
    entry = fields.Nested(EntryView)
    ticket = fields.Nested(TicketDetail)
