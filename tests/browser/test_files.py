"""Files of a request: dropped, pasted and chosen, taken back on their way, refused with a reason."""

import base64

import pytest
from playwright.sync_api import expect

from .test_journey import PNG, WORDS, open_panel

DETAILS = "#v-b"

#: Gives an element files as a drag or the clipboard does.
GIVE = """(element, [kind, files]) => {
  const data = new DataTransfer();
  for (const [name, type, text] of files)
    data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name, { type }));
  const common = { bubbles: true, composed: true, cancelable: true };
  if (kind === 'paste') element.dispatchEvent(new ClipboardEvent('paste', { ...common, clipboardData: data }));
  else for (const name of kind.split(' ')) element.dispatchEvent(new DragEvent(name, { ...common, dataTransfer: data }));
}"""


def give(page, place, kind, *files):
    coded = [(name, mime, base64.b64encode(content).decode()) for name, mime, content in files]
    page.locator(place).evaluate(GIVE, [kind, coded])


@pytest.fixture
def details(world, page_of):
    """Return a page on which a visitor writes down the details of a request."""
    page = page_of(locale="es")
    open_panel(page, f"{world.shop}/plain?lang=es", WORDS["es"])
    page.get_by_role("button", name="Nueva solicitud").click()
    page.get_by_text("Asistencia técnica", exact=True).click()
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator(DETAILS)).to_be_visible()
    return page


def picture(name):
    return (name, "image/png", PNG)


def test_files_are_dropped_anywhere_pasted_into_the_text_and_counted(details):
    page = details
    give(page, ".frame", "dragover", picture("a.png"))
    expect(page.locator(".drop")).to_be_visible()
    give(page, ".frame", "dragover drop", picture("a.png"))
    expect(page.locator(".drop")).to_have_count(0)
    give(page, DETAILS, "paste", picture("b.png"))
    sent = page.locator(".upload:not(.refused)")
    expect(sent).to_have_count(2)
    expect(page.locator(".upload progress")).to_have_count(0)
    expect(page.get_by_text("2 de 3 archivos")).to_be_visible()
    expect(page.locator(".upload canvas")).to_have_count(2)
    page.get_by_role("button", name="Quitar a.png").click()
    expect(page.get_by_text("1 de 3 archivos")).to_be_visible()


@pytest.mark.parametrize("kind", ["paste", "drop"])
@pytest.mark.parametrize("pictures", [0, 1])
def test_text_that_is_pasted_or_dropped_stays_text(details, kind, pictures):
    details.locator(DETAILS).evaluate(
        """(element, [kind, pictures, bytes]) => {
          const data = new DataTransfer();
          data.setData('text/plain', 'x');
          // A table that is copied comes with a picture of itself.
          if (pictures) data.items.add(new File([new Uint8Array(bytes)], 'a.png', { type: 'image/png' }));
          const how = { bubbles: true, composed: true, cancelable: true };
          window.kept = element.dispatchEvent(
            kind === 'paste' ? new ClipboardEvent(kind, { ...how, clipboardData: data })
                             : new DragEvent(kind, { ...how, dataTransfer: data }));
        }""",
        [kind, pictures, list(PNG)],
    )
    assert details.evaluate("kept") is (kind == "paste" or not pictures)
    expect(details.locator(".upload")).to_have_count(pictures)


def test_a_file_on_its_way_shows_how_far_it_is_and_can_be_called_off(details):
    page = details
    page.route("**/api/v1/attachments", lambda route: None)  # It never arrives.
    give(page, ".frame", "dragover drop", picture("slow.png"))
    expect(page.get_by_role("progressbar", name="slow.png")).to_be_visible()
    page.get_by_role("button", name="Quitar slow.png").click()
    expect(page.locator(".upload")).to_have_count(0)
    expect(page.get_by_text("0 de 3 archivos")).to_be_visible()
    page.unroute("**/api/v1/attachments")


def test_a_refused_file_says_why_and_leaves_its_place(world, page_of):
    page = page_of(locale="es", quiet=True)  # The browser notes each answer of 422.
    open_panel(page, f"{world.shop}/plain?lang=es", WORDS["es"])
    page.get_by_role("button", name="Nueva solicitud").click()
    page.get_by_text("Asistencia técnica", exact=True).click()
    page.get_by_role("button", name="Continuar").click()
    give(page, ".frame", "dragover drop", ("tool.png", "image/png", b"MZ" + bytes(200)),
         ("empty.txt", "text/plain", b""), picture("good.png"))  # fmt: skip
    refused = page.locator(".upload.refused")
    expect(refused).to_have_count(2)
    for row in refused.all():
        expect(row.locator(".fault")).not_to_be_empty()
    expect(page.get_by_text("1 de 3 archivos")).to_be_visible()
