"""A site's look: validated field by field, drawn beside the form, saved for every page."""

import io
import json
import re
from html import unescape

import pytest
from PIL import Image

from widget_server import audit
from widget_server.agents.models import Agent
from widget_server.console.presenters import look as presenter
from widget_server.database import query
from widget_server.sites import logos
from widget_server.sites import service as sites
from widget_server.sites.models import Site

FORM = {
    "name": "Shop",
    "origins": "https://shop.example",
    "accent": "#2454d6",
    "radius": "12",
    "position": "end",
    "offset_x": "20",
    "offset_y": "20",
    "theme": "auto",
    "default_language": "es",
    "logo": "",
}


def picture(kind="PNG", size=(1_600, 400)):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return out.getvalue()


@pytest.fixture
def boss(agent, site):
    Agent.update(role="administrator", locale="en").execute()
    return agent


@pytest.fixture
def save(boss, site):
    def send(act="", **change):
        return boss.post(f"/look/{site.key}{act}", **(FORM | change))

    return send


@pytest.fixture
def preview(boss):
    """Return the preview a draft leads to, and the configuration its window has."""

    def show(answer):
        path = unescape(re.search(r'data-preview="/console([^"]+)"', answer.text)[1])
        page = boss.get(path)
        assert page.status_code == 200
        config = json.JSONDecoder().raw_decode(page.text, page.text.index('{"key":'))[0]
        return page, config

    return show


@pytest.fixture
def small_limit(monkeypatch):
    """Larger bodies would go through a file of the test client's own."""
    monkeypatch.setattr(logos, "LARGEST", 400_000)


def upload(content, name="logo.png"):
    return (io.BytesIO(content), name)


def test_what_is_saved_is_what_pages_get(save, site, client):
    answer = save(
        **{
            "name": "Shop & co", "origins": "https://shop.example\nhttps://www.shop.example",
            "accent": "#FFE14A", "radius": "0", "position": "start", "offset_x": "8",
            "offset_y": "64", "theme": "dark", "default_language": "it",
            "label-it": "Domande?", "greeting-it": "Buongiorno", "greeting-de": "  Guten   Tag ",
        }
    )  # fmt: skip
    assert answer.status_code == 303
    found = sites.find_site(site.key)
    assert found.origins == ["https://shop.example", "https://www.shop.example"]
    loader = client.get(f"/w/{site.key}.js").text
    config = json.JSONDecoder().raw_decode(loader, loader.index('{"key":'))[0]
    assert config["name"] == "Shop & co"
    assert config["look"] == {
        "accent": "#ffe14a", "radius": 0, "position": "start", "offset": [8, 64],
        "theme": "dark", "logo": None,
    }  # fmt: skip
    assert config["labels"]["it"] == "Domande?"
    assert config["labels"]["en"] == "Help"
    assert config["greeting"] == {"it": "Buongiorno", "de": "Guten Tag"}
    (row,) = audit.rows(act="site.changed")[0]
    assert row.data["what"] == [
        "name", "origins", "default_language", "greeting", "labels", "languages", "look",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"origins": "shop.example"}, "origins"),
        ({"origins": "\n".join(f"https://{n}.example" for n in range(31))}, "origins"),
        ({"accent": "red"}, "accent"),
        ({"accent": "#fff"}, "accent"),
        ({"accent": "#ffffff;}*{"}, "accent"),
        ({"radius": "29"}, "radius"),
        ({"radius": "-1"}, "radius"),
        ({"position": "middle"}, "position"),
        ({"offset_x": "1.5"}, "offset"),
        ({"offset_y": "201"}, "offset"),
        ({"offset_y": ""}, "offset"),
        ({"theme": "sepia"}, "theme"),
        ({"default_language": "xx"}, "default_language"),
        ({"label-es": "x" * 41}, "labels"),
        ({"greeting-fr": "x" * 141}, "greeting"),
        ({"logo": "javascript:alert(1)"}, "logo"),
        ({"logo": "https://x.example;script-src *"}, "logo"),
        ({"picture": b"<svg onload=alert(1)>"}, "logo"),
        ({"picture": b"\x89PNG\r\n\x1a\nbroken"}, "logo"),
        ({"picture": picture() + b"x" * 400_000}, "logo"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_stays_as_typed(
    save, site, small_limit, change, field
):
    before = Site.get().settings
    change = {name: upload(sent) if name == "picture" else sent for name, sent in change.items()}
    answer = save(**{"greeting-en": "Typed in", **change})
    assert answer.status_code == 422
    said = re.findall(r'<div id="fault-(\w+)"[^>]*><p class="refusal">', answer.text)
    assert said == [field]
    assert 'value="Typed in"' in answer.text
    assert Site.get().settings == before


def test_the_languages_of_the_help_are_chosen_and_the_usual_one_is_among_them(save, boss, site):
    save(**{"written-fr": "1", "written-de": "1"})
    assert sites.find_site(site.key).settings["languages"] == ["es", "fr", "de"]
    page = boss.get(f"/look?site={site.key}").text
    assert re.findall(r'name="written-(\w\w)" value="1" checked', page) == ["es", "fr", "de"]
    assert boss.client.get(f"/help/{site.key}/de/").status_code == 200
    assert boss.client.get(f"/help/{site.key}/pt/").status_code == 404


def test_only_a_picture_s_pixels_are_kept(save, site, client):
    exif = io.BytesIO()
    Image.new("RGB", (1_600, 400), "red").save(exif, "JPEG", comment=b"where I live")
    answer = save(picture=upload(exif.getvalue(), "../../evil.html"))
    assert answer.status_code == 303
    address = sites.find_site(site.key).settings["look"]["logo"]
    assert re.fullmatch(rf"https://help\.example/logos/{site.key}/[0-9a-f]{{32}}\.png", address)
    answer = client.get(address.removeprefix("https://help.example"))
    assert answer.mimetype == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"where I live" not in answer.data
    assert Image.open(io.BytesIO(answer.data)).size == (800, 200)


def test_a_logo_belongs_to_its_site(save, site, add_site, client):
    save(picture=upload(picture()))
    name = sites.find_site(site.key).settings["look"]["logo"].rpartition("/")[2]
    assert client.get(f"/logos/{add_site('Bolt').key}/{name}").status_code == 404
    assert client.get(f"/logos/{site.key}/{'0' * 32}.png").status_code == 404


def test_a_logo_is_taken_away_again(save, site):
    save(picture=upload(picture()))
    address = sites.find_site(site.key).settings["look"]["logo"]
    save(logo=address)
    assert sites.find_site(site.key).settings["look"]["logo"] == address
    save(logo=address, no_logo="1")
    assert sites.find_site(site.key).settings["look"]["logo"] is None


def test_logos_nobody_saved_go_after_two_days(save, site, clock):
    save("/draft", picture=upload(picture("GIF")))
    save(picture=upload(picture("WEBP", (100, 100))))
    assert len(query("SELECT 1 FROM site_logo")) == 2
    logos.sweep()
    assert len(query("SELECT 1 FROM site_logo")) == 2
    clock.pass_(hours=49)
    logos.sweep()
    (left,) = query("SELECT digest FROM site_logo")
    assert left[0] in sites.find_site(site.key).settings["look"]["logo"]


def test_a_draft_is_previewed_and_never_saved(save, site, preview):
    before = Site.get()
    answer = save("/draft", **{"accent": "#00ff00", "greeting-es": "</script><b>", "name": "Draft"})
    page, config = preview(answer)
    assert config["look"]["accent"] == "#00ff00"
    assert config["greeting"]["es"] == "</script><b>"
    assert config["name"] == "Draft"
    assert page.text.count("</script>") == 2
    assert "<b>" not in page.text
    assert (Site.get().settings, Site.get().name) == (before.settings, before.name)
    assert audit.rows(act="site.changed")[0] == []


def test_a_draft_at_fault_says_so_and_leads_nowhere(save):
    answer = save("/draft", accent="#12")
    assert answer.status_code == 200
    assert 'id="fault-accent" class="fault" role="alert" hx-swap-oob="true"><p' in answer.text
    assert "data-preview" not in answer.text


def test_the_preview_can_reach_nothing(save, preview):
    policy = preview(save("/draft"))[0].headers["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'none'"
    assert "connect-src" not in parts
    assert parts["frame-ancestors"] == "'self'"
    assert parts["sandbox"] == "allow-scripts allow-forms"
    assert "unsafe" not in policy


def test_only_what_we_signed_is_previewed(boss, site, add_site, save):
    path = unescape(re.search(r'data-preview="/console([^"]+)"', save("/draft").text)[1])
    assert boss.get(path[:-2]).status_code == 404
    assert boss.get(f"/look/{site.key}/preview").status_code == 404
    other = add_site("Bolt")
    assert boss.get(path.replace(site.key, other.key)).status_code == 404


def test_the_page_may_frame_its_own_preview_and_nothing_else(boss, site):
    policy = boss.get(f"/look?site={site.key}").headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-src" not in boss.get("/contact").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "accent", ["#ffe14a", "#8a1c3c", "#2454d6", "#000000", "#ffffff", "#777777"]
)
def test_every_colour_shown_can_be_read(accent):
    shown = presenter.contrasts(accent)
    assert [each["name"] for each in shown] == ["button", "light", "dark"]
    assert all(each["ratio"] >= 4.5 for each in shown)
    assert all(each["poor"] <= 4.5 for each in shown if each["changed"])


def test_a_colour_that_would_be_hard_to_read_is_named(save):
    answer = save("/draft", accent="#ffe14a")
    assert "Your colour would be hard to read here (1.3 : 1)" in answer.text
    assert "hard to read" not in save("/draft", accent="#2454d6").text.split("text, dark")[0]


def test_what_embeds_it_stands_ready_to_be_copied(boss, site):
    page = unescape(boss.get(f"/look?site={site.key}").text)
    assert f'<script async src="https://help.example/w/{site.key}.js"></script>' in page
    assert f'<ventanilla-widget site="{site.key}"></ventanilla-widget>' in page
    assert "script-src https://help.example;\nconnect-src https://help.example;" in page
    assert site.signing.kid in page
    assert site.signing.secret not in page
