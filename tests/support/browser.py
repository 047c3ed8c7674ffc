"""Chromium, pages in it, and axe to look at them."""

import pytest
from playwright.sync_api import expect, sync_playwright

from .servers import ROOT

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--auto-accept-this-tab-capture",
]
AXE = ROOT / "widget_js/node_modules/axe-core/axe.min.js"

#: Milliseconds a page may take for what is asked of it on a busy machine. What is promised within
#: a time says so where it is expected.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)

#: Returns once nothing that is shown, in whatever shadow, is on its way to another look. What turns
#: without end is left turning; one that is cancelled is over, too; and what stands still, as
#: everything in a closed `details` does, is waited for no longer than any of ours lasts.
_AT_REST = """async () => {
    const roots = (root) => [root, ...[...root.querySelectorAll("*")]
        .flatMap((each) => each.shadowRoot ? roots(each.shadowRoot) : [])]
    const moving = () => roots(document).flatMap((root) => root.getAnimations())
        .filter((each) => each.playState === "running"
            && each.effect.getComputedTiming().endTime !== Infinity
            && each.effect.target?.checkVisibility())
    const longest = new Promise((resolve) => setTimeout(resolve, 3000, true))
    for (let some = moving(), late = false; some.length && !late; some = moving())
        late = await Promise.race([longest, Promise.allSettled(some.map((each) => each.finished))])
            === true
}"""


def await_rest(page):
    """Return once a page has all it is drawn with, and nothing on it is on its way to another look.

    A busy server's style sheets and scripts may come after what they are for can be pressed.
    """
    page.wait_for_load_state()
    page.evaluate(_AT_REST)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page_of(chromium):
    """Open a page in a context of its own; whatever it logs as an error fails the test."""
    contexts, troubles = [], []

    def page_of(*, width=1280, height=800, locale="es", scheme="light", quiet=False):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=locale, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        if not quiet:
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.on("console", lambda line: line.type == "error" and troubles.append(line.text))
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert troubles == [], troubles


@pytest.fixture
def axe():
    """Return a check that finds no accessibility violation on what a page shows now."""
    source = AXE.read_text()

    def check(page):
        await_rest(page)
        page.evaluate(source)
        found = page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
            ".then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.flat().join(' ')"
            " + ' :: ' + n.failureSummary)]))"
        )
        assert found == [], found

    return check
