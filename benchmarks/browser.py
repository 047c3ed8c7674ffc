"""What a page pays before the click, and how long the click takes, in Chromium.

The page vouches for somebody with more than a page of tickets, so a usable list is a full one.
"""

import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]

#: A middling phone on a middling line.
SLOWER, ROUND_TRIP = 4, 40

VISITS = 5


@contextmanager
def host(page: dict[str, str], port: int) -> Iterator[None]:
    """Serve the documents in ``page``, by path."""

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()


def visits(origin: str, server: str) -> dict[str, float]:
    """Return the medians over several first visits."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        seen = [_visit(browser, origin, server) for _ in range(VISITS)]
        cpu = {f"cpu {slower}": _script(browser, origin, slower) for slower in (1, SLOWER)}
        browser.close()
    return {name: statistics.median(each[name] for each in seen) for name in seen[0]} | cpu


def suggestion(origin: str, question: str) -> float:
    """Return the milliseconds from the last key to the first article, the median of several."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        took = []
        for _ in range(VISITS):
            page = browser.new_context(locale="es").new_page()
            page.goto(f"{origin}/")
            page.locator("button.launch").click()
            page.get_by_role("button", name="Nueva solicitud").click()
            page.locator(".choice").first.click()
            page.locator(".actions .primary").click()
            page.locator("#v-t").press_sequentially(question)
            page.evaluate(KEY_TO_ARTICLE)
            page.keyboard.press("s")
            page.locator(".suggestion-head").first.wait_for()
            took.append(page.evaluate("window.took"))
            page.context.close()
        browser.close()
    return statistics.median(took)


def _visit(browser: Browser, origin: str, server: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    devtools.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": ROUND_TRIP, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    asked: list[str] = []
    received: list[float] = []
    page.on("request", lambda request: asked.append(request.url))
    devtools.on(
        "Network.loadingFinished", lambda event: received.append(event["encodedDataLength"])
    )
    page.goto(f"{origin}/")
    page.wait_for_function("document.querySelector('ventanilla-widget')?.shadowRoot")
    page.wait_for_timeout(700)
    before, bytes_before = _ours(asked, server), len(received)
    took = page.evaluate(CLICK_TO_LIST)
    click = _ours(asked, server) - before
    page.wait_for_timeout(100)
    context.close()
    return {
        "before": before,
        "click": click,
        "click bytes": sum(received[bytes_before:]),
        "ms": took,
    }


def _ours(asked: list[str], server: str) -> int:
    return sum(url.startswith(server) for url in asked)


def _script(browser: Browser, origin: str, slower: int) -> float:
    """Return the milliseconds of script a page with the button runs beyond one without.

    Of each the least of several visits: what else the machine does only ever adds.
    """
    turns = [
        [_script_of(browser, f"{origin}{path}", slower) for path in ("/blank", "/")]
        for _ in range(VISITS + 3)
    ]
    without, with_button = (min(column) for column in zip(*turns, strict=True))
    return (with_button - without) * 1_000


def _script_of(browser: Browser, url: str, slower: int) -> float:
    context = browser.new_context()
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(url)
    page.wait_for_timeout(500)
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    context.close()
    return float(next(each["value"] for each in metrics if each["name"] == "ScriptDuration"))


#: Measured inside the page, so that the driver's own messages are not counted.
CLICK_TO_LIST = """() => new Promise((done) => {
  const root = document.querySelector('ventanilla-widget').shadowRoot;
  const begun = performance.now();
  const look = () => root.querySelectorAll('.rows > *').length >= 20
    ? requestAnimationFrame(() => done(performance.now() - begun)) : setTimeout(look, 2);
  root.querySelector('button.launch').click();
  look();
})"""

#: From the next key, the one that completes the question, until an article stands there.
KEY_TO_ARTICLE = """() => {
  const root = document.querySelector('ventanilla-widget').shadowRoot;
  addEventListener('keydown', () => {
    const begun = performance.now();
    const look = () => {
      if (root.querySelector('.suggestion-head')) window.took = performance.now() - begun;
      else requestAnimationFrame(look);
    };
    look();
  }, { capture: true, once: true });
}"""
