"""Administrators decide what people can ask for, and what they are asked."""

import json

from widget_server.database import execute, query
from widget_server.sites import service as sites
from widget_server.sites.models import Category

FORM = {
    "icon": "box",
    "name-es": "Envíos",
    "name-en": "Shipping",
    "hint-es": "Dónde está mi pedido",
    "notice-es": "Hay **retrasos**",
    "tone": "warning",
    "from": "2026-11-01",
    "type-0": "order",
    "label-0-es": "Número de pedido",
    "help-0-es": "Está en el correo de compra",
    "required-0": "1",
    "pattern-0": r"[A-Z]{2}\d{4}",
    "type-1": "choice",
    "label-1-es": "Transportista",
    "options-1": "Correos, Otra empresa",
    "type-2": "text",
    "label-2-es": "",
}


def offered(site):
    config = sites.public_config(site, "https://x.example", file_bytes=1, assets={})
    return {each["id"]: each for each in config["categories"]}


def test_a_new_category_is_offered_with_its_notice_and_questions(clock, agent, site, ada):
    clock("2026-11-23T10:00:00Z")
    before = set(offered(site))
    assert agent.post(f"/categories/{site.key}/new", **FORM).status_code == 303
    ((made, category),) = [(k, v) for k, v in offered(site).items() if k not in before]
    assert category["name"] == {"es": "Envíos", "en": "Shipping"}
    assert category["notice"]["content"]["es"] == (
        ["p", None, "Hay ", ["strong", None, "retrasos"]],
    )
    assert [field["key"] for field in category["fields"]] == ["numero_de_pedido", "transportista"]
    assert category["fields"][0]["help"] == {"es": "Está en el correo de compra"}
    assert category["fields"][1]["options"][1]["value"] == "otra_empresa"
    asked = {"category": made, "title": "t", "body": "b"}
    answer = ada.post("/tickets", **asked, fields={"numero_de_pedido": "12"})
    assert "numero_de_pedido" in answer.json["error"]["fields"]["fields"]
    filed = ada.post("/tickets", **asked, fields={"numero_de_pedido": "ES1234"})
    assert filed.status_code == 201
    page = agent.get(f"/tickets/{site.key}/{filed.json['number']}").get_data(as_text=True)
    assert "ES1234" in page


def test_a_changed_category_keeps_its_tickets_and_a_retired_one_is_offered_no_longer(
    agent, site, ada
):
    ticket = ada.open(category="help")
    assert agent.post(f"/categories/{site.key}/help", **FORM).status_code == 303
    assert offered(site)["help"]["name"]["es"] == "Envíos"
    assert agent.post(f"/categories/{site.key}/help", retire="1", **FORM).status_code == 303
    assert "help" not in offered(site)
    shown = ada.get(f"/tickets/{ticket['id']}").json
    assert shown["category"]["id"] == "help"


def test_what_makes_no_sense_is_named_and_what_was_typed_stays(agent, site):
    for change, text in (
        ({"name-es": "", "name-en": ""}, "name"),
        ({"pattern-0": "(a+)+$"}, "numero_de_pedido.pattern"),
        ({"options-1": ""}, "transportista.options"),
        ({"type-0": "file"}, "numero_de_pedido.type"),
    ):
        answer = agent.post(f"/categories/{site.key}/new", **(FORM | change))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, change
        assert text in page, change
        assert "Transportista" in page, change
    assert query("SELECT count(*) FROM category") == [(4,)]


def test_pages_learn_of_a_change_and_only_administrators_make_one(agent, site):
    before = sites.version(site.key)
    agent.post(f"/categories/{site.key}/help", **FORM)
    assert sites.version(site.key) != before
    execute("UPDATE agent SET role = 'agent'")
    assert agent.post(f"/categories/{site.key}/help", **FORM).status_code == 403
    assert agent.get("/categories").status_code == 200


def test_no_language_is_lost_when_another_is_changed(site, agent):
    others = {"name-it": "Spedizioni", "name-pt": "Envios"}
    agent.post(f"/categories/{site.key}/new", **FORM | others)
    ((category_id, name),) = query(
        "SELECT id, name FROM category WHERE site_id = ? ORDER BY position DESC LIMIT 1", site.id
    )
    assert json.loads(name)["it"] == "Spedizioni"
    page = agent.get("/categories").text
    assert 'value="Spedizioni"' in page
    changed = FORM | others | {"name-es": "Envío"}
    agent.post(f"/categories/{site.key}/{category_id}", **changed)
    ((name,),) = query(
        "SELECT name FROM category WHERE site_id = ? AND id = ?", site.id, category_id
    )
    assert json.loads(name)["it"] == "Spedizioni"
    assert json.loads(name)["es"] == "Envío"


def options_of(site, name):
    (category,) = [each for each in offered(site).values() if each["name"].get("es") == name]
    return [(option["value"], option["label"]) for option in category["fields"][-1]["options"]]


def test_options_are_told_apart_whatever_they_are_called(site, agent, ada):
    typed = FORM | {"options-1": "10, 20, C, C++, C#, Ελλάδα, 10"}
    assert agent.post(f"/categories/{site.key}/new", **typed).status_code == 303
    values = [value for value, _ in options_of(site, "Envíos")]
    assert values == ["10", "20", "c", "C++", "C#", "Ελλάδα"]


def test_what_the_form_does_not_show_of_a_question_stays(site, agent):
    category = Category.get(Category.site_id == site.id, Category.id == "help")
    option = {"value": "sku-7", "label": {"es": "Pequeño", "en": "Small"}}
    asked = {"key": "size", "type": "choice", "label": {"es": "Talla"}, "max_length": 9}
    sites.save_category(
        site, "help", {"name": category.name, "fields": [asked | {"options": [option]}]}
    )
    form = {
        "name-es": "Ayuda", "key-0": "size", "type-0": "choice", "label-0-es": "Talla",
        "options-0": "Grande, Pequeño",
    }  # fmt: skip
    assert agent.post(f"/categories/{site.key}/help", **form).status_code == 303
    assert options_of(site, "Ayuda") == [
        ("grande", {"es": "Grande"}),
        ("sku-7", {"es": "Pequeño", "en": "Small"}),
    ]
    assert Category.get(Category.site_id == site.id, Category.id == "help").fields[0]["max_length"]
