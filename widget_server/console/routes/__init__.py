"""The console over HTTP: one module per page, all on one blueprint."""

from . import (
    account,
    acts,
    articles,
    articles_in,
    assistant,
    categories,
    contact,
    errors,
    files,
    inbox,
    mail,
    messages,
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
    "assistant",
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
    "ticket",
]
