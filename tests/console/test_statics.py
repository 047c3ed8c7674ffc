"""The console's files: kept by browsers for good, under an address that changes with them."""

import re

import brotli
import pytest

from widget_server.console.routes import statics

KEPT = "public, max-age=31536000, immutable"


def addresses(page):
    return re.findall(r'(?:href|src)="(/console/static/[^"]+)"', page)


def test_every_file_a_page_names_may_be_kept_for_good(agent, client):
    named = addresses(agent.get("/").text)
    assert len(named) > 5
    for address in named:
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, KEPT), address


def test_modules_find_each_other_under_the_same_mark(client):
    """So what they import may be kept as well."""
    text = client.get(f"/console/static/{statics.current()}/console.js").text
    for name in re.findall(r'from "\./([^"]+)"', text):
        answer = client.get(f"/console/static/{statics.current()}/{name}")
        assert answer.headers["Cache-Control"] == KEPT, name


def test_they_come_compressed_for_who_takes_it(client):
    address = f"/console/static/{statics.current()}/console.css"
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert (
        brotli.decompress(packed.data) == plain.data == (statics.OURS / "console.css").read_bytes()
    )
    assert packed.headers["Content-Encoding"] == "br"
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("console.css", "text/css; charset=utf-8"),
        ("console.js", "text/javascript; charset=utf-8"),
        ("htmx.min.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_each_says_what_it_is(client, name, kind):
    assert client.get(f"/console/static/{statics.current()}/{name}").content_type == kind


def test_a_page_of_an_earlier_version_is_served_but_not_for_good(client):
    answer = client.get("/console/static/earlier/console.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize(
    "name", ["../frame.py", "%2e%2e/routes/frame.py", "nothing.css", "modules"]
)
def test_nothing_else_is_read(client, name):
    assert client.get(f"/console/static/{statics.current()}/{name}").status_code == 404


def test_another_text_is_another_address(monkeypatch, tmp_path):
    def mark_with(text):
        (tmp_path / "console.css").write_text(text)
        statics._files.cache_clear()
        statics.current.cache_clear()
        return statics.current()

    monkeypatch.setattr(statics, "OURS", tmp_path)
    try:
        one, other, again = (mark_with(text) for text in ("a{}", "b{}", "a{}"))
    finally:
        monkeypatch.undo()
        statics._files.cache_clear()
        statics.current.cache_clear()
    assert one == again != other
