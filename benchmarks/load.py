"""How many requests a second, as a share of what bare Flask answers in the same minute."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

#: Seconds each address is asked for, and the bare server before and after it.
LONG, SHORT = 3, 1


@dataclass(frozen=True)
class Target:
    """Something to ask over and over."""

    url: str
    headers: Mapping[str, str]

    def at(self, server: str) -> "Target":
        """Return the same of another server."""
        return replace(self, url=server + urlsplit(self.url).path)


class Wrong(Exception):
    """The server did not answer what was to be measured."""


def rate(target: Target, seconds: int = LONG, *, script: str | None = None) -> float:
    """Return requests a second over eight connections kept open.

    ``script`` is Lua for wrk, for requests that differ from one to the next.
    """
    headers = ["-s", script] if script else []
    for name, value in target.headers.items():
        headers += ["-H", f"{name}: {value}"]
    done = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", *headers, target.url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in done:
        raise Wrong(f"{target.url}:\n{done}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done)
    if found is None:
        raise Wrong(done)
    return float(found[1])


def share(target: Target, bare: Target) -> float:
    """Return the target's rate divided by the bare server's, measured around it."""
    before = rate(bare, SHORT)
    measured = rate(target)
    return measured / ((before + rate(bare, SHORT)) / 2)
