"""The console over HTTP: one module per page, all on one blueprint."""

from . import (
    account,
    acts,
    api,
    articles,
    articles_in,
    audit,
    categories,
    contact,
    errors,
    files,
    inbox,
    mail,
    messages,
    persons,
    sign_in,
    team,
    ticket,
)
from .frame import bp

__all__ = [
    "account",
    "acts",
    "api",
    "articles",
    "articles_in",
    "audit",
    "bp",
    "categories",
    "contact",
    "errors",
    "files",
    "inbox",
    "mail",
    "messages",
    "persons",
    "sign_in",
    "team",
    "ticket",
]
