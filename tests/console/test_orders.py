"""Quotes in the console: built with live totals, sent, and what is done about the order after."""

import re

import pytest

from widget_server.database import query
from widget_server.orders import typefaces

LINES = {
    "text": ["Plugin", "Hours", "Handbook"],
    "quantity": ["1", "2,5", "3"],
    "price": ["1.200,00", "65", "19.95"],
    "rate": ["22", "22", "10"],
}
UNTIL = "2026-12-07"


@pytest.fixture
def ticket(clock, ada):
    return ada.open(title="A plugin")


@pytest.fixture
def path(site, ticket):
    return f"/tickets/{site.key}/{ticket['number']}"


@pytest.fixture
def build(agent, path):
    def send(act="quote", **form):
        values = {
            "title": "A plugin for your shop", "kind": "quote", "currency": "EUR",
            "lead_days": "5", "valid_until": UNTIL, "note": "", **LINES,
        }  # fmt: skip
        return agent.post(f"{path}/{act}", **(values | form))

    return send


@pytest.fixture
def card(ada, ticket):
    return lambda: ada.get(f"/tickets/{ticket['id']}").json["orders"][-1]


@pytest.fixture
def accept(ada, ticket, card):
    def send():
        quote = card()["quote"]
        path = f"/tickets/{ticket['id']}/quotes/{quote['id']}/acceptance"
        assert ada.post(path, digest=quote["digest"]).status_code == 200

    return send


def test_the_preview_shows_what_the_server_computes(build):
    text = build("quote/preview").text
    assert "€1,422.35" in text
    assert "€299.75" in text
    assert "€1,728.09" in text


def test_the_preview_speaks_the_customers_language(build, ada, site, agent):
    number = ada.open(locale="de")["number"]
    form = {"title": "x", "kind": "quote", "currency": "EUR", "lead_days": "5", "note": ""}
    text = agent.post(
        f"/tickets/{site.key}/{number}/quote/preview", valid_until=UNTIL, **form, **LINES
    ).text
    assert "Gesamtbetrag" in text


def test_the_preview_names_letters_the_document_cannot_show(build, monkeypatch):
    monkeypatch.setattr(typefaces.Typeface, "extra", None)
    assert "en lugar de estas letras: 王明." in build("quote/preview", note="王明 王").text
    assert "en lugar de estas letras" not in build("quote/preview", note="Žluťoučký").text


def test_a_quote_is_sent_as_it_was_previewed(build, card, path, agent):
    answer = build()
    assert (answer.status_code, answer.location) == (303, f"/console{path}")
    shown = card()
    assert (shown["title"], shown["quote"]["total"]) == ("A plugin for your shop", 172_809)
    assert shown["quote"]["lines"][1]["quantity"] == 2.5
    page = agent.get(path).text
    assert "2026-0001" in page
    assert "1.728,09\xa0€" in page


def test_a_double_press_sends_one_quote(build, ada, ticket):
    for _ in range(2):
        assert build(key="pressed-twice").status_code == 303
    assert len(ada.get(f"/tickets/{ticket['id']}").json["orders"]) == 1


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({"price": ["x", "65", "1"]}, "price-0"),
        ({"quantity": ["1", "0", "1"]}, "quantity-1"),
        ({"rate": ["22", "22", "101"]}, "rate-2"),
        ({"text": ["", "b", "c"]}, "text-0"),
        ({"title": ""}, "title"),
        ({"text": [], "quantity": [], "price": [], "rate": []}, "lines"),
        ({"price": ["0", "0", "0"]}, "lines"),
        ({"lead_days": "soon"}, "lead_days"),
        ({"valid_until": "2026-11-22"}, "valid_until"),
        ({"valid_until": ""}, "valid_until"),
        ({"currency": "DOGE"}, "currency"),
        ({"currency": "JPY"}, "price-2"),
    ],
    ids=str,
)
def test_what_is_amiss_is_named_and_the_rest_kept(build, card, form, fault, ada, ticket):
    answer = build(**form)
    assert answer.status_code == 422
    assert f'id="fault-{fault}"' in answer.text
    assert 'value="Handbook"' in answer.text or "text" in form
    assert ada.get(f"/tickets/{ticket['id']}").json["orders"] == []


def test_a_line_is_added_and_removed_without_losing_the_others(agent, path):
    form = {"title": "x", "currency": "EUR", "lead_days": "5", "valid_until": UNTIL, **LINES}
    added = agent.post(f"{path}/quote", **form, act="add").text
    assert len(re.findall('name="text"', added)) == 4
    removed = agent.post(f"{path}/quote", **form, act="remove:1").text
    assert re.findall('name="text" value="([^"]*)"', removed) == ["Plugin", "Handbook"]


def test_a_saved_item_is_one_click(agent, path, site):
    kept = agent.post(
        f"/offers/{site.key}/items", text="Support hour", quantity="1", price="65", rate="21"
    )
    assert kept.status_code == 303
    page = agent.get(f"{path}/quote").text
    item = re.search(r'<option value="([^"]+)">Support hour', page)[1]
    form = {"title": "x", "currency": "EUR", "lead_days": "5", "valid_until": UNTIL}
    text = agent.post(f"{path}/quote", **form, act="insert", item=item).text
    assert 'value="Support hour"' in text
    assert 'name="price" value="65.00"' in text
    agent.post(f"/offers/{site.key}/items/{item}")
    assert "Support hour" not in agent.get("/offers").text


def test_an_item_without_a_price_is_refused_and_stays_typed(agent, site):
    answer = agent.post(f"/offers/{site.key}/items", text="Hour", quantity="1", price="", rate="21")
    assert answer.status_code == 422
    assert 'value="Hour"' in answer.text


def test_a_new_version_starts_from_the_last(build, card, agent, path):
    build()
    order = card()["id"]
    page = agent.get(f"{path}/quote?order={order}").text
    assert 'name="price" value="1200.00"' in page
    build(order=order, title="Cheaper")
    shown = card()
    assert (shown["title"], shown["quote"]["version"]) == ("Cheaper", 2)


def test_an_order_is_followed_to_its_end(build, card, accept, agent, path):
    build()
    accept()
    at = f"{path}/orders/{card()['id']}"
    assert agent.post(f"{at}/state", to="in_production").status_code == 409
    agent.post(f"{at}/payment", reference="Transfer of Tuesday")
    assert card()["state"] == "paid"
    assert "Transfer of Tuesday" in agent.get(path).text
    for state in ("in_production", "delivered"):
        agent.post(f"{at}/state", to=state)
        assert card()["state"] == state
    agent.post(f"{at}/refund", amount="1.728,09", reference="back")
    assert card()["state"] == "refunded"


def test_a_request_is_found_by_number_and_lines_of_its_quote(build, agent):
    build()
    for words in ("2026-0001", "handbook plugin"):
        assert "A plugin" in agent.get("/", query_string={"q": words}).text
    assert "A plugin" not in agent.get("/?q=2026-0002").text


def test_a_transfer_recorded_twice_is_one(build, card, accept, agent, path):
    build()
    accept()
    at = f"{path}/orders/{card()['id']}"
    for _ in range(2):
        agent.post(f"{at}/payment", reference="once")
    assert agent.get(path).text.count(">once ·") == 1


@pytest.mark.parametrize("settings", [{"SESSION_TTL": 10**6}])
def test_a_transfer_that_came_earlier_counts_from_its_day(
    build, card, accept, agent, path, clock, settings
):
    build()
    accept()
    clock("2026-11-24T08:00:00+00:00")  # Tuesday; it came on Monday.
    at = f"{path}/orders/{card()['id']}"
    for day in ("2026-11-25", "2026-11-22", "soon"):
        assert agent.post(f"{at}/payment", on=day).status_code == 422
    agent.post(f"{at}/payment", on="2026-11-23")
    shown = card()
    assert shown["paid_at"].startswith("2026-11-23T12:00")
    assert shown["delivery"] == {"on": "2026-11-30", "estimated": False, "lead_days": 5}


def test_one_reference_pays_no_two_orders(build, card, accept, agent, path, clock):
    for expected in (200, 409):
        clock.pass_(minutes=1)
        build()
        accept()
        at = f"{path}/orders/{card()['id']}"
        assert agent.post(f"{at}/payment", reference="Tuesday").status_code in (expected, 303)
    assert card()["state"] == "awaiting_payment"
    agent.post(f"{at}/payment", reference="Tuesday, second half")
    assert card()["state"] == "paid"


def test_a_double_press_sends_money_back_once(build, card, accept, agent, path):
    build()
    accept()
    at = f"{path}/orders/{card()['id']}"
    agent.post(f"{at}/payment")
    for _ in range(2):
        agent.post(f"{at}/refund", amount="28,09", reference="", key="pressed-twice")
    assert query("SELECT sum(amount) FROM receipt WHERE kind = 'refund'") == [(2_809,)]
    assert 'name="amount" inputmode="decimal" value="1700.00"' in agent.get(path).text
    assert agent.post(f"{at}/refund", amount="1700,01", reference="x").status_code == 422


def test_a_saved_item_in_another_currency_brings_no_price(agent, path, site):
    agent.post(f"/offers/{site.key}/items", text="Hour", quantity="1", price="65", rate="21")
    item = re.search(r'<option value="([^"]+)">Hour', agent.get(f"{path}/quote").text)[1]
    form = {"title": "x", "currency": "JPY", "lead_days": "5", "valid_until": UNTIL}
    text = agent.post(f"{path}/quote", **form, act="insert", item=item).text
    assert 'value="Hour"' in text
    assert 'name="price" value=""' in text


def test_a_cancelled_quote_says_why(build, card, agent, path, ada, ticket):
    build()
    agent.post(f"{path}/orders/{card()['id']}/state", to="cancelled", reason="Out of stock")
    assert card()["state"] == "cancelled"
    assert "Out of stock" in agent.get(path).text


def test_an_order_is_found_only_in_its_ticket(build, card, agent, site, ada):
    build()
    other = ada.open()["number"]
    place = f"/tickets/{site.key}/{other}/orders/{card()['id']}"
    assert agent.post(f"{place}/state", to="cancelled").status_code == 404
    assert agent.get(f"{place}/document").status_code == 404
    assert card()["state"] == "awaiting_acceptance"


def test_agents_cannot_accept_for_the_customer(build, card, agent, path):
    build()
    at = f"{path}/orders/{card()['id']}/state"
    for state in ("awaiting_payment", "paid", "declined", "nonsense"):
        assert agent.post(at, to=state).status_code in (409, 422)
    assert card()["state"] == "awaiting_acceptance"


def test_the_document_is_a_pdf(build, card, agent, path):
    build()
    answer = agent.get(f"{path}/orders/{card()['id']}/document")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")


def test_figures_and_defaults_are_on_their_page(build, agent, path, site):
    build()
    assert "1.728,09\xa0€" in agent.get("/offers").text
    answer = agent.post(
        f"/offers/{site.key}", currency="USD", rate="5,5", validity_days="7", lead_days="3",
        seller="Shop Ltd", terms="",
    )  # fmt: skip
    assert answer.status_code == 303
    page = agent.get(f"{path}/quote").text
    assert "<option selected>USD</option>" in page
    assert 'name="rate" value="5.5"' in page
    assert 'value="2026-11-30"' in page


@pytest.mark.parametrize(
    "form", [{"currency": "XXX"}, {"rate": "200"}, {"lead_days": "-1"}, {"validity_days": "many"}]
)
def test_defaults_that_make_no_sense_are_refused(agent, site, form):
    usual = {"currency": "EUR", "rate": "21", "validity_days": "30", "lead_days": "10"}
    assert agent.post(f"/offers/{site.key}", **(usual | form)).status_code == 422
