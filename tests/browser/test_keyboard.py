"""A whole request by the keyboard alone: every stop in its order, and the focus where it is looked for."""

import pytest
from playwright.sync_api import expect

from ..support.senses import sense
from .test_journey import WORDS

WORD = WORDS["es"]

#: Stops between the beginning of a screen and anything on it, at most.
FAR = 14


def stop(page):
    """Return what has the focus, by its text or, for a field, by its id; it must be in sight."""
    found = sense(page, "focused")
    if found is None:
        return None
    assert found["seen"], f"no ring: {found['name']}"
    assert found["inside"], f"covered: {found['name']}"
    kind, _, text = found["name"].rstrip('"').partition(' "')
    return text or kind.strip()


def tab_to(page, wanted, key="Tab"):
    """Press Tab until what begins with ``wanted`` has the focus; return the stops up to it."""
    passed = []
    for _ in range(FAR):
        page.keyboard.press(key)
        passed.append(stop(page))
        if (passed[-1] or "").startswith(wanted):
            return passed
    raise AssertionError(f"Tab does not lead to {wanted}: {passed}")


def begins(page, title):
    """A new screen begins at its title, where a screen reader starts to read."""
    expect(page.locator("ventanilla-widget h2").filter(has_text=title)).to_be_focused()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_request_is_filed_answered_and_found_again_without_a_pointer(world, page_of, width):
    page = page_of(width=width)
    page.emulate_media(reduced_motion="reduce")  # Nothing is under way when one looks.
    page.goto(f"{world.shop}/plain")
    launch = page.locator("ventanilla-widget .launch")
    expect(launch).to_be_visible()
    launch.focus()
    page.keyboard.press("Enter")
    begins(page, "Bodega Lucero")
    expect(page.get_by_role("button", name="Ver mis solicitudes")).to_be_visible()
    assert tab_to(page, WORD["new"]) == ["Cerrar", WORD["new"]]

    page.keyboard.press("Enter")
    begins(page, "¿De qué se trata?")
    assert tab_to(page, "input.") == ["Cerrar", "input."]
    page.keyboard.press("ArrowUp")  # From the first around to the last.
    picked = page.get_by_role("radio", name=WORD["category"])
    expect(picked).to_be_checked()
    expect(picked).to_be_focused()
    assert tab_to(page, WORD["next"]) == [WORD["next"]]

    page.keyboard.press("Enter")
    begins(page, "Cuéntanos")
    assert tab_to(page, "input#v-t.") == ["Cerrar", "input#v-t."]
    page.keyboard.type("Qwerty")
    assert tab_to(page, "Descripción") == ["Descripción"]
    page.keyboard.type("Asdf")
    page.keyboard.press("Enter")  # A line, not the next step.
    page.keyboard.type("jklñ")
    files, picture, agreed, forward = tab_to(page, WORD["next"])
    assert (files[:17], picture) == ("Adjuntar archivos", "Imagen de esta página")
    assert (agreed, forward) == ("input.", WORD["next"])

    page.keyboard.press("Enter")
    begins(page, "Cómo te avisamos")
    assert tab_to(page, WORD["send"]) == [
        "Cerrar",
        "input#v-e.",
        "Ver mis solicitudes",
        WORD["send"],
    ]
    page.keyboard.press("Enter")
    # What is wrong has the focus at once.
    address = page.locator("#v-e")
    expect(address).to_be_focused()
    expect(address).to_have_attribute("aria-invalid", "true")
    page.keyboard.type(f"teclado-{width}@mail.example")
    tab_to(page, WORD["send"])
    page.keyboard.press("Enter")
    expect(page.locator(".filed")).to_be_visible()
    begins(page, "#")

    tab_to(page, "Escribe una respuesta")
    page.keyboard.type("Otra cosa")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.requester")).to_have_count(2)
    expect(page.locator(".composer textarea")).to_be_focused()
    tab_to(page, WORD["back"], "Shift+Tab")
    page.keyboard.press("Enter")
    begins(page, "Bodega Lucero")
    expect(page.locator(".row")).to_have_count(1)
    tab_to(page, "Qwerty")
    page.keyboard.press("Enter")
    begins(page, "#")

    page.keyboard.press("Escape")
    expect(launch).to_be_focused()
    page.keyboard.press("Enter")
    begins(page, "#")
    page.keyboard.press("Escape")
    expect(launch).to_be_focused()


#: Goes into the field the moment there is one; resolves once all that a new screen sets off is done.
QUICK = """() => {
  const { shadowRoot } = document.querySelector('ventanilla-widget');
  window.ready = new Promise((resolve) =>
    new MutationObserver((_, watch) => {
      const field = shadowRoot.querySelector('#v-t');
      if (!field) return;
      watch.disconnect();
      field.focus();
      const frame = (then) => requestAnimationFrame(() => setTimeout(then));
      frame(() => frame(() => frame(resolve)));
    }).observe(shadowRoot, { childList: true, subtree: true }));
}"""


def test_a_new_screen_takes_nothing_from_who_is_quick_to_type(world, page_of):
    page = page_of()
    page.goto(f"{world.shop}/plain")
    page.get_by_role("button", name="Ayuda").click()
    page.get_by_role("button", name=WORD["new"]).click()
    page.get_by_text(WORD["category"], exact=True).click()
    page.evaluate(QUICK)
    page.get_by_role("button", name="Continuar").click()
    page.evaluate("ready")
    page.keyboard.type("Hola")
    expect(page.locator("#v-t")).to_have_value("Hola")
