"""How a site takes money, each payment that was begun, and each piece of news about one."""

from peewee import CompositeKey, IntegerField, TextField

from ..clock import stamp
from ..database import JSONField, Model

STRIPE, LINK, TRANSFER, SHOP = "stripe", "link", "transfer", "woocommerce"

#: ``opening``: asked for, and nothing heard yet. ``confirming``: the provider says it was done.
OPENING, OPEN, CONFIRMING, PAID, CLOSED = "opening", "open", "confirming", "paid", "closed"

#: Seconds after which word of what was on its way is not waited for any more: a debit takes weeks.
LONGEST_WAY = 15 * 86_400


class Account(Model):
    """One way a site takes money. ``sealed``: its secrets, encrypted."""

    site_id = IntegerField()
    way = TextField()
    settings = JSONField()
    sealed = TextField(null=True)
    enabled_at = TextField(null=True)
    heard_at = TextField(null=True)
    changed_at = TextField()

    class Meta:
        table_name = "payment_account"
        primary_key = CompositeKey("site_id", "way")


class Checkout(Model):
    """A payment begun at a provider. ``serial``: how many were begun for the order before."""

    site_id = IntegerField()
    id = TextField()
    order_id = TextField()
    way = TextField()
    serial = IntegerField()
    state = TextField()
    amount = IntegerField()
    currency = TextField()
    request = JSONField()
    reference = TextField(null=True)
    payment = TextField(null=True)
    url = TextField(null=True)
    error = TextField(null=True)
    returned_at = TextField(null=True)
    expires_at = TextField(null=True)
    created_at = TextField()
    updated_at = TextField()

    class Meta:
        primary_key = CompositeKey("site_id", "id")

    @property
    def is_over(self) -> bool:
        """Can nobody pay here any more, and is nothing on its way?"""
        late = LONGEST_WAY if self.state == CONFIRMING else 0
        lapsed = bool(self.expires_at and self.expires_at <= stamp(seconds=-late))
        return self.state == CLOSED or lapsed


class News(Model):
    """What a provider told, once per its own id. ``payment``: what it is about."""

    site_id = IntegerField()
    way = TextField()
    id = TextField()
    kind = TextField()
    payment = TextField(null=True)
    order_id = TextField(null=True)
    data = JSONField()
    outcome = TextField()
    at = TextField()

    class Meta:
        table_name = "payment_news"
        primary_key = CompositeKey("site_id", "way", "id")
