"""Which proofs were used."""

from peewee import CompositeKey, IntegerField, TextField

from ..database import Model


class UsedProof(Model):
    """A solved challenge a request was filed with; another request needs another."""

    site_id = IntegerField()
    challenge = TextField()
    expires_at = TextField()

    class Meta:
        primary_key = CompositeKey("site_id", "challenge")
