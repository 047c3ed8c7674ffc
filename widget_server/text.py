"""The one Markdown renderer: safe HTML for our own pages, a tree for the panel.

Agents write Markdown; requesters write plain text, whose links and line breaks are kept.
"""

import re
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TAGS = {"p", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "br", "h"}
RENAMED = {"s": "del", "h1": "h", "h2": "h", "h3": "h", "h4": "h", "h5": "h", "h6": "h"}
SCHEMES = {"http", "https", "mailto", "tel"}

Node = str | list[Any]

#: An address in plain text, without the marks after it; a last bracket only if it was opened there.
#: The panel finds them by the same words.
_END = r"[^\s<>\"]*[^\s<>\".,;:!?)'\]]"
_ADDRESS = re.compile(rf"(https?://(?:[^\s<>\"]*\([^\s<>\"()]*\)(?:{_END})?|{_END}))")


@cache
def _markdown() -> "MarkdownIt":
    """No HTML from people, no images from elsewhere; addresses become links."""
    from markdown_it import MarkdownIt  # Some megabytes, with the first text that is shown.

    options = {"html": False, "linkify": False, "breaks": True}
    parser = MarkdownIt("commonmark", options).disable(["image", "html_inline", "html_block"])
    return parser.enable(["strikethrough"])


def _clean(html: str, headings: set[str], attributes: dict[str, set[str]]) -> str:
    import nh3  # As above.

    return nh3.clean(
        html,
        tags={"h4" if tag == "h" else tag for tag in TAGS} | {"s"} | headings,
        attributes=attributes,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


@lru_cache(maxsize=2_048)
def to_html(markdown: str) -> str:
    """Return sanitised HTML of Markdown."""
    attributes = {"a": {"href"}, "ol": {"start"}}
    return _clean(_markdown().render(markdown), {"h1", "h2", "h3"}, attributes)


class Heading(NamedTuple):
    level: int
    anchor: str
    text: str


class Page(NamedTuple):
    """A text as the body of a page: its HTML and its headings."""

    html: str
    outline: tuple[Heading, ...]


@lru_cache(maxsize=512)
def to_page(markdown: str) -> Page:
    """Return Markdown for a page that has a title of its own.

    Headings start at the second level and none is skipped; each has an anchor.
    """
    tokens = _markdown().parse(markdown)
    above: list[str] = []
    outline: list[Heading] = []
    for token, inside in zip(tokens, [*tokens[1:], None], strict=False):
        if token.type == "heading_close":
            token.tag = f"h{min(len(above) + 1, 4)}"
        elif token.type == "heading_open" and inside is not None:
            above = [*(tag for tag in above if tag < token.tag), token.tag]
            level = min(len(above) + 1, 4)
            token.tag = f"h{level}"
            text = "".join(part.content for part in inside.children or [] if not part.nesting)
            words = re.findall(r"[^\W_]+", text.lower())
            anchor = "-".join([f"s{len(outline) + 1}", *words])[:60]
            token.attrSet("id", anchor)
            outline.append(Heading(level, anchor, text))
    html = _markdown().renderer.render(tokens, _markdown().options, {})
    attributes = {"a": {"href"}, "ol": {"start"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}}
    return Page(_clean(html, {"h2", "h3"}, attributes), tuple(outline))


@lru_cache(maxsize=2_048)
def to_words(markdown: str) -> str:
    """Return what is read of Markdown, on one line: no marks, headings or addresses of links."""
    pieces = []
    tokens = _markdown().parse(markdown)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is None or before.type != "heading_open":
            parts = token.children or ([token] if token.content else [])
            pieces += [part.content or (" " if "break" in part.type else "") for part in parts]
            pieces.append(" ")
    return " ".join("".join(pieces).split())


def shorten(text: str, most: int) -> str:
    """Return the beginning of a text: whole sentences if they fill half of it, else words."""
    if len(text) <= most:
        return text
    sentences = max(text.rfind(end, 0, most + 1) for end in (". ", "? ", "! "))
    if sentences >= most // 2:
        return text[: sentences + 1]
    return (text[: most + 1].rpartition(" ")[0] or text[:most]).rstrip(".,;:– ") + "…"


def plain_to_html(text: str) -> str:
    """Return plain text as HTML: paragraphs and line breaks kept, addresses made links."""

    def escaped(piece: str) -> str:
        return escape(piece, quote=False).replace('"', "&quot;")

    def link(found: str) -> str:
        there = escaped(found)
        return f'<a href="{there}" rel="noopener noreferrer nofollow">{there}</a>'

    # Found before anything is escaped: what a mark is written as is no part of an address.
    pieces = _ADDRESS.split(text)
    linked = (link(each) if nth % 2 else escaped(each) for nth, each in enumerate(pieces))
    return "".join(linked).replace("\n", "<br>")


@lru_cache(maxsize=2_048)
def split_address(address: str) -> SplitResult:
    """Return the parts of an address somebody else wrote; all are empty if it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")


def to_tree(markdown: str, base: str = "") -> tuple[Node, ...]:
    """Return Markdown as nodes ``text | [tag, attributes | None, *children]``.

    The panel builds elements from it, so no HTML ever crosses the wire. ``base``: the address
    links without a host start from.
    """
    root: list[Any] = ["root", None]
    _grow(root, _markdown().parse(markdown), base)
    return tuple(root[2:])


def _grow(root: list[Any], tokens: "list[Token]", base: str) -> None:
    stack = [root]
    for token in tokens:
        if token.type == "inline":
            _grow(stack[-1], token.children or [], base)
        elif token.type == "text":
            if token.content:
                stack[-1].append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            stack[-1].append(["br", None])
        elif token.type in {"code_inline", "fence", "code_block"}:
            tag = "code" if token.type == "code_inline" else "pre"
            stack[-1].append([tag, None, token.content.rstrip("\n")])
        elif token.nesting == 1:
            node: list[Any] = [RENAMED.get(token.tag, token.tag), _attributes(token, base)]
            if node[0] not in TAGS:
                node[0] = "p"
            if not (token.hidden and token.tag == "p"):
                stack[-1].append(node)
                stack.append(node)
            else:
                stack.append(stack[-1])
        elif token.nesting == -1:
            stack.pop()


def _attributes(token: "Token", base: str) -> dict[str, Any] | None:
    if token.tag == "a":
        href = urljoin(base, str(token.attrs.get("href", "")))
        return {"href": href} if urlsplit(href).scheme.lower() in SCHEMES else None
    if token.tag == "ol" and "start" in token.attrs:
        return {"start": int(token.attrs["start"])}
    return None
