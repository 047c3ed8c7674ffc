"""What quotes of a site say by default, its saved items, and what came of them."""

from typing import Any

from flask import g, redirect, request, url_for

from ... import money
from ...agents.models import ADMINISTRATOR
from ...errors import Forbidden, Invalid
from ...orders import delivery, items, offers
from ...sites import contact
from ...sites import service as sites
from ...sites.look import complete
from ...sites.models import Site
from ..presenters import orders as presenter
from ..presenters import quotes
from .frame import bp, page, words
from .inbox import shell
from .settings import chosen_sites

#: Days the figures look back.
DAYS = 30

PARTS = ("currency", "rate", "validity_days", "lead_days", "calendar", "seller", "terms")


@bp.get("/offers")
def offer_settings() -> str:
    """Show figures, defaults and saved items of every site."""
    return _page()


@bp.post("/offers/<site_key>")
def update_offer_settings(site_key: str) -> Any:
    """Change what a new quote says before anybody typed."""
    if g.agent.role != ADMINISTRATOR:
        raise Forbidden("Only administrators change what quotes say.")
    site = sites.find_site(site_key)
    typed = {name: request.form.get(name, "")[:4_000] for name in PARTS}
    try:
        sites.update_site(site, settings=site.settings | {"orders": _read(site, typed)})
    except Invalid as error:
        return _page(site, typed, error.details["fields"]), 422
    return redirect(url_for("console.offer_settings", site=site.key, saved=site.key), 303)


@bp.post("/offers/<site_key>/items")
def create_item(site_key: str) -> Any:
    """Keep a line for later quotes."""
    site = sites.find_site(site_key)
    typed = {name: request.form.get(name, "")[: quotes.TEXT] for name in quotes.FIELDS}
    currency = complete(site.settings)["orders"]["currency"]
    try:
        items.save(site.id, quotes.line(typed, currency), currency)
    except Invalid as error:
        faults = {name.partition("-")[0]: text for name, text in error.details["fields"].items()}
        return _page(site, item=typed, faults=faults), 422
    return redirect(url_for("console.offer_settings", site=site.key, saved=site.key), 303)


@bp.post("/offers/<site_key>/items/<item_id>")
def destroy_item(site_key: str, item_id: str) -> Any:
    site = sites.find_site(site_key)
    items.remove(site.id, item_id)
    return redirect(url_for("console.offer_settings", site=site.key, saved=site.key), 303)


def _read(site: Site, typed: dict[str, str]) -> dict[str, Any]:
    faults: dict[str, list[str]] = {}
    if typed["currency"] not in money.CURRENCIES:
        faults["currency"] = ["currency"]
    try:
        rate = money.read(typed["rate"], quotes.RATE)
    except ValueError:
        rate = -1
    if not 0 <= rate <= 10_000:
        faults["rate"] = ["rate"]
    days = {}
    for name, most in (
        ("validity_days", offers.LONGEST_VALIDITY),
        ("lead_days", delivery.LONGEST_LEAD),
    ):
        days[name] = int(typed[name]) if typed[name].isascii() and typed[name].isdigit() else -1
        if not 0 <= days[name] <= most:
            faults[name] = [name]
    if faults:
        raise Invalid(fields=faults)
    known = contact.calendars(site.settings)
    return {
        "currency": typed["currency"],
        "rate": rate,
        **days,
        "calendar": typed["calendar"] if typed["calendar"] in known else None,
        "seller": typed["seller"].replace("\r\n", "\n").strip(),
        "terms": typed["terms"].replace("\r\n", "\n").strip(),
    }


def _page(
    changed: Site | None = None,
    typed: dict[str, str] | None = None,
    faults: dict[str, Any] | None = None,
    item: dict[str, str] | None = None,
) -> str:
    shown = []
    for site in chosen_sites():
        usual = complete(site.settings)["orders"]
        mine = changed is not None and site.id == changed.id
        form = usual | {"rate": money.plain(usual["rate"], quotes.RATE)}
        shown.append(
            {
                "site": site,
                "form": typed if mine and typed else form,
                "item": item
                if mine and item
                else quotes.EMPTY | {"quantity": "1", "rate": form["rate"]},
                "faults": faults if mine and faults else {},
                "calendars": site.settings.get("calendars") or [],
                "saved": presenter.saved(site, words()),
                "figures": presenter.figures(site.id, DAYS, words()),
                "currency": usual["currency"],
            }
        )
    return page(
        "offers.html",
        shown=shown,
        days=DAYS,
        currencies=sorted(money.CURRENCIES),
        administrator=g.agent.role == ADMINISTRATOR,
        saved=request.args.get("saved"),
        **shell(),
    )
