"""The agents' API over HTTP: one module per part, all on one blueprint."""

from . import figures, people, rules, settings, tickets, webhooks
from .frame import bp

__all__ = ["bp", "figures", "people", "rules", "settings", "tickets", "webhooks"]
