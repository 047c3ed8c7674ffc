"""A site as programs set it up: its look, keys, retention, the ways it is paid, its assistant."""

from typing import Any

from marshmallow import Schema, fields, validate

from ..assistant import endpoints
from ..payments import accounts
from ..retention import policy
from ..sites import look
from ..sites.look import LANGUAGES, complete
from ..sites.models import Site, SiteKey
from ..wire import Input, Line
from . import orders
from .orders import DEAREST
from .schemas import Moment

Origins = validate.Length(1, look.ORIGINS)

PARTS = ("languages", "default_language", "labels", "greeting", "look", "mail")


def said(most: int) -> fields.Dict:
    """A text in some of the window's languages."""
    return fields.Dict(
        keys=fields.String(validate=validate.OneOf(LANGUAGES)), values=Line(most=most, least=0)
    )


class LookInput(Input):
    accent = Line(most=7)
    radius = fields.Integer(strict=True, validate=validate.Range(0, look.ROUNDEST))
    position = fields.String(validate=validate.OneOf(look.POSITIONS))
    offset = fields.List(
        fields.Integer(strict=True, validate=validate.Range(0, look.FARTHEST)),
        validate=validate.Length(equal=2),
    )
    theme = fields.String(validate=validate.OneOf(look.THEMES))
    logo = Line(most=2_000, allow_none=True)


class SiteLook(Input):
    """Name, origins and look; what is left out stays."""

    name = Line(most=look.NAME)
    origins = fields.List(Line(most=300), validate=Origins)
    default_language = fields.String(validate=validate.OneOf(LANGUAGES))
    languages = fields.List(
        fields.String(validate=validate.OneOf(LANGUAGES)), validate=validate.Length(1)
    )
    labels = said(look.LABEL)
    greeting = said(look.GREETING)
    look = fields.Nested(LookInput)


class NewSite(Input):
    name = Line(most=look.NAME, required=True)
    origins = fields.List(Line(most=300), required=True, validate=Origins)


class KeyView(Schema):
    """``secret`` is there once: in the answer that made it."""

    kid = fields.String()
    created_at = fields.String(metadata=Moment)
    retired_at = fields.String(allow_none=True, metadata=Moment)
    secret = fields.String()


class Keys(Schema):
    keys = fields.List(fields.Nested(KeyView))


class RetentionInput(Input):
    """Days after closing, null for good; what is left out stays."""

    tickets_days = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(1, policy.LONGEST_DAYS)
    )
    files_days = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(1, policy.LONGEST_DAYS)
    )
    orders_years = fields.Integer(strict=True, validate=validate.Range(1, policy.LONGEST_YEARS))


class RetentionView(Schema):
    """``would``: what would go now; nothing goes before ``begins_at``."""

    tickets_days = fields.Integer(allow_none=True)
    files_days = fields.Integer(allow_none=True)
    orders_years = fields.Integer()
    begins_at = fields.String(allow_none=True, metadata=Moment)
    would = fields.Dict()


class WayInput(Input):
    """What is left out stays, an empty text takes a setting back; secrets are never answered."""

    on = fields.Boolean(required=True, truthy={True}, falsy={False})
    settings = fields.Dict(keys=Line(most=20), values=Line(most=500, least=0), load_default=dict)
    secrets = fields.Dict(keys=Line(most=20), values=Line(most=500, least=0), load_default=dict)


class WayView(Schema):
    """``kept``: which secrets are there."""

    way = fields.String(validate=validate.OneOf(accounts.WAYS))
    on = fields.Boolean()
    settings = fields.Dict()
    kept = fields.List(fields.String())
    from_environment = fields.Boolean()
    heard_at = fields.String(allow_none=True, metadata=Moment)


class Payments(Schema):
    """``owed``: payments that have to go back."""

    ways = fields.List(fields.Nested(WayView))
    owed = fields.List(fields.Dict())


class ReturnInput(Input):
    """``amount``: in minor units; all that is left if it is left out."""

    amount = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(1, DEAREST)
    )


class Checked(Schema):
    """``wrong``: null where it works, else what the other side said."""

    wrong = fields.String(allow_none=True)


class AssistantQuery(Input):
    days = fields.Integer(load_default=30, validate=validate.Range(1, 365))


class WriterInput(Input):
    """What is left out stays; the key is never answered."""

    on = fields.Boolean(truthy={True}, falsy={False})
    url = Line(most=500, least=0)
    model = Line(most=500, least=0)
    key = Line(most=500, least=0, load_default="")
    daily = fields.Integer(strict=True, validate=validate.Range(1, endpoints.MOST_DAILY))


class QuestionInput(Input):
    dismissed = fields.Boolean(required=True, truthy={True}, falsy={False})


class WriterView(Schema):
    """``kept``: a key is there."""

    on = fields.Boolean()
    url = fields.String()
    model = fields.String()
    daily = fields.Integer()
    kept = fields.Boolean()
    from_environment = fields.Boolean()


class AssistantView(Schema):
    writer = fields.Nested(WriterView)
    figures = fields.Dict()
    questions = fields.List(fields.Dict())


def settings(site: Site) -> dict[str, Any]:
    """Return what administrators chose for a site, but for what only they may read."""
    full = complete(site.settings)
    told = {name: full[name] for name in PARTS}
    return told | {"offers": orders.usual(full), "archived_at": site.archived_at}


def key(key: SiteKey) -> dict[str, Any]:
    return {"kid": key.kid, "created_at": key.created_at, "retired_at": key.retired_at}


def owed(row: tuple[Any, ...]) -> dict[str, Any]:
    """Return a payment that has to go back; the row begins with its site."""
    names = ("id", "order_id", "provider", "reference", "amount", "currency", "at", "ticket",
             "order")  # fmt: skip
    return dict(zip(names, row[1:], strict=True))
