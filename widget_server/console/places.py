"""The places of the settings, declared once: a page that wants to be found there adds a line."""

from typing import NamedTuple

from ..agents.models import ADMINISTRATOR, ROLES

SITE, TEAM, YOU = "site", "team", "you"


class Place(NamedTuple):
    """``label``: the key of its text; ``roles``: who finds it. ``group`` SITE is asked per site."""

    group: str
    label: str
    endpoint: str
    icon: str
    roles: tuple[str, ...] = ROLES


ADMINISTRATORS = (ADMINISTRATOR,)

#: In the order they are shown.
PLACES = (
    Place(SITE, "look.title", "console.look", "window", ADMINISTRATORS),
    Place(SITE, "categories.title", "console.categories", "tag"),
    Place(SITE, "contact.title", "console.contact", "clock"),
    Place(SITE, "mail.title", "console.mail", "mail"),
    Place(SITE, "offers.title", "console.offer_settings", "receipt"),
    Place(SITE, "payments.title", "console.payments_page", "card", ADMINISTRATORS),
    Place(SITE, "retention.title", "console.retention", "trash", ADMINISTRATORS),
    Place(TEAM, "sites.title", "console.settings", "globe"),
    Place(TEAM, "team.title", "console.team", "team"),
    Place(TEAM, "replies.title", "console.saved_replies", "text"),
    Place(TEAM, "rules.title", "console.rules", "bolt", ADMINISTRATORS),
    Place(TEAM, "webhooks.title", "console.webhooks", "hook", ADMINISTRATORS),
    Place(TEAM, "api.title", "console.api", "key"),
    Place(TEAM, "audit.title", "console.audit_log", "log", ADMINISTRATORS),
    Place(YOU, "account.title", "console.account", "shield"),
    Place(YOU, "nav.sessions", "console.sessions", "device"),
)

GROUPS = (SITE, TEAM, YOU)


def places(role: str) -> dict[str, list[Place]]:
    """Return what an agent of a role finds, by group."""
    return {
        group: [each for each in PLACES if each.group == group and role in each.roles]
        for group in GROUPS
    }
