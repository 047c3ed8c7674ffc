"""The PDF of a quote and of an order, and who gets it."""

import http.server
import io
import threading

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image
from pypdf import PdfReader

from widget_server import checkups, jobs
from widget_server.identity.models import Requester
from widget_server.orders import book, documents, logos, service, typefaces, wording
from widget_server.orders.pricing import Line
from widget_server.orders.views import Documents
from widget_server.sites import service as sites


def text_of(content):
    reader = PdfReader(io.BytesIO(content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def drawn(order, language=None):
    return text_of(documents.of(order, book.quote_of(order), language).content)


def test_the_quote_says_all_that_the_card_says(quoted):
    text = drawn(quoted, "es")
    for said in ("Presupuesto", "2026-0001", "A plugin for your shop", "Hours of support", "2,5",
                 "1.422,35 €", "IVA 22 % de 1.362,50 €", "299,75 €", "5,99 €", "1.728,09 €",
                 "Ada Ferrer", "7 dic 2026", book.quote_of(quoted).digest):  # fmt: skip
        assert said.replace(" ", "") in text.replace("\xa0", "").replace(" ", ""), said


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_language_has_its_words(quoted, language):
    words = wording.words(language)
    assert words.keys() == wording.words("es").keys()
    assert words["total"] in drawn(quoted, language)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "1 working day from"), ("es", "1 día laborable"), ("it", "1 giorno lavorativo"),
     ("de", "1 Arbeitstag ab"), ("fr", "1 jour ouvré"), ("pt", "1 dia útil")],
)  # fmt: skip
def test_one_day_is_one_day(clock, row, ines, offer, language, said):
    assert said in drawn(service.quote(row(), ines, offer(lead_days=1)), language)


def test_an_accepted_quote_becomes_the_order_and_names_who_accepted(quoted, decide, site):
    decide()
    order = book.find(site.id, quoted.id)
    text = drawn(order, "en")
    assert "Order" in text
    assert "Accepted by Ada Ferrer" in text
    assert documents.of(order, book.quote_of(order), "en").name == "order-2026-0001.pdf"


def test_who_accepted_is_named_in_their_letters_though_they_write_others_now(
    quoted, decide, site, caplog
):
    Requester.update(name="דנה").execute()
    decide()
    Requester.update(name="Dana").execute()
    drawn(book.find(site.id, quoted.id), "en")
    assert "missing the following glyphs" not in caplog.text


def test_letters_of_other_alphabets_are_kept(clock, row, ines, offer):
    lines = [Line("Ελληνικά, Русский, Žluťoučký, Đặng", 1_000, 100, 0)]
    order = service.quote(row(), ines, offer(lines=lines))
    assert "Ελληνικά, Русский, Žluťoučký, Đặng" in drawn(order)


def test_tabs_are_blanks_and_no_letter_is_missed(clock, row, ines, offer, caplog):
    order = service.quote(row(), ines, offer(note="Delivered\tby van\n\tor by bike"))
    assert "Delivered by van or by bike" in drawn(order)
    assert "missing the following glyphs" not in caplog.text


def test_words_from_right_to_left_are_joined_and_in_order(clock, row, ines, offer, ada):
    lines = [Line("خدمة (3)", 1_000, 100, 0), Line("אתר 3", 1_000, 100, 0)]
    order = service.quote(
        row(), ines, offer(lines=lines, title="محمد", note="Plain\nعرض 2026\nmore")
    )
    content = documents.of(order, book.quote_of(order)).content
    fonts = {
        str(font.get_object()["/BaseFont"]).rpartition("+")[2]
        for font in PdfReader(io.BytesIO(content)).pages[0]["/Resources"]["/Font"].values()
    }
    for script in ("Arabic", "Hebrew"):
        assert any(script in name for name in fonts)
    text = text_of(content)
    for said in ("Plain", "more", "2026", "Ada Ferrer", "ada@customers.example"):
        assert said in text, said


@pytest.fixture
def no_other_font(monkeypatch):
    """This machine has no font beside ours."""
    monkeypatch.setattr(typefaces.Typeface, "extra", None)


@pytest.fixture
def font_of(tmp_path):
    """Return a font file with a few letters, each a box."""

    def make(letters, name="Few.ttf"):
        pen = TTGlyphPen(None)
        pen.moveTo((50, 0))
        for corner in ((50, 700), (950, 700), (950, 0)):
            pen.lineTo(corner)
        pen.closePath()
        names = {ord(letter): f"u{ord(letter):04x}" for letter in letters}
        order = [".notdef", *names.values()]
        font = FontBuilder(1_000)
        font.setupGlyphOrder(order)
        font.setupCharacterMap(names)
        font.setupGlyf(dict.fromkeys(order, pen.glyph()))
        font.setupHorizontalMetrics(dict.fromkeys(order, (1_000, 50)))
        font.setupHorizontalHeader(ascent=800, descent=-200)
        font.setupNameTable({"familyName": "Few", "styleName": "Regular"})
        font.setupOS2()
        font.setupPost()
        font.save(tmp_path / name)
        return tmp_path / name

    return make


def test_letters_ours_lack_are_set_in_the_operators_font(
    clock, row, ines, offer, monkeypatch, font_of
):
    monkeypatch.setattr(typefaces.Typeface, "extra", None)
    typefaces.furnish(str(font_of("王小明日本")))
    lines = [Line("日本 tea, Ελληνικά", 1_000, 100, 0), Line("أهلا", 1_000, 100, 0)]
    text = drawn(service.quote(row(), ines, offer(title="王小明", lines=lines)))
    plain = text.replace(" ", "")
    for said in ("王小明", "日本", "tea,", "Ελληνικά"):
        assert said in plain
    assert "?" not in plain
    assert typefaces.missing(["王明", "犬 ❤️ ok"]) == "犬❤"


def test_the_systems_font_serves_where_none_is_chosen(monkeypatch, font_of, tmp_path):
    monkeypatch.setattr(typefaces.Typeface, "extra", None)
    monkeypatch.setattr(typefaces, "INSTALLED", (tmp_path / "none.ttc", font_of("王")))
    typefaces.furnish("")
    assert typefaces.settable("王!") == "王!"
    monkeypatch.setattr(typefaces, "INSTALLED", ())
    typefaces.furnish("")
    assert typefaces.settable("王!") == "?!"


def test_a_letter_nobody_can_set_is_missed_and_not_left_out(no_other_font, clock, row, ines, offer):
    order = service.quote(row(), ines, offer(lines=[Line("日本 ❤️ tea", 1_000, 100, 0)]))
    assert "?? ? tea" in drawn(order)


@pytest.mark.parametrize(
    ("currency", "price", "language", "shown"),
    [("KWD", 1_234_567_891, "fr", "1 234 567,891 KWD"), ("JPY", 1_234_567_890, "en", "¥1,234,567,890"),
     ("BRL", 9_000_000_000_00, "pt", "R$ 9.000.000.000,00"), ("EUR", 99_999_999_99, "es", "99.999.999,99 €")],
)  # fmt: skip
def test_no_number_is_broken_over_two_lines(
    clock, row, ines, offer, currency, price, language, shown
):
    lines = [Line("word " * 30, 1_000, price, 2_200), Line("Hours", 2_500, 1_000, 1_000)]
    order = service.quote(row(), ines, offer(lines=lines, currency=currency))
    content = documents.of(order, book.quote_of(order), language).content
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    plain = text.replace("\xa0", " ").replace("\u202f", " ")
    assert sum(each.count(shown) for each in plain.splitlines()) >= 3


def test_thirty_lines_take_two_pages_with_their_headings(clock, row, ines, offer):
    lines = [Line(f"Item {n}", 1_000, 100, 2_200) for n in range(30)]
    order = service.quote(row(), ines, offer(lines=lines))
    pages = PdfReader(io.BytesIO(documents.of(order, book.quote_of(order), "en").content)).pages
    assert len(pages) == 2
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert "Description" in text
        assert f"page {number} of 2" in text
    assert "Total to pay" in text


def test_a_long_quote_goes_on_over_the_page(clock, row, ines, offer):
    lines = [Line(f"Item {n} {'word ' * 40}", 1_000, 100, 2_200) for n in range(50)]
    order = service.quote(row(), ines, offer(lines=lines))
    content = documents.of(order, book.quote_of(order)).content
    assert len(PdfReader(io.BytesIO(content)).pages) > 2
    assert "Item 49" in text_of(content)


def test_the_signed_address_leads_to_it_for_ten_minutes(quoted, card, client, clock):
    path = card()["pdf_url"].removeprefix("https://help.example")
    answer = client.get(f"{path}?lang=de")
    assert answer.mimetype == "application/pdf"
    assert "angebot-2026-0001.pdf" in answer.headers["Content-Disposition"]
    assert "Angebot" in text_of(answer.data)
    clock.pass_(minutes=11)
    assert client.get(path).status_code == 404
    assert client.get("/orders/forged").status_code == 404


@pytest.fixture
def logo():
    """A web server with a picture; yields its address."""
    picture = io.BytesIO()
    Image.new("RGB", (1_600, 400), "#8a1c3c").save(picture, "PNG")

    class Pictures(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(picture.getvalue())

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/logo.png"
    server.shutdown()
    server.server_close()


def test_the_sites_logo_is_fetched_once_and_drawn(site, logo, row, ines, offer):
    sites.update_site(site, settings=site.settings | {"look": {"logo": logo}})
    order = service.quote(row(), ines, offer())
    assert logos.picture(site.id, logo) is None
    jobs.run_due()
    kept = Image.open(io.BytesIO(logos.picture(site.id, logo)))
    assert kept.size == (800, 200)
    content = documents.of(order, book.quote_of(order)).content
    assert len(PdfReader(io.BytesIO(content)).pages[0].images) == 1


def test_a_logo_that_could_not_be_had_keeps_no_other_from_being_fetched(
    site, logo, clock, row, ines, offer
):
    away = "http://127.0.0.1:1/logo.png"
    for url in (away, logo):
        sites.update_site(site, settings=site.settings | {"look": {"logo": url}})
        service.quote(row(), ines, offer())
        for _ in range(6):
            jobs.run_due()
            clock.pass_(minutes=5)
    assert logos.picture(site.id, logo)


@pytest.fixture
def without_extra(monkeypatch):
    monkeypatch.setattr(Documents, "can_be_made", staticmethod(lambda: False))


def test_without_the_extra_nobody_is_shown_a_way_to_a_document(
    quoted, card, client, site, ines, without_extra, monkeypatch
):
    """Links given before say why there is none; whoever runs the server reads what to install."""
    with pytest.MonkeyPatch.context() as before:
        before.setattr(Documents, "can_be_made", staticmethod(lambda: True))
        path = card()["pdf_url"].removeprefix("https://help.example")
    assert card()["pdf_url"] is None
    answer = client.get(path)
    assert answer.status_code == 503
    assert "lacks a package" in answer.get_data(as_text=True)
    with pytest.raises(checkups.Advice, match=r"pip install 'ventanilla\[pdf\]'"):
        checkups.documents({})
    form = {"email": "ines@team.example", "password": "correct horse"}
    client.post("/console/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    page = client.get(f"/console/tickets/{site.key}/1").text
    assert "A plugin for your shop" in page
    assert "</svg>PDF</a>" not in page
    monkeypatch.undo()
    assert "</svg>PDF</a>" in client.get(f"/console/tickets/{site.key}/1").text
