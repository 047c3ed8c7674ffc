"""What opening a session takes."""

from marshmallow import fields

from ..wire import Input, Line


class OpenSession(Input):
    site_key = Line(most=64, required=True)
    identity_token = fields.String(load_default=None, allow_none=True)
    locale = Line(most=35, load_default=None, allow_none=True)
