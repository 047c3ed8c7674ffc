"""The agents' API over HTTP: one module per part, all on one blueprint."""

from . import people, rules, settings, tickets, webhooks
from .frame import bp

__all__ = ["bp", "people", "rules", "settings", "tickets", "webhooks"]
