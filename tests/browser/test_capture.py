"""A picture of the page: the browser asks, the person blacks out, and only then is there a file."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from widget_server import database
from widget_server.database import query

from ..support.senses import stumbles

#: Pixels a target in the window must have.
TOUCH = 44

#: Milliseconds after which somebody would think that no picture comes.
AT_ONCE = 5_000


@pytest.fixture
def details(world, page_of):
    """A visitor at the second step of a request."""

    def open_form(**options):
        page = page_of(**options)
        page.goto(f"{world.shop}/bare")
        page.evaluate(
            "document.body.style.background = 'rgb(150, 255, 150)'; document.body.style.height = '2000px'"
        )
        page.get_by_role("button", name="Ayuda").click()
        page.get_by_role("button", name="Nueva solicitud").click()
        page.get_by_text("Solicitar un plugin", exact=True).click()
        page.get_by_role("button", name="Continuar").click()
        return page

    return open_form


def kept(world):
    """Return the last file's bytes on the server."""
    database.connect(world.live.settings["DATABASE_URL"])
    rows = query("SELECT id FROM attachment ORDER BY id DESC LIMIT 1")
    database.db.close()
    ((file_id,),) = rows
    return (Path(world.live.settings["FILES_DIR"]) / file_id[-2:] / file_id).read_bytes()


def test_what_is_blacked_out_never_leaves_the_browser(world, details, axe):
    page = details()
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_role("button", name="Imagen de esta página").click()
    canvas = page.get_by_role("application", name="Imagen de la página")
    expect(canvas).to_be_visible(timeout=AT_ONCE)
    axe(page)
    assert stumbles(page, TOUCH) == {}
    assert not any("attachments" in url for url in sent), "nothing is sent before it is attached"
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.5
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + box["width"] * 0.2, y + box["height"] * 0.2, steps=4)
    page.mouse.up()
    expect(page.get_by_text("1 zona tapada")).to_be_attached()
    with page.expect_response(lambda answer: "/attachments" in answer.url):
        page.get_by_role("button", name="Adjuntar imagen").click()
    expect(page.get_by_text("page.png")).to_be_visible()
    with Image.open(BytesIO(kept(world))) as opened:
        picture = opened.convert("RGB")
    wide, high = picture.size
    assert picture.getpixel((round(wide * 0.2), round(high * 0.6))) == (0, 0, 0)
    red, green, blue = picture.getpixel((round(wide * 0.2), round(high * 0.4)))
    assert green > 230
    assert red < 190
    # The window was not on the picture: where it stood, the page is.
    red, green, blue = picture.getpixel((round(wide * 0.88), round(high * 0.5)))
    assert green > 230
    assert red < 190


def test_the_sheet_of_a_narrow_page_hides_while_the_picture_is_taken(details):
    page = details(width=360)
    page.get_by_role("button", name="Imagen de esta página").click()
    canvas = page.get_by_role("application", name="Imagen de la página")
    expect(canvas).to_be_visible(timeout=AT_ONCE)
    assert stumbles(page, TOUCH) == {}
    page.get_by_role("button", name="Descartar").click()
    panel = page.locator("dialog.panel")
    expect(panel).to_be_visible()
    # A modal dialog does not take over that its host is hidden.
    panel.evaluate("each => each.getRootNode().host.toggleAttribute('unseen', true)")
    expect(panel).to_have_css("visibility", "hidden")


def test_areas_are_set_and_taken_back_with_the_keyboard(details):
    page = details()
    page.get_by_role("button", name="Imagen de esta página").click()
    canvas = page.get_by_role("application", name="Imagen de la página")
    canvas.focus()
    page.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 zona tapada")).to_be_attached()
    page.keyboard.press("Backspace")
    expect(page.get_by_text("0 zonas tapadas")).to_be_attached()
    expect(page.get_by_role("button", name="Deshacer")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(canvas).to_have_count(0)
    expect(page.get_by_label("Título")).to_be_visible()


def test_who_says_no_to_the_browser_goes_on_as_before(details):
    page = details()
    page.evaluate(
        "void (navigator.mediaDevices.getDisplayMedia ="
        " () => Promise.reject(new DOMException('no', 'NotAllowedError')))"
    )
    with page.expect_response(lambda answer: "/capture-" in answer.url):
        page.get_by_role("button", name="Imagen de esta página").click()
    page.get_by_label("Título").fill("Still here")
    expect(page.get_by_label("Título")).to_have_value("Still here")
    page.evaluate(
        "void (navigator.mediaDevices.getDisplayMedia ="
        " () => Promise.reject(new DOMException('no', 'NotReadableError')))"
    )
    page.get_by_role("button", name="Imagen de esta página").click()
    expect(page.get_by_role("alert").filter(has_text="no dio ninguna imagen")).to_be_visible()
