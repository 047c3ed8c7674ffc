"""HTML taken apart in one pass, for texts that somebody may have made to take long.

``html.parser`` starts anew at every ``<`` that never ends; two megabytes of those take it minutes.
"""

import re
from html import unescape

_MARKUP = re.compile(r"<(?:(/?)([a-zA-Z][^\s/>]{0,60})|[!?/])")
_STOP = re.compile(r"=\s*([\"'])|>")
_ATTRIBUTE = re.compile(
    r"([^\s\"'>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?", re.DOTALL
)
_NO_CHARACTER = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{7,});?")

#: What is inside these is no HTML.
_RAW = {
    name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "xmp")
}

#: The only elements whose attributes say something to a reader.
_TOLD = {"a", "img", "ol"}


class TagReader:
    """Calls ``handle_starttag``, ``handle_endtag`` and ``handle_data`` for what it is fed."""

    def __init__(self) -> None:
        # Each becomes false when the text holds no more of them, and is not looked for again.
        self._comments = self._quotes = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise NotImplementedError

    def handle_endtag(self, tag: str) -> None:
        raise NotImplementedError

    def handle_data(self, data: str) -> None:
        raise NotImplementedError

    def feed(self, html: str) -> None:
        at = 0
        while match := _MARKUP.search(html, at):
            if match.start() > at:
                self.handle_data(characters(html[at : match.start()]))
            at = self._end(html, match)
            if not at:
                at = match.start()
                break
            if not match[2]:
                continue
            tag = match[2].lower()
            if match[1]:
                self.handle_endtag(tag)
                continue
            self.handle_starttag(tag, attributes(html[match.end() : at]) if tag in _TOLD else [])
            if tag in _RAW:
                close = _RAW[tag].search(html, at)
                at = close.start() if close else len(html)
        if at < len(html):
            self.handle_data(characters(html[at:]))

    def _end(self, html: str, match: re.Match[str]) -> int:
        """Return where a tag or comment ends, 0 if it does not."""
        if self._comments and html.startswith("<!--", match.start()):
            end = html.find("-->", match.start() + 2)
            if end >= 0:
                return end + 3
            self._comments = False
        at = match.end()
        while self._quotes and match[2] and (stop := _STOP.search(html, at)):
            if stop[0] == ">":
                return stop.end()
            at = html.find(stop[1], stop.end()) + 1
            if not at:
                self._quotes = False
        if match[2]:
            self._quotes = False
        return html.find(">", match.end()) + 1


def attributes(text: str) -> list[tuple[str, str | None]]:
    """Return the attributes of a tag, named in lower case."""
    return [
        (name.lower(), characters(double or single or bare))
        for name, double, single, bare in _ATTRIBUTE.findall(text)
    ]


def characters(text: str) -> str:
    """Return a text with its character references resolved."""
    return unescape(_NO_CHARACTER.sub("\ufffd", text)) if "&" in text else text
