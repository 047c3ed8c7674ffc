"""What a new site says before anybody changed it, whoever its visitors are."""

import pytest

from widget_server.sites import beginnings, look
from widget_server.sites.service import public_config

TEXTS = [beginnings.GREETING, *(each[part] for each in beginnings.CATEGORIES for part in ("name", "hint"))]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text["en"])
def test_a_new_site_speaks_every_language_of_the_window(text):
    assert set(text) == set(look.LANGUAGES)
    assert all(said.strip() for said in text.values())


def test_a_visitor_reads_their_language_from_the_first_day(site):
    config = public_config(site, "https://help.example", file_bytes=1, assets={})
    assert config["greeting"]["fr"].startswith("Bonjour")
    assert [each["name"]["de"] for each in config["categories"]] == [
        "Fehler melden", "Plugin anfragen", "Technische Hilfe", "Etwas anderes",
    ]  # fmt: skip
