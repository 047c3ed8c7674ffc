"""Sites set up by programs: look, keys, retention, ways to be paid, assistant, mail."""

import io
import random

import pytest
from PIL import Image

from widget_server.console.language import catalog
from widget_server.database import query

from ..server.test_sessions import PNG

IBAN = "ES9121000418450200051332"


@pytest.fixture
def place(site):
    return f"/sites/{site.key}"


def test_a_site_is_added_put_away_and_brought_back(program, site):
    api = program()
    made = api.post("/sites", name="Bakery", origins=["https://Bakery.example"])
    assert (made.status_code, made.json["origins"]) == (201, ["https://bakery.example"])
    secret = made.json["signing_key"]["secret"]
    one = f"/sites/{made.json['key']}"
    assert secret not in api.get(one).text + api.get(f"{one}/keys").text
    assert api.put(f"{one}/archive").json["archived_at"]
    assert api.send("DELETE", f"{one}/archive").json["archived_at"] is None
    bad = api.post("/sites", name="B", origins=["bakery"])
    assert (bad.status_code, list(bad.json["error"]["fields"])) == (422, ["origins"])
    narrow = program(only_site=site.id)
    assert narrow.post("/sites", name="B", origins=["https://b.example"]).status_code == 403


def test_a_category_no_longer_offered_cannot_be_changed(place, program):
    api, one = program(), f"{place}/categories/bug"
    assert api.send("DELETE", one).status_code == 204
    before = query("SELECT * FROM category")
    assert api.put(one, name={"es": "Otra"}).status_code == 404
    assert query("SELECT * FROM category") == before


def test_a_logo_may_have_two_megabytes_and_say_what_it_is(place, program):
    large = io.BytesIO()
    Image.frombytes("RGB", (800, 700), random.Random(1).randbytes(800 * 700 * 3)).save(large, "PNG")
    assert 1 << 20 < len(large.getvalue()) < 2_000_000
    sent = program().send("POST", f"{place}/logo", data=large.getvalue(), content_type="image/png")
    assert sent.status_code == 201


def test_a_key_is_shown_once_retired_and_taken_back(place, program):
    api = program()
    made = api.post(f"{place}/keys").json
    keys = api.get(f"{place}/keys")
    assert made["secret"] not in keys.text
    assert {each["kid"] for each in keys.json["keys"]} > {made["kid"]}
    assert api.send("DELETE", f"{place}/keys/{made['kid']}").status_code == 204
    assert api.send("DELETE", f"{place}/keys/{made['kid']}").status_code == 404
    assert api.post(f"{place}/keys/{made['kid']}/restoration").status_code == 204


def test_what_is_left_out_of_a_look_stays(place, program):
    api = program()
    before = api.get(place).json
    shown = api.put(f"{place}/look", look={"accent": "#aa0000"}, greeting={"en": "Hi"}).json
    assert shown["look"] == before["look"] | {"accent": "#aa0000"}
    assert (shown["name"], shown["greeting"]) == (before["name"], {"en": "Hi"})
    kept = api.client.post(
        f"/api/v1/agent{place}/logo", data=PNG, content_type="application/octet-stream",
        headers={"Authorization": f"Bearer {api.secret}"},
    )  # fmt: skip
    assert api.put(f"{place}/look", look=kept.json).json["look"]["logo"] == kept.json["logo"]
    for wrong, field in (({"look": {"accent": "red"}}, "accent"), ({"origins": ["x"]}, "origins"),
                         ({"greeting": {"xx": "Hi"}}, "greeting")):  # fmt: skip
        answer = api.put(f"{place}/look", **wrong)
        assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field])


def test_retention_is_changed_and_says_what_would_go(place, program):
    api = program()
    shown = api.put(f"{place}/retention", tickets_days=30).json
    assert (shown["tickets_days"], shown["files_days"], shown["orders_years"]) == (30, None, 10)
    assert shown["begins_at"]
    assert shown["would"]["tickets"] == 0
    assert api.put(f"{place}/retention", tickets_days=None).json["begins_at"] is None
    assert api.put(f"{place}/retention", tickets_days=0).status_code == 422


def test_secrets_of_payments_go_in_and_never_out(place, program):
    api = program()
    transfer = api.put(
        f"{place}/payments/transfer", on=True, settings={"holder": "Shop", "iban": IBAN}
    ).json
    assert transfer["on"]
    assert api.put(f"{place}/payments/transfer", on=False).json["settings"]["iban"] == IBAN
    secrets = {"key": "sk_test_hidden", "hook_secret": "whsec_hidden"}
    stripe = api.put(f"{place}/payments/stripe", on=True, secrets=secrets)
    assert sorted(stripe.json["kept"]) == ["hook_secret", "key"]
    assert "hidden" not in stripe.text + api.get(f"{place}/payments").text
    strange = api.put(f"{place}/payments/transfer", on=False, settings={"key": "x"})
    assert list(strange.json["error"]["fields"]) == ["settings"]
    wrong = api.put(f"{place}/payments/transfer", on=True, settings={"iban": "ES00"})
    assert list(wrong.json["error"]["fields"]) == ["iban"]
    assert api.put(f"{place}/payments/gold", on=True).status_code == 404
    assert api.post(f"{place}/payments/transfer/check").json == {"wrong": None}


def test_the_key_of_the_writer_is_kept_and_never_answered(place, program):
    api = program()
    address = "https://models.example/v1"
    chosen = api.put(f"{place}/assistant", on=True, url=address, model="m", key="hidden-key")
    assert chosen.json["kept"]
    assert api.put(f"{place}/assistant", daily=7).json | {"daily": 7} == chosen.json | {"daily": 7}
    shown = api.get(f"{place}/assistant")
    assert "hidden-key" not in chosen.text + shown.text
    assert (shown.json["writer"]["daily"], shown.json["questions"]) == (7, [])
    missing = api.put(f"{place}/assistant/questions/none", dismissed=True)
    assert missing.status_code == 404


def test_clerks_read_no_payments_and_change_nothing_of_a_site(place, program, clerk):
    theirs = program("settings:read", "tickets:write", agent=clerk)
    assert theirs.get(place).status_code == 200
    for path in ("/payments", "/retention", "/keys"):
        assert theirs.get(place + path).json["error"]["code"] == "scope_missing"


def test_a_sites_mail_is_changed_in_part(place, program):
    api = program()
    shown = api.put(f"{place}/mail", address="Help@shop.example", confirm=True).json
    assert (shown["address"], shown["opens"], shown["confirm"]) == (
        "help@shop.example", True, True,
    )  # fmt: skip
    assert api.put(f"{place}/mail", confirm=False).json["address"] == "help@shop.example"
    assert list(api.put(f"{place}/mail", category="no").json["error"]["fields"]) == ["category"]
    assert api.get("/mail").json["sends"] is None


def test_acts_of_programs_are_told_in_the_log(place, program, agent):
    api = program()
    api.put(f"{place}/payments/transfer", on=False)
    (row,) = api.get("/audit?act=agent_update_payments").json["acts"]
    assert row["via"] == "api"
    said = catalog(agent.record.locale)["audit.act.update_payments"]
    assert said in agent.get("/audit").text
