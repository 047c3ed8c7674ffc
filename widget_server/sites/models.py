"""A site, the keys its host signs with, and the kinds of request it takes."""

from peewee import AutoField, CompositeKey, IntegerField, TextField

from ..database import JSONField, Model


class Site(Model):
    """One website that shows the help button."""

    id = AutoField()
    key = TextField(unique=True)
    name = TextField()
    origins = JSONField()
    settings = JSONField()
    created_at = TextField()
    changed_at = TextField()
    archived_at = TextField(null=True)

    def allows(self, origin: str | None) -> bool:
        """Is ``origin`` one of the site's? Compared as exact strings; "*" allows every page."""
        return origin in self.origins or "*" in self.origins


class SiteKey(Model):
    """A secret shared with the host's server, which signs who its user is."""

    site_id = IntegerField()
    kid = TextField()
    secret = TextField()
    created_at = TextField()
    retired_at = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("site_id", "kid")


class Category(Model):
    """A kind of request, with the notice shown and the fields asked when it is picked."""

    site_id = IntegerField()
    id = TextField()
    position = IntegerField()
    icon = TextField()
    name = JSONField()
    hint = JSONField()
    notice = JSONField(null=True)
    fields = JSONField()
    retired_at = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("site_id", "id")

    def label(self, language: str) -> str:
        return str(self.name.get(language) or next(iter(self.name.values()), self.id))
