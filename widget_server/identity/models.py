"""A requester, and the sessions of the browsers that act for them."""

from peewee import CompositeKey, IntegerField, TextField

from ..database import JSONField, Model


class Requester(Model):
    """A person asking on one site: identified by the host (``sub``), or a visitor."""

    site_id = IntegerField()
    id = TextField()
    sub = TextField(null=True)
    email = TextField(null=True)
    email_verified_at = TextField(null=True)
    name = TextField(null=True)
    locale = TextField(null=True)
    created_at = TextField()
    seen_at = TextField()
    cursor = IntegerField(default=0)
    opened = IntegerField(default=0)
    claims = JSONField(null=True)

    class Meta:
        primary_key = CompositeKey("site_id", "id")

    @property
    def kind(self) -> str:
        return "identified" if self.sub is not None else "visitor"


class Session(Model):
    """One browser that may act for a requester until it expires or is revoked."""

    site_id = IntegerField()
    id = TextField()
    requester_id = TextField()
    origin = TextField()
    created_at = TextField()
    expires_at = TextField()
    revoked_at = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("site_id", "id")


class UsedToken(Model):
    """A host token that said it may be used once (``jti``), and was."""

    site_id = IntegerField()
    jti = TextField()
    expires_at = TextField()

    class Meta:
        primary_key = CompositeKey("site_id", "jti")
