"""Figures as programs ask for them and read them."""

from typing import Any

from marshmallow import Schema, fields

from ..figures.service import Span
from ..wire import Input, Line

Day = {"format": "date"}


class FiguresQuery(Input):
    site = Line(most=40)
    from_ = fields.Date(data_key="from")
    until = fields.Date()


class FirstAnswer(Schema):
    median_minutes = fields.Integer(allow_none=True)
    p90_minutes = fields.Integer(allow_none=True)


class PromisesKept(Schema):
    kept = fields.Integer()
    broken = fields.Integer()


class Deflection(Schema):
    """``settled``: is known what became of all that was shown; ``share``: of those where it is."""

    shown = fields.Integer()
    solved = fields.Integer()
    confirmed = fields.Integer()
    settled = fields.Boolean()
    share = fields.Float(allow_none=True)


class Satisfaction(Schema):
    good = fields.Integer()
    bad = fields.Integer()


class FiguresOf(Schema):
    """What happened from one day to another; money in minor units by currency."""

    from_ = fields.String(data_key="from", metadata=Day)
    until = fields.String(metadata=Day)
    opened = fields.Integer()
    answered = fields.Integer()
    closed = fields.Integer()
    reopened = fields.Integer()
    backlog = fields.Integer()
    first_answer = fields.Nested(FirstAnswer)
    promise = fields.Nested(PromisesKept)
    deflection = fields.Nested(Deflection)
    satisfaction = fields.Nested(Satisfaction)
    money = fields.Dict(keys=fields.String(), values=fields.Dict(values=fields.Integer()))
    hours = fields.Dict(keys=fields.String(), values=fields.Integer())
    categories = fields.List(fields.Dict())


class Figures(Schema):
    total = fields.Nested(FiguresOf)
    days = fields.List(fields.Nested(FiguresOf))


def told(span: Span, site_keys: dict[str, str]) -> dict[str, Any]:
    """Return the figures of some days; ``site_keys``: the sites' keys by their ids."""
    day = span.told
    return {
        "from": span.first.isoformat(),
        "until": span.last.isoformat(),
        "opened": day.opened,
        "answered": day.answered,
        "closed": day.closed,
        "reopened": day.reopened,
        "backlog": span.backlog,
        "first_answer": {"median_minutes": span.median, "p90_minutes": span.slowest},
        "promise": {"kept": span.kept, "broken": span.broken},
        "deflection": {
            "shown": day.shown,
            "solved": day.solved,
            "confirmed": day.confirmed,
            "settled": span.settled,
        },
        "satisfaction": {"good": day.pleased, "bad": day.displeased},
        "money": {currency: dict(sums) for currency, sums in sorted(span.money.items())},
        "hours": dict(sorted(day.hours.items())),
        "categories": [
            {"site": site_keys[site], "category": category or None, "opened": count}
            for name, count in day.categories.most_common()
            for site, _, category in [name.partition(":")]
        ],
    }
