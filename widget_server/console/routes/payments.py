"""How each site is paid: set up, tried, and what came and has to go back. Administrators only."""

from collections.abc import Mapping
from typing import Any

from flask import g, redirect, request, url_for

from ... import idempotency, money
from ...agents.guards import safe_next
from ...agents.models import ADMINISTRATOR
from ...errors import Forbidden, Invalid, NotFound
from ...ids import new_id
from ...orders import book
from ...payments import accounts
from ...payments import service as payments
from ...sites import service as sites
from ...tickets.service import find_by_id
from ..presenters import payments as presenter
from .acts import done, me
from .frame import bp, is_part, page, words
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
    """Give a payment back, or a part of it; from its ticket's page, answer with the ticket."""
    _administrators_only()
    site = sites.find_site(site_key)
    receipt = payments.receipt(site.id, receipt_id)
    amount = _amount(receipt.currency)

    def act() -> str:
        payments.give_back(receipt, me(), amount)
        return receipt.id

    # However often the button is pressed, it goes back once.
    scope, key = f"console:{g.agent.id}:{receipt.order_id}:return", request.form.get("key")
    idempotency.once(site.id, scope, key or new_id(), [receipt_id, amount], act)
    place = request.form.get("next")
    if place and is_part():
        return done(site, find_by_id(site.id, book.find(site.id, receipt.order_id).ticket_id))
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


def _amount(currency: str) -> int | None:
    typed = request.form.get("amount", "").strip()
    try:
        return money.read(typed, money.decimals_of(currency)) if typed else None
    except ValueError as error:
        raise Invalid(fields={"amount": [str(error)]}) from error


def _administrators_only() -> None:
    if g.agent.role != ADMINISTRATOR:
        raise Forbidden("Only administrators see how sites are paid.")
