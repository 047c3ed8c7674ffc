"""Mail on its way out, mail that came in, and links that prove an address."""

from peewee import CompositeKey, IntegerField, TextField

from ..database import JSONField, Model

WAITING, HANDED, SENT, BOUNCED, FAILED, CANCELLED = (
    "waiting", "handed", "sent", "bounced", "failed", "cancelled",
)  # fmt: skip
#: Why a letter counts as failed whose worker ended between the last dot and the server's answer.
IN_DOUBT = "Handed over, but no answer was read: it may have arrived."

QUARANTINED, POSTED, OPENED, IGNORED, BOUNCE, DISCARDED = (
    "quarantined", "posted", "opened", "ignored", "bounce", "discarded",
)  # fmt: skip


class Mail(Model):
    """One letter to one person about one thing. ``once`` names the thing, so it is never twice."""

    site_id = IntegerField()
    id = TextField()
    ticket_id = TextField(null=True)
    kind = TextField()
    recipient = TextField()
    recipient_name = TextField(null=True)
    audience = TextField()
    locale = TextField()
    about = JSONField()
    once = TextField()
    state = TextField()
    attempts = IntegerField(default=0)
    error = TextField(null=True)
    created_at = TextField()
    handed_at = TextField(null=True)
    sent_at = TextField(null=True)
    failed_at = TextField(null=True)
    text = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("site_id", "id")

    @property
    def doubtful(self) -> bool:
        """May it have arrived, though nobody knows?"""
        return self.error == IN_DOUBT


class Incoming(Model):
    """A mail that came in and what became of it. ``waiting_at``: an agent must decide."""

    site_id = IntegerField()
    id = TextField()
    fingerprint = TextField()
    source = TextField()
    state = TextField()
    reason = TextField(null=True)
    ticket_id = TextField(null=True)
    message_id = TextField(null=True)
    sender = TextField()
    sender_name = TextField()
    subject = TextField()
    excerpt = TextField()
    size = IntegerField()
    waiting_at = TextField(null=True)
    raw_at = TextField(null=True)
    received_at = TextField()
    decided_at = TextField(null=True)
    decided_by = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("site_id", "id")


class MailLink(Model):
    """A link or code that was mailed: whoever uses it reads that mailbox."""

    site_id = IntegerField()
    id = TextField()
    purpose = TextField()
    token = TextField(null=True)
    email = TextField()
    code = TextField(null=True)
    tries = IntegerField(default=0)
    requester_id = TextField(null=True)
    ticket_id = TextField(null=True)
    locale = TextField(null=True)
    created_at = TextField()
    expires_at = TextField()
    used_at = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("site_id", "id")
