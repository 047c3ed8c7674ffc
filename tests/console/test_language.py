"""Every language says everything, and times are said as people say them."""

import ast
import json
import re
from pathlib import Path

import pytest

import widget_server.console
from widget_server.clock import stamp
from widget_server.console.language import LANGUAGES, Words, catalog

TEXT_KEY = r"(composer|event|time|person|error)\.[\w.]*\w"
ROOM = Path(widget_server.console.__file__).parent
ROOT = Path(__file__).parents[2]
FILES = [
    file
    for part in ("widget_server", "widget_js/locales")
    for file in sorted((ROOT / part).rglob("*.json"))
    if "locales" in file.parts
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language):
    english, texts = catalog("en"), catalog(language)
    assert list(texts) == list(english)
    for key, text in texts.items():
        assert text.strip(), key
        holes = re.findall(r"{\w+}", text)
        assert sorted(holes) == sorted(re.findall(r"{\w+}", english[key])), key


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_text_is_written_twice_in_one_language(file):
    """The later one would win, unseen."""
    keys: list[str] = []

    def gather(pairs):
        keys.extend(key for key, _ in pairs)

    json.loads(file.read_text("utf-8"), object_pairs_hook=gather)
    assert len(keys) == len(set(keys)) > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_take_the_form_their_language_gives_them(language):
    words = Words(language)
    assert words.count("search.found", 1) != words.count("search.found", 2)
    assert "1" in words.count("search.found", 1)
    assert words.count("search.found", 2_000_000)


def test_a_missing_text_is_an_error():
    with pytest.raises(KeyError):
        Words("en")("no.such.text")


def test_every_text_asked_for_exists():
    texts = catalog("en")
    asked = set()
    for template in ROOM.rglob("*.html"):
        asked |= set(re.findall(r"""\bt\(\s*["']([\w.]+)["']\s*[,)]""", template.read_text()))
    for module in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            said = node.value if isinstance(node, ast.Constant) else None
            if isinstance(said, str) and re.fullmatch(TEXT_KEY, said):
                asked.add(said.removesuffix(".html"))
    assert len(asked) > 60
    assert asked - {"error"} <= set(texts)


@pytest.mark.parametrize(
    ("seconds", "spanish", "english"),
    [
        (5, "ahora mismo", "just now"),
        (300, "hace 5 min", "5 min. ago"),
        (7_300, "hace 2 h", "2 hr. ago"),
    ],
)
def test_times_are_relative_up_to_a_day(seconds, spanish, english):
    at = stamp(seconds=-seconds)
    assert (Words("es").ago(at), Words("en").ago(at)) == (spanish, english)


def test_older_times_are_dates(clock):
    at = stamp(seconds=-86_400 * 3)
    assert re.fullmatch(r"\d+ \w+", Words("es").ago(at))
    assert re.fullmatch(r"\d+ \w+ \d{4}", Words("es").ago(stamp(seconds=-86_400 * 800)))


def test_the_agent_picks_the_language(agent):
    assert 'lang="es"' in agent.get("/").text
    agent.post("/language", locale="en", next="/console/")
    page = agent.get("/").text
    assert '<html lang="en">' in page
    assert "All open" in page
    assert agent.post("/language", locale="xx").status_code == 422


def test_before_signing_in_the_browser_decides(client):
    for asked, title in (
        ("es-AR,es;q=0.9", "Iniciar sesión"),
        ("de,en;q=0.5", "Anmelden"),
        ("nl,en;q=0.5", "Sign in"),
    ):
        page = client.get("/console/sign-in", headers={"Accept-Language": asked}).text
        assert title in page
    assert "Sign in" in client.get("/console/sign-in?lang=en").text


def test_every_key_is_in_the_agents_guide():
    shown = (ROOM / "templates/console/_keys.html").read_text()
    guide = (ROOM.parents[1] / "docs/agent.md").read_text()
    table = guide.split("## Keys")[1].split("\n## ")[0]
    keys = re.findall(r'\("([^"]+)", "(\w+)"\)', shown)
    assert len(keys) >= 12
    for keystrokes, _ in keys:
        assert " ".join(f"`{key}`" for key in keystrokes.split()) in table
