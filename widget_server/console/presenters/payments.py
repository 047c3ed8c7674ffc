"""The ways a site is paid as forms, and back; and what needs a person."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ... import money
from ...payments import accounts, news
from ...payments.iban import grouped
from ...payments.links import PLACES
from ...payments.models import LINK, SHOP, STRIPE, TRANSFER
from ...sites.models import Site
from ..language import Words

#: What is asked for each way; ``secret`` fields are never filled in.
FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    STRIPE: (("key", "secret"), ("hook_secret", "secret")),
    SHOP: (("url", "url"),),
    LINK: (("template", "url"), ("label", "text"), ("secret", "secret")),
    TRANSFER: (
        ("holder", "text"), ("iban", "text"), ("bic", "text"), ("bank", "text"),
        ("prefix", "text"), ("note", "text"),
    ),
}  # fmt: skip

ICONS = {STRIPE: "card", SHOP: "cart", LINK: "link", TRANSFER: "bank"}

EXAMPLES = {
    "key": "sk_live_…",
    "hook_secret": "whsec_…",
    "url": "https://www.example.com",
    "template": "https://paypal.me/example/{amount}{currency}",
    "label": "PayPal",
    "holder": "Example S.L.",
    "iban": "ES91 2100 0418 4502 0005 1332",
    "bic": "CAIXESBBXXX",
}


def typed(way: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form says: settings by their names, secrets apart."""
    given = {name: " ".join(form.get(name, "").split())[:500] for name, _ in FIELDS[way]}
    secrets = {name: given[name] for name, kind in FIELDS[way] if kind == "secret"}
    settings = {name: text for name, text in given.items() if name not in secrets}
    return {"secrets": secrets, "settings": settings}


def faults(fields: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, str]:
    """Return the key of the sentence that stands beside each field."""
    written = {**given["settings"], **given["secrets"]}
    return {
        name: f"payments.fault.{name}" if written.get(name) else "payments.fault.missing"
        for name in fields
    }


def site(
    place: Site,
    open: tuple[str, str] | None,
    given: Mapping[str, str],
    wrong: Mapping[str, str],
) -> dict[str, Any]:
    """Return a site's ways; the one being changed as it was typed."""
    shown = []
    for card in accounts.cards(place.id):
        current = open == (place.key, card.way)
        values = dict(given) if current and wrong else _written(card.settings)
        shown.append(
            {
                "way": card.way,
                "icon": ICONS[card.way],
                "on": card.on,
                "set_up": bool(card.settings or card.kept),
                "open": current,
                "heard_at": card.heard_at,
                "from_environment": card.from_environment,
                "hook": f"{accounts.Till.server_url}/api/v1/payments/hooks/{place.key}/{card.way}",
                "fields": [
                    {
                        "name": name,
                        "kind": kind,
                        "value": values.get(name, ""),
                        "kept": name in card.kept,
                        "fault": wrong.get(name) if current else None,
                        "example": EXAMPLES.get(name, ""),
                    }
                    for name, kind in FIELDS[card.way]
                ],
            }
        )
    return {"site": place, "ways": shown, "events": news.STRIPE_EVENTS, "places": PLACES}


def owed(
    rows: Iterable[Sequence[Any]], everywhere: Iterable[Site], words: Words
) -> list[dict[str, Any]]:
    """Return what came and was not owed."""
    names = {each.id: each for each in everywhere}
    return [
        {
            "site": names[row[0]],
            "id": row[1],
            "way": row[3],
            "reference": row[4],
            "sum": money.shown(row[5], row[6], words.language),
            "at": row[7],
            "ticket": row[8],
            "order": row[9],
        }
        for row in rows
    ]


def troubles(rows: Iterable[Sequence[Any]], everywhere: Iterable[Site]) -> list[dict[str, Any]]:
    names = {each.id: each for each in everywhere}
    keys = ("way", "error", "at", "ticket", "order")
    return [
        dict(zip(keys, row[1:], strict=True)) | {"site": names[row[0]]}
        for row in rows
    ]  # fmt: skip


def _written(settings: Mapping[str, str]) -> dict[str, str]:
    known = dict(settings)
    if "iban" in known:
        known["iban"] = grouped(known["iban"])
    return known
