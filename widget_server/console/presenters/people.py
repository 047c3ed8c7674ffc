"""How a person appears: a name where there is one, initials, and the browser they sit at."""

import re

#: Names by their mark in a browser's long signature; the first that occurs is the right one.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
    "Mac OS X": "macOS", "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


def name_of(name: str | None, email: str | None) -> str:
    """Return what to call someone; empty for a visitor who left nothing."""
    return name or email or ""


def initials(name: str) -> str:
    """Return one or two letters for the round mark beside a name."""
    words = [word for word in name.replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "·"


def browser_name(signature: str) -> str:
    """Return "Firefox 140 · Linux" for a user agent; what is not recognised stays as it is."""
    system = next((name for mark, name in SYSTEMS.items() if mark in signature), None)
    for mark, name in (*BROWSERS, ("Version", "Safari")):
        version = re.search(rf"{mark}[A-Za-z]*/(\d+)", signature)
        if version and system:
            return f"{name} {version[1]} · {system}"
    return signature
