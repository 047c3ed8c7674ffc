"""An order, the versions of its quote, what was decided, moved and paid."""

from peewee import CompositeKey, IntegerField, TextField

from ..database import JSONField, Model

QUOTE, WORK = "quote", "work"
ACCEPTED, DECLINED = "accepted", "declined"
PAYMENT, REFUND = "payment", "refund"
ASKED, DONE, REFUSED = "asked", "done", "refused"


class Order(Model):
    """What a requester may buy in a ticket. It begins as a quote, or as a work order."""

    site_id = IntegerField()
    id = TextField()
    ticket_id = TextField()
    kind = TextField()
    state = TextField()
    quote_id = TextField()
    quote_number = TextField(null=True)
    number = TextField(null=True)
    title = TextField()
    currency = TextField()
    total = IntegerField()
    lead_days = IntegerField()
    accepted_at = TextField(null=True)
    paid_at = TextField(null=True)
    delivery_on = TextField(null=True)
    created_at = TextField()
    updated_at = TextField()

    class Meta:
        # ORDER is a word of SQL's own.
        table_name = "purchase"
        primary_key = CompositeKey("site_id", "id")


class Quote(Model):
    """One version of what is offered: it never changes, a change is another version."""

    site_id = IntegerField()
    id = TextField()
    order_id = TextField()
    version = IntegerField()
    title = TextField()
    lines = JSONField()
    note = TextField()
    currency = TextField()
    net = IntegerField()
    vat = IntegerField()
    total = IntegerField()
    rates = JSONField()
    lead_days = IntegerField()
    valid_until = TextField(null=True)
    expires_at = TextField(null=True)
    digest = TextField()
    agent_id = TextField()
    agent_name = TextField()
    sent_at = TextField()

    class Meta:
        primary_key = CompositeKey("site_id", "id")


class Decision(Model):
    """A requester's yes or no to one version: who, when, and from where."""

    site_id = IntegerField()
    quote_id = TextField()
    order_id = TextField()
    answer = TextField()
    digest = TextField()
    reason = TextField()
    requester_id = TextField()
    name = TextField()
    email = TextField(null=True)
    origin = TextField(null=True)
    address = TextField(null=True)
    at = TextField()

    class Meta:
        primary_key = CompositeKey("site_id", "quote_id")


class Move(Model):
    """A change of an order's state, as the audit keeps it."""

    site_id = IntegerField()
    order_id = TextField()
    step = IntegerField()
    was = TextField(null=True)
    became = TextField()
    actor = TextField()
    actor_id = TextField()
    actor_name = TextField()
    reason = TextField()
    at = TextField()

    class Meta:
        table_name = "order_move"
        primary_key = CompositeKey("site_id", "order_id", "step")


class Receipt(Model):
    """Money that came or went back. ``surplus``: it was not owed and has to be returned.

    ``payment``: the reference of the payment a refund returned, where somebody said so.
    """

    site_id = IntegerField()
    id = TextField()
    order_id = TextField()
    kind = TextField()
    provider = TextField()
    reference = TextField()
    amount = IntegerField()
    currency = TextField()
    surplus = IntegerField()
    actor_name = TextField()
    at = TextField()
    payment = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("site_id", "id")


class Return(Model):
    """A part of a payment an agent asked its provider to send back; ``fault``: what it said."""

    site_id = IntegerField()
    id = TextField()
    order_id = TextField()
    receipt_id = TextField()
    amount = IntegerField()
    currency = TextField()
    state = TextField()
    fault = TextField(null=True)
    agent_name = TextField()
    at = TextField()

    class Meta:
        table_name = "money_return"
        primary_key = CompositeKey("site_id", "id")


class SavedItem(Model):
    """A line agents put into quotes again and again."""

    site_id = IntegerField()
    id = TextField()
    text = TextField()
    quantity = IntegerField()
    price = IntegerField()
    currency = TextField()
    rate = IntegerField()

    class Meta:
        table_name = "saved_item"
        primary_key = CompositeKey("site_id", "id")
