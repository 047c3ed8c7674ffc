"""The console over HTTP: one module per page, all on one blueprint."""

from . import (
    account,
    acts,
    api,
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
