"""How sites are paid and who writes their answers, for programs; secrets go in and never out."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Response

from ...assistant import asking, endpoints, outcomes
from ...clock import stamp, utcnow
from ...errors import Invalid, NotFound
from ...payments import accounts
from ...payments import service as payments
from ...tickets.routes import KEY
from .. import sites
from ..guards import actor, allowed, site_of
from .frame import TOKEN, answer, bp, once, seldom
from .settings import READ, WRITE

PAYMENTS = "/sites/<site_key>/payments"
ASSISTANT = "/sites/<site_key>/assistant"


@bp.get(PAYMENTS)
@allowed(WRITE)
@bp.alt_response(200, schema=sites.Payments)
@bp.doc(**TOKEN)
def agent_payments(site_key: str) -> Response:
    """Return the ways a site is paid, and what has to go back."""
    site = site_of(site_key)
    owed = [sites.owed(row) for row in payments.owed_back() if row[0] == site.id]
    return answer({"ways": [asdict(card) for card in accounts.cards(site.id)], "owed": owed})


@bp.put(f"{PAYMENTS}/<way>")
@allowed(WRITE)
@bp.arguments(sites.WayInput())
@bp.alt_response(200, schema=sites.WayView)
@bp.doc(**TOKEN)
def agent_update_payments(data: dict[str, Any], site_key: str, way: str) -> Response:
    """Change one way; secrets are written here and never answered."""
    site = site_of(site_key)
    card = _card(site.id, way)
    asked = (("settings", accounts.SETTINGS[way]), ("secrets", accounts.SECRETS.get(way, ())))
    for part, known in asked:
        strange = sorted(set(data[part]) - set(known))
        if strange:
            raise Invalid(fields={part: [f"{way} has no {', '.join(strange)}."]})
    settings = card.settings | data["settings"]
    accounts.set_up(site.id, way, on=data["on"], settings=settings, secrets=data["secrets"])
    return answer(asdict(_card(site.id, way)))


@bp.post(f"{PAYMENTS}/<way>/check")
@allowed(WRITE)
@seldom
@bp.alt_response(200, schema=sites.Checked)
@bp.doc(**TOKEN)
def agent_create_payments_check(site_key: str, way: str) -> Response:
    """Try a way as it is set up."""
    site = site_of(site_key)
    _card(site.id, way)
    return answer({"wrong": payments.check(site.id, way)})


@bp.post("/sites/<site_key>/receipts/<receipt_id>/return")
@allowed(WRITE)
@bp.arguments(sites.ReturnInput())
@bp.response(204)
@bp.doc(**TOKEN, **KEY)
def agent_create_return(data: dict[str, Any], site_key: str, receipt_id: str) -> None:
    """Give a payment back, or a part of it: through Stripe by itself, else as done elsewhere."""
    receipt = payments.receipt(site_of(site_key).id, receipt_id)

    def act() -> str:
        payments.give_back(receipt, actor(), data["amount"])
        return receipt.id

    once(receipt.site_id, f"{receipt.order_id}:return:{receipt.id}", data, act)


@bp.get(ASSISTANT)
@allowed(READ)
@bp.arguments(sites.AssistantQuery(), location="query")
@bp.alt_response(200, schema=sites.AssistantView)
@bp.doc(**TOKEN)
def agent_assistant(args: dict[str, Any], site_key: str) -> Response:
    """Return who writes a site's answers, what it saved, and what nothing answered."""
    site = site_of(site_key)
    since, until = stamp(utcnow() - timedelta(days=args["days"])), stamp()
    names = ("showing", "question", "at", "ticket")
    questions = [dict(zip(names, row, strict=True)) for row in outcomes.unanswered(site.id, since)]
    figures = outcomes.figures(site.id, since, until)
    writer = asdict(endpoints.card(site.id))
    return answer({"writer": writer, "figures": figures, "questions": questions})


@bp.put(ASSISTANT)
@allowed(WRITE)
@bp.arguments(sites.WriterInput())
@bp.alt_response(200, schema=sites.WriterView)
@bp.doc(**TOKEN)
def agent_update_writer(data: dict[str, Any], site_key: str) -> Response:
    """Change who writes a site's answers; what is left out stays."""
    site = site_of(site_key)
    card = endpoints.card(site.id)
    kept = {name: getattr(card, name) for name in ("on", "url", "model", "daily")} | data
    endpoints.choose(site.id, **kept | {"daily": str(kept["daily"])})
    return answer(asdict(endpoints.card(site.id)))


@bp.post(f"{ASSISTANT}/check")
@allowed(WRITE)
@seldom
@bp.alt_response(200, schema=sites.Checked)
@bp.doc(**TOKEN)
def agent_create_assistant_check(site_key: str) -> Response:
    """Try whoever writes a site's answers."""
    endpoint = endpoints.named(site_of(site_key).id)
    return answer({"wrong": asking.check(endpoint) if endpoint else "No address, no model."})


@bp.put(f"{ASSISTANT}/questions/<showing>")
@allowed("tickets:write")
@bp.arguments(sites.QuestionInput())
@bp.response(204)
@bp.doc(**TOKEN)
def agent_update_questions(data: dict[str, Any], site_key: str, showing: str) -> None:
    """Take a question off the writers' list, or put it back."""
    outcomes.dismiss(site_of(site_key).id, showing, dismissed=data["dismissed"])


def _card(site_id: int, way: str) -> accounts.Card:
    for card in accounts.cards(site_id):
        if card.way == way:
            return card
    raise NotFound("There is no such way to pay.")
