"""The public help pages: found, fast, safe, and readable without a script."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from widget_server.articles.pages import look
from widget_server.articles.pages.words import FOLDER, NAMES, Words
from widget_server.database import query
from widget_server.sites import service as sites
from widget_server.sites.colour import contrast
from widget_server.sites.service import LANGUAGES

from .test_service import change

SERVER = "https://help.example"


def elements(page):
    """Return every element a browser sees, with its attributes."""
    seen = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: seen.append((tag, attributes))
    parser.feed(page)
    return seen


def links(page, rel):
    return re.findall(rf'<link rel="{rel}"[^>]*href="([^"]*)"', page)


def test_an_article_is_a_page_of_its_own(read, site, write):
    spanish = write("Reembolsos", locale="es", category="help", body="# Plazo\n\n**Tres** días.")
    write("Refunds", topic=spanish.topic)
    answer = read("es/reembolsos")
    page = answer.text
    assert answer.status_code == 200
    assert '<html lang="es">' in page
    assert "<h1>Reembolsos</h1>" in page
    assert '<h2 id="s1-plazo">Plazo</h2>\n<p><strong>Tres</strong> días.</p>' in page
    assert '<meta name="description" content="Tres días.">' in page
    assert links(page, "canonical") == [f"{SERVER}/help/{site.key}/es/reembolsos"]
    assert links(page, "alternate") == [
        f"{SERVER}/help/{site.key}/{place}"
        for place in ("es/reembolsos", "en/refunds", "es/reembolsos")
    ]
    assert f'href="/help/{site.key}/es/?category=help">Asistencia técnica</a>' in page
    assert "noindex" not in page


def test_drafts_and_articles_of_other_sites_are_not_there(read, client, add_site, write):
    write("Draft", draft=True)
    other = add_site("Other")
    write("Theirs", at=other)
    assert read("en/draft").status_code == 404
    assert read("en/theirs").status_code == 404
    assert "Draft" not in read("en/").text
    assert "Theirs" not in read("en/").text
    assert client.get(f"/help/{other.key}/en/theirs").status_code == 200


def test_the_front_page_leads_to_every_article(read, write):
    for number in range(8):
        write(f"Order {number}", category="help")
    write("About us")
    page = read("en/").text
    assert page.count('<li><a href="/help/') == 7
    assert "See all" in page
    assert "Order 7" not in page
    assert "Order 7" in read("en/?category=help").text
    assert "About us" in read("en/?category=").text
    assert read("en/?category=nowhere").status_code == 404


def test_titles_are_in_the_order_people_know(read, write):
    for title in ("¿Dónde está?", "Última", "Zona", "Álava", "bodega"):
        write(title, locale="es")
    page = read("es/").text
    titles = re.findall(r'<li><a href="/help/[^>]*>([^<]*)<', page)
    assert titles == ["Álava", "bodega", "¿Dónde está?", "Última", "Zona"]


def test_a_long_category_is_read_page_by_page(read, write):
    for number in range(53):
        write(f"Order {number:02}", category="help")
    first = read("en/?category=help").text
    assert first.count('<li><a href="/help/') == 50
    (more,) = re.findall(r'href="/help/\w+/(en/\?category=help&amp;after=[^"]+)"', first)
    second = read(more.replace("&amp;", "&")).text
    assert second.count('<li><a href="/help/') == 3
    assert "noindex" in second


def test_the_root_leads_to_the_readers_language(read, site, write):
    write("Refunds")
    write("Reembolsos", locale="es")
    for asked, there in (("en-GB,en", "en"), ("es", "es"), ("de,it", "es")):
        answer = read("", headers={"Accept-Language": asked})
        assert answer.location == f"/help/{site.key}/{there}/"
        assert answer.headers["Vary"] == "Accept-Language"


def test_an_old_address_leads_on_for_good(read, site, write):
    change(write("Refunds"), slug="money-back")
    answer = read("en/refunds")
    assert (answer.status_code, answer.location) == (301, f"/help/{site.key}/en/money-back")


def test_searching_needs_no_script(read, write):
    write("Refunds", body="When is it paid?")
    page = read("en/?q=refunds").text
    assert "Results for “refunds”" in page
    assert "/en/refunds" in page
    nothing = read("en/?q=<script>alert(1)</script>").text
    assert "Nothing answers “&lt;script&gt;alert(1)&lt;/script&gt;”" in nothing
    assert "<script" not in nothing
    assert "noindex" in nothing


def test_too_many_searches_wait(read, write):
    write("Refunds")
    for _ in range(60):
        read("en/?q=refunds")
    answer = read("en/?q=refunds")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 61
    assert "Too many searches at once" in answer.text
    assert read("en/").status_code == 200


def test_each_browser_counts_once_and_only_those_who_say_something_are_marked(
    read, client, site, app, write
):
    write("Refunds")
    assert "Set-Cookie" not in read("en/refunds").headers
    place = f"/help/{site.key}/en/refunds"
    for said in ("yes", "yes", "no"):
        answer = client.post(f"{place}/usefulness", data={"helpful": said})
        assert (answer.status_code, answer.location) == (303, f"{place}?said={said}#_useful")
    cookie = answer.headers["Set-Cookie"]
    for part in (f"Path=/help/{site.key}/", "HttpOnly", "Secure", "SameSite=Lax"):
        assert part in cookie
    assert query("SELECT helpful, unhelpful FROM article") == [(0, 1)]
    app.test_client().post(f"{place}/usefulness", data={"helpful": "yes"})
    assert query("SELECT helpful, unhelpful FROM article") == [(1, 1)]
    thanks = read("en/refunds?said=no")
    assert "We will look at it again." in thanks.text
    assert "no-store" in thanks.headers["Cache-Control"]


def test_another_site_cannot_say_it_for_a_reader(client, site, write):
    write("Refunds")
    answer = client.post(
        f"/help/{site.key}/en/refunds/usefulness",
        data={"helpful": "yes"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert query("SELECT count(*) FROM article_vote") == [(0,)]


HOSTILE = """<script>alert(1)</script> <img src=x onerror=alert(1)>
[a](javascript:alert(1)) [b](data:text/html,x) [c](JaVaScRiPt:x) ![d](https://evil.example/p.png)

# <svg onload=alert(1)>

```"><script>
</script>
```
"""


def test_nothing_in_an_article_runs(read, write):
    write('"><script>x</script>', body=HOSTILE, tags=["<b>"], slug="hostile")
    answer = read("en/hostile")
    for tag, attributes in elements(answer.text):
        assert tag not in {"script", "img", "iframe", "b"}, attributes
        for name, value in attributes:
            assert not name.startswith("on"), (tag, attributes)
            assert name != "style", (tag, attributes)
            assert not re.match(r"\s*(javascript|data:text)", value or "", re.I), (tag, attributes)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_help_button_stands_on_the_pages_of_a_site_that_lists_this_server(app, site, write):
    class Built:
        def manifest(self):
            return {"panel": "/w/assets/x.js"}

    app.extensions["widget_assets"] = Built()
    write("Refunds")
    client = app.test_client()
    place = f"/help/{site.key}/en/refunds"
    assert "<script" not in client.get(place).text
    assert 'href="https://shop.example">Go to shop.example' in client.get(place).text
    sites.update_site(site, origins=[*site.origins, SERVER])
    answer = client.get(place)
    assert f'<script async src="/w/{site.key}.js"></script>' in answer.text
    assert "script-src 'self'; connect-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_sitemap_lists_what_is_published_with_its_translations(read, site, write):
    english = write("Refunds")
    write("Reembolsos", locale="es", topic=english.topic)
    write("Draft", draft=True)
    answer = read("sitemap.xml")
    assert answer.mimetype == "application/xml"
    tree = ElementTree.fromstring(answer.data)
    places = [each.text for each in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    there = f"{SERVER}/help/{site.key}"
    assert set(places) == {
        f"{there}/en/",
        f"{there}/es/",
        f"{there}/en/refunds",
        f"{there}/es/reembolsos",
    }
    assert answer.text.count('hreflang="es"') == 4


def test_what_is_not_there_says_so_in_the_sites_look(read, client, write):
    write("Refunds")
    answer = read("en/nowhere")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert 'role="search"' in answer.text
    assert read("xx/").status_code == 404
    assert read("de/").status_code == 404
    elsewhere = client.get("/help/unknown/", headers={"Accept-Language": "fr"})
    assert elsewhere.status_code == 404
    assert "Il n’y a rien ici" in elsewhere.text
    assert "Vérifiez l’adresse" in elsewhere.text


def test_a_site_without_articles_has_a_front_page_in_its_own_language(read, site):
    sites.update_site(site, settings=site.settings | {"default_language": "de"})
    assert read("de/").status_code == 200
    assert read("pt/").status_code == 404


def test_every_language_says_everything():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(LANGUAGES) == set(NAMES)
    keys = {locale: set(Words(locale)._texts) for locale in LANGUAGES}
    assert all(found == keys["en"] for found in keys.values())


@pytest.mark.parametrize("accent", ["#ffff00", "#000000", "#ffffff", "#777777", "#8a1c3c", "red"])
def test_any_accent_can_be_read(accent):
    sheet = look.sheet(accent, "auto").css
    for ground, dark in ((look.LIGHT, 0), (look.DARK, 1)):
        link = re.findall("--link: (#......)", sheet)[dark]
        assert contrast(link, ground) >= 4.5
    shown, on = re.search("--accent: (#......); --on-accent: (#......)", sheet).groups()
    assert contrast(shown, on) >= 4.5


@pytest.mark.parametrize(
    "path",
    [
        "en/%00",
        "en/?q=%00refunds",
        "en/?q=" + "%F0%9F%98%80" * 300,
        "en/?category=%00",
        "en/?category=help&after=%00~%00",
        "en/?category=help&after=~",
        "%00/",
        "en/refunds?said=%00",
        "en/refunds%0d%0aX: y",
        "en/" + "a" * 5_000,
    ],
)
def test_no_address_makes_the_pages_stumble(read, write, path):
    write("Refunds", category="help")
    assert read(path).status_code in {200, 404}


def test_no_site_key_makes_the_pages_stumble(client, site):
    for path in ("%00/", "%00/en/", "%00/en/x", "%00/look.css", "%00/sitemap.xml"):
        assert client.get(f"/help/{path}").status_code == 404
        assert client.get(f"/api/v1/articles/{path}").status_code == 404
