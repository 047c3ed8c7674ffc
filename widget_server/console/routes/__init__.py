"""The console over HTTP: one module per page, all on one blueprint."""

from . import (
    account,
    acts,
    articles,
    articles_in,
    categories,
    contact,
    errors,
    files,
    inbox,
    mail,
    messages,
    offers,
    orders,
    persons,
    sign_in,
    ticket,
)
from .frame import bp

__all__ = [
    "account",
    "acts",
    "articles",
    "articles_in",
    "bp",
    "categories",
    "contact",
    "errors",
    "files",
    "inbox",
    "mail",
    "messages",
    "offers",
    "orders",
    "persons",
    "sign_in",
    "ticket",
]
