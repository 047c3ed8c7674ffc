"""What a person would stumble over on a page: see ``senses.js``."""

from io import BytesIO
from typing import Any

from PIL import Image

from widget_server.sites.colour import contrast

from .browser import await_rest
from .servers import ROOT

SOURCE = (ROOT / "tests/support/senses.js").read_text("utf-8")

#: Roles that mean nothing without a name.
NAMED = {
    "button", "link", "textbox", "searchbox", "checkbox", "radio", "switch", "combobox",
    "spinbutton", "slider", "dialog", "progressbar", "image", "region", "navigation",
}  # fmt: skip


def sense(page: Any, what: str, *given: Any) -> Any:
    """Ask one of the senses; they are brought along if the page does not have them yet."""
    if not page.evaluate("'senses' in window"):
        page.evaluate(SOURCE)
    return page.evaluate("([what, given]) => senses[what](...given)", [what, list(given)])


def layout(page: Any) -> dict[str, list[str]]:
    """Return what does not fit, by what is wrong with it."""
    await_rest(page)
    page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    found = {what: sense(page, what) for what in ("clipped", "beside", "overlapping")}
    return {what: places for what, places in found.items() if places}


def nameless(page: Any) -> list[str]:
    """Return what a screen reader would read without a name, from the accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    known = {node["nodeId"]: node for node in nodes}

    def said(node: Any, what: str) -> str:
        return str(node.get(what, {}).get("value", "")).strip()

    return [
        said(node, "role")
        for node in nodes
        if not node.get("ignored")
        and said(node, "role") in NAMED
        and not said(node, "name")
        # What is drawn within a picture is read as that picture.
        and said(known.get(node.get("parentId"), {}), "role") != "image"
    ]


def walk(page: Any, stops: int = 60) -> list[str]:
    """Press Tab through the page; return where the focus could not be seen."""
    poor, seen = [], set()
    page.emulate_media(reduced_motion="reduce")  # Nothing is under way when one looks.
    await_rest(page)
    for _ in range(stops):
        page.keyboard.press("Tab")
        stop = sense(page, "focused")
        if stop is None:
            continue
        if stop["key"] in seen:
            break
        seen.add(stop["key"])
        if not stop["seen"]:
            poor.append(f"no ring: {stop['name']}")
        elif not stop["inside"]:
            poor.append(f"covered: {stop['name']}")
    assert seen, "Tab leads nowhere"
    return poor


def stumbles(page: Any, least: int) -> dict[str, Any]:
    """Return what is wrong on what a page shows: as it is, and for whoever needs it otherwise.

    ``least``: pixels a target must have. With longer texts as other languages have them, with text
    of twice the size, right to left, and at 400 %; everything is put back afterwards.
    """
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    await_rest(page)
    found = {
        "nameless": nameless(page),
        "small": sense(page, "small", least),
        "plain": layout(page),
    }
    for way, there, back in (
        ("long", ("stretch",), ("relax",)),
        ("large", ("enlarge",), ("shrink",)),
        ("mirrored", ("mirror", "rtl"), ("mirror", "ltr")),
    ):
        sense(page, *there)
        found[way] = layout(page)
        sense(page, *back)
    page.set_viewport_size({"width": 320, "height": 256})
    found["400 %"] = layout(page)
    page.set_viewport_size({"width": width, "height": height})
    return {way: wrong for way, wrong in found.items() if wrong}


def tones(locator: Any) -> int:
    """Return how many colours an element is drawn in that are told apart (3 to 1 from the next)."""
    await_rest(locator.page)
    with Image.open(BytesIO(locator.screenshot())) as opened:
        picture = opened.convert("RGB")
    counted = picture.getcolors(picture.width * picture.height) or []
    often = sorted(counted, reverse=True)
    told: list[str] = []
    for times, (red, green, blue) in often:
        colour = f"#{red:02x}{green:02x}{blue:02x}"
        if times >= 6 and all(contrast(colour, other) >= 3 for other in told):
            told.append(colour)
    return len(told)
