"""A plain form: what it asks, what it keeps when something is wrong, and whom it turns away."""

import json
import re
from html import unescape

import pytest

from widget_server.articles.pages.words import words
from widget_server.database import query
from widget_server.plain import guards
from widget_server.sites import service as sites
from widget_server.sites.service import LANGUAGES

from .conftest import ANA, WRITTEN

FIELDS = [
    {"key": "order", "type": "order", "label": {"en": "Order", "es": "Pedido"}, "required": True},
    {"key": "page", "type": "url", "label": {"en": "Page"}, "hint": {"en": "Where it happens"}},
    {"key": "size", "type": "choice", "label": {"en": "Size"}, "options": [
        {"value": "s", "label": {"en": "Small"}}, {"value": "l", "label": {"en": "Large"}}]},
    {"key": "count", "type": "number", "label": {"en": "Count"}},
    {"key": "since", "type": "date", "label": {"en": "Since"}},
    {"key": "story", "type": "long", "label": {"en": "Story"}, "max_length": 20},
]  # fmt: skip


@pytest.fixture
def asking(site):
    """The site's category asks for more."""
    category = {"name": {"en": "Help", "es": "Ayuda"}, "icon": "box", "fields": FIELDS}
    return sites.save_category(site, "help", category)


def filed():
    return query("SELECT title, email, locale, category_id FROM ticket")


def faults(answer):
    return re.findall(r'class="fault">([^<]+)<', answer.text)


def test_it_leads_to_the_readers_language(client, place):
    for asked, there in (("fr-CA,fr", "fr"), ("en", "en"), ("ja", "es")):
        answer = client.get(place, headers={"Accept-Language": asked})
        assert (answer.status_code, answer.location) == (302, f"{place}/{there}")
    assert client.get(f"{place}/ja").status_code == 404


def test_first_it_asks_what_it_is_about(client, place, site):
    page = client.get(f"{place}/es").text
    offered = sites.categories(site.id)
    assert len(offered) > 1
    assert re.findall(r'request/es\?category=(\w+)"', page) == [each.id for each in offered]
    assert "<form" not in page
    assert client.get(f"{place}/es?category=nothing").status_code == 404


def test_with_one_kind_of_request_it_asks_at_once(client, place, site):
    for each in sites.categories(site.id)[1:]:
        sites.retire_category(site, each.id)
    assert '<form class="plain"' in client.get(f"{place}/es").text


def test_a_notice_is_shown_while_it_is_current(client, place, site, clock):
    notice = {"tone": "outage", "text": {"en": "**Payments** are down."}, "until": "2026-11-23"}
    sites.save_category(site, "help", {"name": {"en": "Help"}, "icon": "box", "notice": notice})
    page = f"{place}/en?category=help"
    assert "<strong>Payments</strong> are down." in client.get(page).text
    clock.pass_(hours=24)
    assert "Payments" not in client.get(page).text


def test_what_is_written_is_filed_in_its_language(send):
    answer = send("es")
    assert answer.status_code == 303
    assert answer.location.endswith("/request/es?sent=1")
    assert filed() == [(WRITTEN["title"], ANA, "es", "help")]
    assert query("SELECT body FROM message") == [(WRITTEN["body"],)]


def test_faults_are_named_and_what_was_typed_is_kept(send):
    typed = {"title": " ", "body": "<b>Hi</b> & bye", "email": "ana@mail"}
    answer = send("en", **typed)
    assert answer.status_code == 422
    t = words("en")
    assert faults(answer) == [t("fault_title"), t("fault_email")]
    assert t("fault") in answer.text
    assert (
        unescape(re.search(r"<textarea[^>]*>([^<]*)</textarea>", answer.text)[1]) == typed["body"]
    )
    assert 'value="ana@mail"' in answer.text
    assert len(re.findall("autofocus", answer.text)) == 1
    assert filed() == []


def test_too_much_is_said_with_how_much_it_may_be(send):
    answer = send("en", title="x" * 201, body="y" * 10_001)
    assert faults(answer) == ["At most 200 characters.", "At most 10000 characters."]
    assert filed() == []


def test_a_category_s_own_fields_are_asked_checked_and_kept(asking, client, place, send):
    page = client.get(f"{place}/en?category=help").text
    assert [unescape(each) for each in re.findall(r"<label[^>]*>([^<]+)<", page)][2:-1] == [
        "Order", "Page (optional)", "Size (optional)", "Count (optional)", "Since (optional)",
        "Story (optional)",
    ]  # fmt: skip
    assert "Where it happens" in page
    wrong = {"field-page": "here", "field-size": "m", "field-count": "two", "field-since": "x",
             "field-story": "z" * 21}  # fmt: skip
    answer = send("en", **wrong)
    t = words("en")
    assert faults(answer) == [
        t("fault_required"), t("fault_url"), t("fault_look"), t("fault_number"), t("fault_look"),
        t("fault_long", most=20),
    ]  # fmt: skip
    assert filed() == []
    right = {"field-order": "A-1", "field-page": "https://shop.example/x", "field-size": "l"}
    assert send("en", **right).status_code == 303
    assert query("SELECT fields FROM ticket")[0][0] in (
        '{"order": "A-1", "page": "https://shop.example/x", "size": "l"}',
        {"order": "A-1", "page": "https://shop.example/x", "size": "l"},
    )


def test_a_form_sent_twice_is_one_request(open_form, send):
    slip = open_form()
    assert [send(slip=slip).status_code for _ in range(3)] == [303, 303, 303]
    assert len(filed()) == 1


def test_a_form_sent_and_then_changed_is_looked_over_first(client, open_form, send):
    slip = open_form()
    send(slip=slip)
    answer = send(slip=slip, title="Otra cosa")
    assert answer.status_code == 409
    assert 'value="Otra cosa"' in answer.text
    fresh = re.search(r'name="slip" value="([^"]+)"', answer.text)[1]
    assert fresh != slip
    assert len(filed()) == 1


@pytest.mark.parametrize("slip", ["x", "", "longer than a day", "another site's"])
def test_a_slip_that_is_not_ours_files_nothing(add_site, client, clock, open_form, send, slip):
    if slip == "longer than a day":
        slip = open_form(seconds=guards.LIFE + 1)
    elif slip == "another site's":
        other = client.get(f"/help/{add_site('Other').key}/request/es?category=help").text
        slip = re.search(r'name="slip" value="([^"]+)"', other)[1]
        clock.pass_(seconds=5)
    answer = send(slip=slip or "none")
    assert answer.status_code == 409
    assert f'value="{WRITTEN["title"]}"' in answer.text
    assert filed() == []


def test_nobody_writes_faster_than_a_person_and_waiting_helps(clock, open_form, send):
    slip = open_form(seconds=1)
    answer = send("en", slip=slip)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    assert "You can send this in 2 seconds." in answer.text
    assert f'value="{slip}"' in answer.text
    clock.pass_(seconds=2)
    assert send("en", slip=slip).status_code == 303


def test_a_field_no_person_sees_is_emptied_and_nothing_is_filed(send):
    answer = send("en", website="https://spam.example")
    assert answer.status_code == 422
    assert words("en")("website") in answer.text
    assert "spam.example" not in answer.text
    assert filed() == []


def test_one_address_of_the_network_sends_a_handful_an_hour(clock, send):
    for number in range(guards.PER_ADDRESS.amount):
        assert send(email=f"p{number}@mail.example").status_code == 303
    answer = send("en", email="last@mail.example")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3_600
    assert re.search(r"You can send this in (\d+ minutes|1 hour)\.", answer.text)
    assert len(filed()) == guards.PER_ADDRESS.amount
    clock.pass_(hours=1)
    assert send(email="last@mail.example").status_code == 303


def test_a_whole_site_takes_so_many_an_hour(client, place, open_form, monkeypatch):
    monkeypatch.setattr(guards, "PER_SITE", guards.Bound(3, 3_600))
    met = []
    for number in range(4):
        form = WRITTEN | {"email": f"p{number}@mail.example", "slip": open_form()}
        here = {"REMOTE_ADDR": f"198.51.100.{number}"}
        met.append(client.post(f"{place}/es", data=form, environ_overrides=here).status_code)
    assert met == [303, 303, 303, 429]


def test_another_page_sends_nothing_in_a_readers_name(send):
    for place in ("cross-site", "same-site", "none"):
        assert send(headers={"Sec-Fetch-Site": place}).status_code == 403
    assert filed() == []


def test_the_pages_are_strict_kept_by_nobody_and_in_no_index(client, place):
    for path in ("", "?category=help", "?sent=1"):
        answer = client.get(f"{place}/es{path}")
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "form-action 'self'" in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in answer.text
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_language_has_every_text(client, place, send, locale):
    pages = [client.get(f"{place}/{locale}{path}").text for path in ("", "?category=help", "?sent")]
    assert all(f'<html lang="{locale}">' in page for page in pages)
    assert words(locale)("sent_hint") in pages[2]
    assert faults(send(locale, title="")) == [words(locale)("fault_title")]


def test_a_site_that_was_put_away_takes_nothing(client, place, site, open_form, send):
    slip = open_form()
    sites.archive_site(site)
    assert client.get(f"{place}/es").status_code == 404
    assert send(slip=slip).status_code == 404


class TestWithoutMail:
    @pytest.fixture
    def settings(self):
        return {}

    def test_there_is_no_form(self, client, place):
        """Nobody could confirm what is sent."""
        for path in (place, f"{place}/es"):
            assert client.get(path).status_code == 404
        assert client.post(f"{place}/es", data=WRITTEN).status_code == 404


def test_an_address_that_is_none_is_told(asking, send):
    answer = send("en", **{"field-order": "A-1", "field-page": "https://[shop.example/x"})
    assert (answer.status_code, faults(answer)) == (422, [words("en")("fault_url")])


def test_a_line_break_counts_once_as_in_the_browser(asking, send):
    story = "\n".join("abcdefghij")
    sent = {"field-order": "A-1", "field-story": story.replace("\n", "\r\n")}
    assert send("en", **sent).status_code == 303
    ((kept,),) = query("SELECT fields FROM ticket")
    assert (json.loads(kept) if isinstance(kept, str) else kept)["story"] == story


def test_what_one_address_is_refused_is_taken_from_nobody_else(
    client, place, open_form, send, monkeypatch
):
    monkeypatch.setattr(guards, "PER_SITE", guards.Bound(guards.PER_ADDRESS.amount + 1, 3_600))
    send(email="eva@mail.example")
    sent = [send().status_code for _ in range(guards.PER_ADDRESS.amount + 2)]
    assert sent[-3:] == [429] * 3
    form, here = WRITTEN | {"slip": open_form()}, {"REMOTE_ADDR": "198.51.100.7"}
    assert client.post(f"{place}/es", data=form, environ_overrides=here).status_code == 303
