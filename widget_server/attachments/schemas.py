"""What readers learn about a file."""

from marshmallow import Schema, fields


class AttachmentView(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True)
    type = fields.String(required=True)
    kind = fields.String(required=True)
    url = fields.String(required=True)
    preview_url = fields.String(required=True, allow_none=True)
