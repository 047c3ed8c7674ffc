"""Every style sheet runs with the text: right to left it is its own mirror image."""

import re

import pytest

from .support.servers import ROOT

SHEETS = sorted(
    [
        *(ROOT / "widget_js/src").rglob("*.css"),
        *(ROOT / "widget_server/console/static").glob("*.css"),
        *(ROOT / "widget_server/articles").rglob("*.css"),
        *(ROOT / "widget_server/mail").rglob("*.css"),
    ]
)

SIDE = re.compile(
    r"(?:margin|padding|border)-(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?<![\w-])(?:left|right)\s*:|(?:text-align|float|clear):\s*(?:left|right)"
)
PART = r"((?:[\w.-]+\([^;]*?\)|[^\s;()}]+))"
FOUR = re.compile(rf"(?<![\w-])(?:margin|padding|inset): {PART} {PART} {PART} {PART}(?=[;}} ])")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_side_is_left_or_right(sheet):
    text = sheet.read_text("utf-8")
    assert SIDE.findall(text) == []
    # Four values name the sides, too, unless both are the same.
    assert [each.group() for each in FOUR.finditer(text) if each[2] != each[4]] == []


def test_the_rule_sees_what_it_forbids():
    assert SIDE.search("a { margin-left: 4px; }")
    assert SIDE.search("a { left: 4px; }")
    assert not SIDE.search("a { inset-inline-start: 4px; }")
    (four,) = FOUR.finditer("a { padding: 4px 8px 4px calc(1px + 2px); }")
    assert (four[2], four[4]) == ("8px", "calc(1px + 2px)")
