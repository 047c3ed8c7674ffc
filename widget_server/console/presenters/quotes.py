"""Quotes as a form and back, and as their reader will see them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from werkzeug.datastructures import MultiDict

from ... import money
from ...errors import Invalid
from ...orders import delivery, wording
from ...orders.models import Quote, SavedItem
from ...orders.offers import NOTE as NOTE
from ...orders.offers import TEXT as TEXT
from ...orders.offers import TITLE as TITLE
from ...orders.pricing import Line
from ...orders.service import Offer
from ...wire import UNUSABLE

FIELDS = ("text", "quantity", "price", "rate")
EMPTY = dict.fromkeys(FIELDS, "")

#: Decimals of what is typed: quantities in thousandths, rates in hundredths of a percent.
QUANTITY, RATE = 3, 2


def blank(settings: dict[str, Any], title: str) -> dict[str, Any]:
    """Return the form of a new quote, filled with what the site usually says."""
    usual = settings["orders"]
    until = delivery.today(settings) + timedelta(days=usual["validity_days"])
    return {
        "title": title[:TITLE],
        "work": False,
        "currency": usual["currency"],
        "lead_days": str(usual["lead_days"]),
        "valid_until": until.isoformat(),
        "note": "",
        "lines": [EMPTY | {"quantity": "1", "rate": money.plain(usual["rate"], RATE)}],
    }


def of_quote(quote: Quote, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the form of another version of a quote."""
    decimals = money.decimals_of(quote.currency)
    return blank(settings, quote.title) | {
        "currency": quote.currency,
        "lead_days": str(quote.lead_days),
        "note": quote.note,
        "lines": [
            _row(line["text"], line["quantity"], line["price"], line["rate"], decimals)
            for line in quote.lines
        ],
    }


def of_item(item: SavedItem, currency: str) -> dict[str, str]:
    """Return the row of a saved item; a price in another currency is left to the agent."""
    row = _row(item.text, item.quantity, item.price, item.rate, money.decimals_of(item.currency))
    return row if item.currency == currency else row | {"price": ""}


def _row(text: str, quantity: int, price: int, rate: int, decimals: int) -> dict[str, str]:
    return {
        "text": text,
        "quantity": money.plain(quantity, QUANTITY),
        "price": money.written(price, decimals),
        "rate": money.plain(rate, RATE),
    }


def typed(sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return the fields as they were sent, to be shown again."""
    columns = [sent.getlist(name) for name in FIELDS]
    return {
        "title": sent.get("title", "")[:TITLE],
        "work": sent.get("kind") == "work",
        "currency": sent.get("currency", ""),
        "lead_days": sent.get("lead_days", "")[:4],
        "valid_until": sent.get("valid_until", "")[:10],
        "note": sent.get("note", "")[:NOTE],
        "lines": [
            {name: value[:TEXT] for name, value in zip(FIELDS, row, strict=True)}
            for row in zip(*columns, strict=False)
        ],
    }


def read(form: Mapping[str, Any]) -> Offer:
    """Return the offer a form makes. Raises :exc:`Invalid` naming every field that is amiss."""
    faults: dict[str, list[str]] = {}
    currency = form["currency"]
    decimals = money.CURRENCIES.get(currency, 2)
    rows = [(n, row) for n, row in enumerate(form["lines"]) if row["text"] or row["price"]]
    lines = [_line(n, row, decimals, faults) for n, row in rows]
    title = " ".join(form["title"].split())
    if not title or UNUSABLE.search(title):
        faults["title"] = ["title"]
    if not rows:
        faults["lines"] = ["none"]
    lead = _whole(form["lead_days"])
    if lead is None:
        faults["lead_days"] = ["number"]
    until = day(form["valid_until"])
    if faults:
        raise Invalid(fields=faults)
    note = UNUSABLE.sub("", form["note"].replace("\r\n", "\n")).strip()
    return Offer(
        title,
        [line for line in lines if line],
        currency,
        lead or 0,
        None if form["work"] else until,
        note,
    )


def line(row: Mapping[str, str], currency: str) -> Line:
    """Return the line a row of fields makes. Raises :exc:`Invalid`."""
    faults: dict[str, list[str]] = {}
    found = _line(0, row, money.CURRENCIES.get(currency, 2), faults)
    if found is None:
        raise Invalid(fields=faults)
    return found


def _line(
    number: int, row: Mapping[str, str], decimals: int, faults: dict[str, list[str]]
) -> Line | None:
    text = " ".join(row["text"].split())
    wrong = [] if text and not UNUSABLE.search(text) else ["text"]
    values = {}
    for name, places in (("quantity", QUANTITY), ("price", decimals), ("rate", RATE)):
        try:
            values[name] = money.read(row[name], places)
        except ValueError:
            wrong.append(name)
    if not wrong:
        wrong += ["quantity"] if not 0 < values["quantity"] <= 10**9 else []
        wrong += ["price"] if abs(values["price"]) > 10**12 else []
        wrong += ["rate"] if not 0 <= values["rate"] <= 10_000 else []
    for name in wrong:
        faults[f"{name}-{number}"] = [name]
    return None if wrong else Line(text, **values)


def _whole(text: str) -> int | None:
    return int(text) if text.strip().isascii() and text.strip().isdigit() else None


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def preview(offer: Offer, sums: Any, settings: dict[str, Any], language: str) -> dict[str, Any]:
    """Return an offer as its reader will see it, in their language."""
    chosen = language[:2].lower()
    chosen = chosen if chosen in wording.LANGUAGES else "en"
    ready = delivery.ready_on(settings, delivery.today(settings), offer.lead_days)

    def shown(amount: int) -> str:
        return money.shown(amount, offer.currency, chosen)

    return {
        "say": wording.words(chosen),
        "language": chosen,
        "title": offer.title,
        "note": offer.note,
        "lines": [
            {
                "text": each.text,
                "of": f"{money.number(each.quantity, chosen)} × {shown(each.price)}",
                "rate": money.percent(each.rate, chosen),
                "net": shown(each.net),
            }
            for each in offer.lines
        ],
        "net": shown(sums.net),
        "vat": [(money.percent(s.rate, chosen), shown(s.vat)) for s in sums.shares],
        "total": shown(sums.total),
        "until": _date(offer.valid_until, chosen) if offer.valid_until else None,
        "ready": _date(ready, chosen) if ready else None,
    }


def _date(day: date, language: str) -> str:
    return str(format_date(day, "long", locale=language))
