"""The console over HTTP: one module per page, all on one blueprint."""

from . import (
    account,
    acts,
    articles,
    articles_in,
    bulk,
    categories,
    contact,
    drafts,
    errors,
    files,
    inbox,
    mail,
    messages,
    persons,
    replies,
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
    "bulk",
    "categories",
    "contact",
    "drafts",
    "errors",
    "files",
    "inbox",
    "mail",
    "messages",
    "persons",
    "replies",
    "sign_in",
    "ticket",
]
