"""What a category asks for is refused, with its name, when it makes no sense or could hang a page."""

import pytest

from widget_server import edge
from widget_server.errors import Invalid
from widget_server.sites import fields
from widget_server.sites import service as sites
from widget_server.tickets import service as tickets
from widget_server.tickets.ledger import Actor
from widget_server.tickets.service import find_by_id


def category(**field):
    whole = {"key": "order", "type": "text", "label": {"es": "Pedido"}} | field
    return {"id": "x", "icon": "box", "name": {"es": "X"}, "fields": [whole]}


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(a|a)*", "(a*)*b", "([a-z]+)*$", "(a|aa)+", r"(\d+\s*)+", r"(.)\1", "(?:x?){9}y(x*)*",
     "(", "a{2,1}", "x" * 300],
)  # fmt: skip
def test_patterns_that_could_hang_or_cannot_be_read_are_refused(pattern):
    with pytest.raises(Invalid) as refused:
        fields.check(category(pattern=pattern))
    assert "order.pattern" in refused.value.details["fields"]


@pytest.mark.parametrize(
    "pattern", [r"[A-Z]{2}\d{4,8}", "a|b", r"\d+-\d+", "(?:ES|IT)[0-9]*", "(ab){3}", ""]
)
def test_ordinary_patterns_are_taken(pattern):
    fields.check(category(pattern=pattern))


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ({"key": "Big Key"}, "key"),
        ({"type": "file"}, "order.type"),
        ({"label": {}}, "order.label"),
        ({"type": "choice", "options": []}, "order.options"),
    ],
)
def test_fields_that_make_no_sense_are_refused_by_name(field, name):
    with pytest.raises(Invalid) as refused:
        fields.check(category(**field))
    assert name in refused.value.details["fields"]


def test_what_was_answered_is_shown_though_its_category_asks_for_something_else_by_now(
    add_site, visit
):
    asked = category(key="order_number", label={"en": "Order number"})
    other = category(key="colour", label={"en": "Colour"}) | {"id": "y"}
    site = add_site("Shop", categories=[asked, other])
    ada = visit("ada", at=site, email="ada@customers.example", email_verified=True)
    answers = {"fields": {"order_number": "A-1234"}}
    ticket = ada.post("/tickets", category="x", title="t", body="b", **answers).json
    shown = [{"label": "Order number", "value": "A-1234"}]
    assert ticket["fields"] == shown
    found = find_by_id(site.id, ticket["id"])
    tickets.set_category(found, Actor("agent", "1", "Inés"), "y")
    assert ada.get(f"/tickets/{ticket['id']}").json["fields"] == shown
    tickets.set_category(found, Actor("agent", "1", "Inés"), "x")
    sites.save_category(site, "x", other | {"id": "x"})
    assert ada.get(f"/tickets/{ticket['id']}").json["fields"] == shown


def test_a_site_is_not_made_with_a_category_that_makes_no_sense(app):
    with pytest.raises(Invalid):
        sites.add_site(name="X", origins=["*"], categories=[category(pattern="(a+)+")])


def test_a_notice_is_shown_from_its_day_to_its_day(clock, add_site):
    clock("2026-11-23T10:00:00Z")
    notice = {"tone": "outage", "text": {"es": "Caída"}}
    days = [
        ({}, True),
        ({"from": "2026-11-23", "until": "2026-11-23"}, True),
        ({"from": "2026-11-24"}, False),
        ({"until": "2026-11-22"}, False),
    ]
    for number, (when, shown) in enumerate(days):
        kind = {"id": "x", "icon": "box", "name": {"es": "X"}, "notice": notice | when}
        site = add_site(f"Site {number}", categories=[kind])
        config = sites.public_config(site, "https://x.example", file_bytes=1, assets={})
        assert ("notice" in config["categories"][0]) is shown, when


def test_a_notice_s_days_are_those_of_the_sites_clocks(clock, monkeypatch, client, add_site):
    """In Mexico it is still the 23rd for six hours after the world's clocks say it is the 24th."""
    week = [["09:00-18:00"]] * 7
    there = {"id": "c", "name": "Centro", "zone": "America/Mexico_City", "week": week}
    notice = {"tone": "outage", "text": {"es": "Caída"}, "until": "2026-11-23"}
    kind = {"id": "x", "icon": "box", "name": {"es": "X"}, "notice": notice}
    site = add_site(settings={"calendars": [there]}, categories=[kind])
    monkeypatch.setattr(edge, "FRESH", -1)
    for moment, shown in [("2026-11-24T05:59:00Z", True), ("2026-11-24T06:01:00Z", False)]:
        clock(moment)
        assert ("Caída" in client.get(f"/w/{site.key}.js").text) is shown, moment
