"""What the console's forms may send; what a browser adds by itself is let pass."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_load, validate

from ..desk.replies import NAME
from ..sites.look import BODY
from ..wire import Email, Line, Prose

STEPS = 30
STEP = 120


class Form(Schema):
    class Meta:
        unknown = EXCLUDE


class MessageForm(Form):
    key = Line(most=128, least=8, required=True)
    kind = fields.String(load_default="reply", validate=validate.OneOf(["reply", "note"]))
    body = Prose(most=BODY, least=0, load_default="")


class DraftForm(Form):
    """``key``: the message it is the draft of, see :class:`MessageForm`."""

    key = Line(most=128, least=0, load_default="")
    kind = fields.String(load_default="reply", validate=validate.OneOf(["reply", "note"]))
    body = Prose(most=BODY, least=0, load_default="")


class SavedReplyForm(Form):
    """``site``: a site's key, or empty for all."""

    name = Line(most=NAME, required=True)
    body = Prose(most=BODY, required=True)
    site = Line(most=60, least=0, load_default="")


class SavedViewForm(Form):
    name = Line(most=40, required=True)
    q = Line(most=100, required=True)


class SnoozeForm(Form):
    """``until``: one of the presets, a local date and time, or empty to wake it."""

    until = Line(most=20, least=0, load_default="")


class AddressForm(Form):
    email = Email(required=True)


class MergeForm(Form):
    number = fields.Integer(required=True, validate=validate.Range(1, 1 << 53))


class StateForm(Form):
    """``since``: where it stood when that was chosen; what others did meanwhile is left alone."""

    state = fields.String(required=True)
    since = fields.String(load_default=None)


class ProgressForm(Form):
    progress = fields.Integer(required=True)


class CategoryForm(Form):
    category = Line(most=60, required=True)


class AssigneeForm(Form):
    """``assignee``: an agent's id, "me", or empty for nobody."""

    assignee = Line(most=20, least=0, load_default="")


class SiteMailForm(Form):
    """What a site does with mail; unticked boxes are not sent."""

    address = Email(load_default=None, allow_none=True)
    opens = fields.Boolean(load_default=False)
    category = Line(most=60, load_default=None, allow_none=True)
    confirm = fields.Boolean(load_default=False)

    @pre_load
    def _left_empty(self, data: Mapping[str, str], **_: Any) -> dict[str, str | None]:
        return {name: value or None for name, value in data.items()}


class Step(Line):
    """One step of a checklist: short enough to read at a glance."""

    def __init__(self) -> None:
        super().__init__(most=STEP, least=0)
