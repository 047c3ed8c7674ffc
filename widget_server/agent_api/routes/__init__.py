"""The agents' API over HTTP: one module per part, all on one blueprint."""

from . import people, settings, tickets, webhooks
from .frame import bp

__all__ = ["bp", "people", "settings", "tickets", "webhooks"]
