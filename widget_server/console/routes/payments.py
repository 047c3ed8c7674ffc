"""How each site is paid: set up, tried, and what came and has to go back. Administrators only."""

from collections.abc import Mapping
from typing import Any

from flask import g, redirect, request, url_for

from ...agents.guards import safe_next
from ...agents.models import ADMINISTRATOR
from ...errors import Forbidden, Invalid, NotFound
from ...payments import accounts
from ...payments import service as payments
from ...sites import service as sites
from ...tickets.ledger import Actor
from ..presenters import payments as presenter
from .frame import bp, page, words
from .inbox import shell
from .settings import chosen_sites


@bp.get("/payments")
def payments_page() -> str:
    """Show the ways each site is paid, and what has to be returned."""
    _administrators_only()
    return _payments()


@bp.post("/payments/<site_key>/<way>")
def update_payments(site_key: str, way: str) -> Any:
    """Change one way, and try it if asked; what is wrong is said beside its field."""
    _administrators_only()
    site = sites.find_site(site_key)
    if way not in accounts.WAYS:
        raise NotFound("There is no such way to pay.")
    typed = presenter.typed(way, request.form)
    try:
        accounts.set_up(site.id, way, on="on" in request.form, **typed)
    except Invalid as error:
        faults = presenter.faults(error.details["fields"], typed)
        return _payments(open=(site.key, way), typed=typed["settings"], faults=faults), 422
    if "check" in request.form:
        return _payments(open=(site.key, way), checked=(payments.check(site.id, way),))
    return redirect(url_for("console.payments_page", site=site.key, saved=f"{site.key}-{way}"), 303)


@bp.post("/payments/<site_key>/receipts/<receipt_id>/return")
def create_return(site_key: str, receipt_id: str) -> Any:
    """Give a payment back."""
    _administrators_only()
    site = sites.find_site(site_key)
    payments.give_back(payments.receipt(site.id, receipt_id), _actor())
    place = request.form.get("next")
    return redirect(
        safe_next(place) if place else url_for("console.payments_page", returned="1"), 303
    )


def _payments(
    *,
    open: tuple[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    checked: tuple[str | None] | None = None,
) -> str:
    everywhere = sites.all_sites()
    return page(
        "payments.html",
        shown=[presenter.site(site, open, typed or {}, faults or {}) for site in chosen_sites()],
        owed=presenter.owed(payments.owed_back(), everywhere, words()),
        troubles=presenter.troubles(payments.troubles(), everywhere),
        checked=checked,
        saved=request.args.get("saved"),
        returned="returned" in request.args,
        **shell(),
    )


def _actor() -> Actor:
    return Actor("agent", str(g.agent.id), g.agent.name)


def _administrators_only() -> None:
    if g.agent.role != ADMINISTRATOR:
        raise Forbidden("Only administrators see how sites are paid.")
