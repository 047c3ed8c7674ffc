"""Whom a header names: read in one pass, whatever its quotes and brackets do."""

import re
from collections.abc import Iterator

from .decoding import one_line, words

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|<([^<>]{0,400})>|\\.|([(),;:])|[^"<>(),;:\\]+|.', re.S)
_ADDRESS = re.compile(r"[^\s<>]{1,320}@[^\s<>@]{1,320}")


def people(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name and address of everyone in a header such as From; groups are opened."""
    name: list[str] = []
    remark: list[str] = []
    found, depth = "", 0
    for token in _TOKEN.finditer(text + ","):
        quoted, bracketed, mark = token.groups()
        if mark == "(":
            depth += 1
        elif mark == ")" and depth:
            depth -= 1
        elif depth and token.end() <= len(text):
            remark.append(token[0])
        elif bracketed is not None:
            found = bracketed.rpartition(":")[2].strip()
        elif mark in (",", ";"):
            shown = "".join(name)
            if not found and (bare := _ADDRESS.search(shown)):
                found, shown = bare[0], shown.replace(bare[0], "", 1)
            if _ADDRESS.fullmatch(found):
                yield one_line(words(shown)) or one_line(words("".join(remark))), found
            name, remark, found, depth = [], [], "", 0
        elif mark == ":" and not found:
            name = []  # What came before is the name of a group.
        else:
            name.append(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else token[0])


def plain(text: str) -> str:
    """Return a header without its quoted texts and remarks."""
    depth, kept = 0, []
    for token in _TOKEN.finditer(text):
        if token[3] == "(":
            depth += 1
        elif token[3] == ")":
            depth = max(depth - 1, 0)
        elif not depth and token[1] is None:
            kept.append(token[0])
    return "".join(kept)
