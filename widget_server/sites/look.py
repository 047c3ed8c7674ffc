"""How a site looks and what it asks, with a sensible value for everything left open."""

from typing import Any

#: Limits of a request, the same for every site: they are part of the contract with the panel.
FILES, TITLE, BODY = 3, 200, 10_000

#: Extensions offered in the file dialog. The server judges by content, see ``attachments``.
ACCEPT = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp",
    ".pdf", ".doc", ".docx", ".odt", ".rtf",
    ".zip", ".7z", ".rar", ".gz", ".tar",
)  # fmt: skip

DEFAULTS: dict[str, Any] = {
    "languages": ["es", "en"],
    "default_language": "es",
    "labels": {},
    "greeting": {"es": "Hola. ¿En qué ayudamos?", "en": "Hello. How can we help?"},
    "look": {
        "accent": "#2454d6",
        "radius": 12,
        "position": "end",
        "offset": [20, 20],
        "theme": "auto",
        "logo": None,
    },
    "contact": {"email": None, "answer_hours": 24, "answer_calendar": None},
    "calendars": [],
    "channels": [],
    "orders": {
        "currency": "EUR",
        "rate": 2_100,
        "validity_days": 30,
        "lead_days": 10,
        "calendar": None,
        "seller": "",
        "terms": "",
    },
    #: ``address``: mail to it opens tickets if ``opens``; ``confirm``: visitors prove theirs first.
    "mail": {"address": None, "opens": True, "category": None, "confirm": False},
}

#: Settings that are groups, each completed by itself.
GROUPS = {"look", "contact", "mail", "orders"}

DEFAULT_CATEGORIES: list[dict[str, Any]] = [
    {
        "id": "bug",
        "icon": "bug",
        "name": {"es": "Reportar un error", "en": "Report a bug"},
        "hint": {"es": "Algo no funciona como debería", "en": "Something does not work"},
    },
    {
        "id": "plugin",
        "icon": "plug",
        "name": {"es": "Solicitar un plugin", "en": "Request a plugin"},
        "hint": {"es": "Una función nueva para tu sitio", "en": "A new feature for your site"},
    },
    {
        "id": "help",
        "icon": "wrench",
        "name": {"es": "Asistencia técnica", "en": "Technical help"},
        "hint": {"es": "Dudas y ayuda con tu sitio", "en": "Questions and help with your site"},
    },
    {
        "id": "other",
        "icon": "chat",
        "name": {"es": "Otra consulta", "en": "Something else"},
        "hint": {"es": "Lo que necesites", "en": "Whatever you need"},
    },
]


def complete(settings: dict[str, Any]) -> dict[str, Any]:
    """Return ``settings`` with defaults for what is missing, one level deep."""
    full = dict(DEFAULTS)
    for name, value in settings.items():
        default: dict[str, Any] = DEFAULTS.get(name) or {}
        full[name] = {**default, **value} if name in GROUPS else value
    return full


def complete_category(category: dict[str, Any]) -> dict[str, Any]:
    return {"icon": "chat", "hint": {}, "notice": None, "fields": []} | category
