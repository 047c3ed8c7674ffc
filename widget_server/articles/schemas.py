"""What an article is on the wire."""

from marshmallow import Schema, fields

from ..wire import Input


class ArticleView(Schema):
    id = fields.String()
    title = fields.String()
    slug = fields.String()
    locale = fields.String()
    html_tree = fields.Raw(metadata={"description": "`text | [tag, attributes | null, …]`"})
    body = fields.String(metadata={"description": "Markdown"})
    tags = fields.List(fields.String())
    updated_at = fields.String()
    url = fields.String(metadata={"description": "Its public page"})


class Usefulness(Input):
    helpful = fields.Boolean(required=True)
