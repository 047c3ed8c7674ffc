"""The page behind a mailed link: safe to look at, strict, and friendly when it comes too late."""

import json
import re

import pytest

from widget_server.database import execute, query
from widget_server.mail.pages.words import WORDS
from widget_server.sites import service as sites

ANA = "ana@mail.example"


@pytest.fixture
def link(clock, visitor, deliver):
    visitor.open(email=ANA)
    text = deliver(ANA)[-1].get_body(("plain",)).get_content()
    return re.search(r"https://help\.example(/t/[\w-]+)", text)[1]


def test_looking_uses_nothing_up(client, link):
    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    answer = client.post("/api/v1/mail-links/redemption", json={"token": link.split("/")[-1]})
    assert answer.status_code == 201


def test_the_page_is_strict_and_kept_from_others(client, link):
    headers = client.get(link).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Cache-Control"] == "no-store"


def test_it_wears_the_sites_name_logo_and_colour(client, link, site):
    logo = {"logo": "https://cdn.example/a.png", "accent": "#ffdd00"}
    sites.update_site(site, name="Café <b>", settings=site.settings | {"look": logo})
    answer = client.get(link)
    assert "Café &lt;b&gt;" in answer.text
    assert "--accent: #ffdd00; --on: #000" in answer.text
    assert "https://cdn.example" in answer.headers["Content-Security-Policy"]


def test_an_accent_that_is_no_colour_stays_out_of_the_page(client, link, site):
    """Refused when it is saved; one that came into the database otherwise does no harm either."""
    evil = {"accent": "red } body { display: none"}
    settings = site.settings | {"look": evil}
    execute("UPDATE site SET settings = ? WHERE id = ?", json.dumps(settings), site.id)
    assert "display: none }" not in client.get(link).text
    assert "--accent: #2454d6" in client.get(link).text


@pytest.mark.parametrize("when", ["used", "old"])
def test_a_link_that_came_too_late_offers_another(client, link, clock, when):
    if when == "used":
        client.post("/api/v1/mail-links/redemption", json={"token": link.split("/")[-1]})
    else:
        clock.pass_(minutes=16)
    answer = client.get(link)
    assert answer.status_code == 410
    assert re.search(r'data-when="good" hidden', answer.text)
    assert not re.search(r'data-when="stale" hidden', answer.text)


def test_a_link_we_never_made_is_said_so_and_names_no_site(client, link):
    answer = client.get("/t/nothing", headers={"Accept-Language": "de"})
    assert answer.status_code == 404
    assert WORDS["de"].unknown in answer.text
    assert "Shop" not in answer.text
    assert "<script" not in answer.text


def test_script_and_look_are_ours_and_nothing_else_is_served(client):
    for name in ("link.js", "link.css"):
        with client.get(f"/t/assets/{name}") as answer:
            assert answer.status_code == 200
    assert client.get("/t/assets/link.html").status_code == 404
    assert query("SELECT count(*) FROM mail_link") == [(0,)]
