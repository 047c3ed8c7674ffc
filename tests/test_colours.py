"""Any accent a site picks is readable wherever the server prints it: help pages, letters, mailed links."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from widget_server.articles.pages import look
from widget_server.console.presenters.look import contrasts
from widget_server.sites.colour import contrast, known, readable, text_on

ACCENTS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
CORNERS = ("#000000", "#ffffff", "#777777", "#808080", "#959595", "#ffff00", "#39ff14", "#ff6700")


def corners(test):
    """Try what is hardest besides whatever hypothesis thinks of."""
    for accent in CORNERS:
        test = example(accent)(test)
    return given(ACCENTS)(test)


@corners
def test_help_pages_read_in_both_schemes(accent):
    for scheme in ("light", "dark"):
        css = look.sheet.__wrapped__(accent, scheme).css
        colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))
        for ground in ("page", "sunken"):
            for ink in ("link", "ink", "soft"):
                assert contrast(colour[ink], colour[ground]) >= 4.5, (scheme, ink, ground)
        assert contrast(colour["on-accent"], colour["accent"]) >= 4.5


@corners
def test_a_letters_links_read_on_its_sheet_and_on_what_is_quoted(accent):
    link = readable(accent, "#ffffff")
    for ground in ("#ffffff", "#f7f8fa", "#eceef3"):
        assert contrast(link, ground) >= 4.5
    assert contrast(text_on(accent), accent) >= 4.5


@corners
def test_the_console_shows_the_window_as_it_will_read(accent):
    assert all(shown["ratio"] >= 4.5 for shown in contrasts(accent))


@pytest.mark.parametrize("accent", [None, "", "red", "#fff", "#2454d6;x"])
def test_what_is_no_colour_is_ours(accent):
    assert known(accent) == "#2454d6"
