"""The agents' API over HTTP: one module per part, all on one blueprint."""

from . import (
    articles,
    desk,
    figures,
    mail,
    money,
    orders,
    people,
    rules,
    settings,
    sites,
    tickets,
    webhooks,
)
from .frame import bp

__all__ = [
    "articles",
    "bp",
    "desk",
    "figures",
    "mail",
    "money",
    "orders",
    "people",
    "rules",
    "settings",
    "sites",
    "tickets",
    "webhooks",
]
