"""Help pages are made once and kept until something changes, and sent small."""

from widget_server.articles import service
from widget_server.articles.pages.routes import frame
from widget_server.sites import service as sites

from .test_pages import links
from .test_service import change


def test_a_page_is_made_again_only_when_something_changed(read, write):
    article = write("Refunds")
    first = read("en/refunds")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert "max-age=60" in first.headers["Cache-Control"]
    unchanged = read("en/refunds", headers=tag)
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    change(article, body="Better")
    again = read("en/refunds", headers=tag)
    assert again.status_code == 200
    assert "Better" in again.text
    service.withdraw(article)
    assert read("en/refunds", headers=tag).status_code == 404


def test_a_kept_page_costs_one_read(read, write, monkeypatch):
    write("Refunds")
    read("en/refunds")
    monkeypatch.setattr(frame, "find_open_site", None)
    assert read("en/refunds").status_code == 200


def test_a_change_of_the_site_is_seen(read, site, write):
    write("Refunds")
    before = links(read("en/").text, "stylesheet")
    sites.update_site(site, settings=site.settings | {"look": {"accent": "#aa3300"}})
    after = links(read("en/").text, "stylesheet")
    assert before != after
    sheet = read(after[0].rpartition("/")[2])
    assert "--accent: #aa3300" in sheet.text
    assert "immutable" in sheet.headers["Cache-Control"]


def test_pages_are_sent_compressed(read, write):
    write("Refunds")
    plain = read("en/refunds")
    packed = read("en/refunds", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.data) < len(plain.data) / 2
    assert packed.headers["ETag"] != plain.headers["ETag"]
