"""What a person would stumble over on a page: see ``senses.js``."""

from typing import Any

from .servers import ROOT

SOURCE = (ROOT / "tests/support/senses.js").read_text("utf-8")

#: Roles that mean nothing without a name.
NAMED = {
    "button", "link", "textbox", "searchbox", "checkbox", "radio", "switch", "combobox",
    "spinbutton", "slider", "dialog", "progressbar", "image", "group", "region", "navigation", "form",
}  # fmt: skip


def sense(page: Any, what: str, *given: Any) -> Any:
    """Ask one of the senses; they are brought along if the page does not have them yet."""
    if not page.evaluate("'senses' in window"):
        page.evaluate(SOURCE)
    return page.evaluate(f"([what, given]) => senses[what](...given)", [what, list(given)])


def layout(page: Any) -> dict[str, list[str]]:
    """Return what does not fit, by what is wrong with it."""
    page.evaluate(
        "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
    )
    found = {what: sense(page, what) for what in ("clipped", "beside", "overlapping")}
    return {what: places for what, places in found.items() if places}


def nameless(page: Any) -> list[str]:
    """Return what a screen reader would read without a name, from the accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        role
        for node in nodes
        if not node.get("ignored")
        and (role := node.get("role", {}).get("value")) in NAMED - {"group", "form"}
        and not node.get("name", {}).get("value", "").strip()
    ]


def walk(page: Any, stops: int = 60) -> list[str]:
    """Press Tab through the page; return where the focus could not be seen."""
    poor, seen = [], set()
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
    assert len(seen) > 1, "Tab leads nowhere"
    return poor
