"""Markdown as a page: whatever is written, only harmless elements, and headings in order."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_server.text import plain_to_html, to_page, to_tree, to_words

ALLOWED = {"p", "strong", "em", "del", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "br", "h2", "h3", "h4"}  # fmt: skip
ATTRIBUTES = {"href", "id", "rel", "start"}
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["# ", "## ", "##### ", "\n", "\n\n", "- ", "1. ", "> ", "`", "```", "**", "_", "~~", "[a](", ")",
             "](javascript:", "<script>", "<img src=x onerror=x>", "<svg/onload=x>", "&lt;", "&#x6a;", "data:",
             "<a href='//x'>", "](//evil)", "![](http://x)", "<!--", "]]>", "\\", "\t", "    "]
        ),
        st.text(max_size=8),
    ),
    max_size=30,
).map("".join)  # fmt: skip


def elements(html):
    seen = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: seen.append((tag, dict(attributes)))
    parser.feed(html)
    return seen


@given(PIECES)
def test_only_harmless_elements_come_out(markdown):
    page = to_page(markdown)
    level = 1
    for tag, attributes in elements(page.html):
        assert tag in ALLOWED
        assert set(attributes) <= ATTRIBUTES
        scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", attributes.get("href") or "", re.I)
        assert scheme is None or scheme[1].lower() in {"http", "https", "mailto", "tel"}
        if re.fullmatch("h[234]", tag):
            assert int(tag[1]) <= level + 1
            level = int(tag[1])
    anchors = [heading.anchor for heading in page.outline]
    assert len(set(anchors)) == len(anchors)


@given(PIECES)
def test_the_words_and_the_tree_bear_any_text(markdown):
    assert "\n" not in to_words(markdown)
    for node in to_tree(markdown, "https://help.example/help/k/en/a"):
        assert isinstance(node, str | list)


@pytest.mark.parametrize(
    "piece", ["[", "![", "*a", "*_", "_a_", "[a](", "[a][", "`", "> ", "- ", "a\n=\n", "[a]: b\n", "<", "\\"]
)  # fmt: skip
def test_no_text_takes_more_than_a_moment(piece):
    # Processor time, with a generous bound: what this guards against grows with the square.
    begun = time.process_time()
    to_page(piece * (30_000 // len(piece)))
    to_tree(piece * (30_000 // len(piece)))
    assert time.process_time() - begun < 3


def test_words_are_what_is_read():
    text = "# Title\n\nSee [the *guide*](https://x.example)\nand `code`.\n\n- one\n- two\n\n```\npre\n```"
    assert to_words(text) == "See the guide and code. one two pre"


def test_headings_begin_at_the_second_level_and_skip_none():
    page = to_page("### A\n\n###### B\n\n# C\n\n## D\n\n#### E *f*")
    assert [(each.level, each.text) for each in page.outline] == [
        (2, "A"), (3, "B"), (2, "C"), (3, "D"), (4, "E f"),
    ]  # fmt: skip
    assert page.outline[-1].anchor == "s5-e-f"


LINK = '<a href="https://x.example/a" rel="noopener noreferrer nofollow">https://x.example/a</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('see "https://x.example/a"', f"see &quot;{LINK}&quot;"),
        ("Terms<https://x.example/a>.", f"Terms&lt;{LINK}&gt;."),
        ("(https://x.example/a), <b>", f"({LINK}), &lt;b&gt;"),
        ("(https://x.example/a_(b))!", f"({LINK.replace('e/a', 'e/a_(b)')})!"),
        ("https://x.example/(a)/b.", f"{LINK.replace('e/a', 'e/(a)/b')}."),
        ("[https://x.example/a]", f"[{LINK}]"),
        ("https://x.example/a(((", f"{LINK.replace('e/a', 'e/a(((')}"),
        ("https://", "https://"),
    ],
)
def test_an_address_ends_where_its_marks_begin(text, html):
    assert plain_to_html(text) == html


def test_looking_for_addresses_takes_no_longer_than_reading():
    began = time.process_time()
    for piece in ("(", "https://(", "https://x.example/(a", "https://x.example/(a)", ").", "!"):
        plain_to_html(f"https://x.example/{piece * 20_000}")
    assert time.process_time() - began < 5


def test_an_address_keeps_what_separates_its_questions():
    assert 'href="https://x.example/?a=1&amp;b=2"' in plain_to_html("https://x.example/?a=1&b=2")
