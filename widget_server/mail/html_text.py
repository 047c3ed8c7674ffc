"""A mail's HTML as plain text: paragraphs, lists and links kept, quotations as ``> `` lines."""

import re

from .tags import TagReader

BLOCKS = {
    "p", "div", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header",
    "footer", "form", "address", "dl", "dt", "dd", "figure", "center", "body", "html",
}  # fmt: skip
PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"}
SKIPPED = {"script", "style", "head", "title", "template", "noscript", "svg", "math"}

#: Quotations deeper than this are all drawn as deep as this.
DEEPEST = 8

#: Characters of HTML read; what is beyond is not text that anybody wrote by hand.
MOST = 2_000_000


class _Writer(TagReader):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._line: list[str] = []
        self._length = 0
        self._quote = self._skip = self._pre = 0
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SKIPPED:
            self._skip += 1
        elif tag == "body":
            self._skip = 0  # It ends the head, whose own end may be left out.
        if self._skip:
            return
        if tag == "br":
            self._end_line()
        elif tag == "hr":
            self._block()
            self._write("________________________________")
            self._block()
        elif tag == "li":
            self._block()
            count = self._lists[-1] if self._lists else None
            self._write("• " if count is None else f"{count}. ")
            if self._lists and count is not None:
                self._lists[-1] = count + 1
        elif tag == "a":
            # Links do not nest; one that was never closed is not one.
            self._links = [(dict(attrs).get("href") or "", len(self._line))]
        elif tag == "img":
            alt = (dict(attrs).get("alt") or "").strip()
            if alt and len(alt) < 80 and "@" not in alt:
                self._write(alt)
        elif tag in ("td", "th") and self._line:
            self._write(" ")
        if tag in BLOCKS | PARAGRAPHS:
            self._block(paragraph=tag in PARAGRAPHS)
        if tag == "blockquote":
            self._quote += 1
        elif tag == "pre":
            self._pre += 1
        elif tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else None)

    def handle_endtag(self, tag: str) -> None:
        if tag in SKIPPED:
            self._skip = max(self._skip - 1, 0)
        if self._skip:
            return
        if tag == "a" and self._links:
            href, begun = self._links.pop()
            shown = "".join(self._line[begun:])
            if href.startswith(("http://", "https://")) and href.rstrip("/") not in shown:
                self._write(f" ({href})")
        if tag in BLOCKS | PARAGRAPHS or tag == "li":
            self._block(paragraph=tag in PARAGRAPHS)
        if tag == "blockquote":
            self._quote = max(self._quote - 1, 0)
        elif tag == "pre":
            self._pre = max(self._pre - 1, 0)
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        if self._skip:
            return
        if self._pre:
            first, *rest = data.split("\n")
            self._write(first)
            for line in rest:
                self._end_line()
                self._write(line)
            return
        text = re.sub(r"[ \t\r\n\f]+", " ", data)
        if not self._line:
            text = text.lstrip(" ")
        self._write(text)

    def _write(self, text: str) -> None:
        if text:
            self._line.append(text)
            self._length += len(text)

    def _end_line(self) -> None:
        prefix = "> " * min(self._quote, DEEPEST)
        text = "".join(self._line)
        self.lines.append((prefix + (text if self._pre else text.rstrip())).rstrip(" "))
        self._line, self._length = [], 0

    def _block(self, *, paragraph: bool = False) -> None:
        if "".join(self._line).strip():
            self._end_line()
        self._line, self._length = [], 0
        if paragraph and self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * min(self._quote, DEEPEST))


def to_text(html: str) -> str:
    """Return HTML as text. Takes anything; what is not text is left out."""
    writer = _Writer()
    writer.feed(html[:MOST])
    writer._block()
    lines = [line.rstrip() for line in writer.lines]
    while lines and not lines[-1].strip("> "):
        lines.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
