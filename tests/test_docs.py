"""Do the documents tell the truth? Compared with the code, so that they cannot fall behind."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
import pytest

from benchmarks import table
from benchmarks.figures import Figure
from widget_server import errors
from widget_server.cli import main
from widget_server.config import PREFIX, SETTINGS
from widget_server.console.language import catalog
from widget_server.console.places import PLACES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
API = (ROOT / "docs/api.md").read_text()
WIDGET = (ROOT / "docs/widget.md").read_text()
SOURCES = "\n".join(
    path.read_text()
    for path in sorted((ROOT / "widget_js/src").rglob("*"))
    if path.suffix in {".ts", ".tsx", ".css"}
)

#: Machine addresses that must not reach the repository: package indexes and folders of one machine.
FOREIGN = re.compile(
    r"files\.pythonhosted\.org|pypi\.org|registry\.npmjs\.org|registry\.yarnpkg\.com"
    r"|find-links|index-url|file:///|(?<![\w./])/(?:opt|root|work|home/\w+)/"
)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_in_the_readme(setting):
    default = {None: "required", "": "none"}.get(setting.default, f"`{setting.default}`")
    assert f"| `{PREFIX}{setting.name}` | {default} | {setting.help} |" in README


def test_no_setting_in_the_readme_was_forgotten_in_the_code():
    known = {PREFIX + setting.name for setting in SETTINGS}
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", README)) <= known


def commands(group: click.Group = main, name: str = "ventanilla") -> Iterator[tuple[str, str]]:
    for word in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), word)
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {word}")
        else:
            yield f"{name} {word}", (command.help or "").split("\n")[0]


@pytest.mark.parametrize(("command", "does"), list(commands()), ids=lambda text: text)
def test_every_command_is_in_the_readme(command, does):
    assert does
    assert re.search(rf"^\| `{command}[^`]*` \| {re.escape(does)} \|$", README, re.M)


def test_every_make_target_is_in_the_readme():
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)
    targets = set(phony[1].split()) - {"clean"}
    assert {f"make {target}" for target in targets} <= set(re.findall(r"make [\w-]+", README))


def test_every_endpoint_is_documented(app):
    missing = [
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
        if not rule.rule.startswith("/console/") and f"`{method} {rule.rule}`" not in API
    ]
    assert missing == []


def test_openapi_describes_every_endpoint(app):
    described = app.test_client().get("/api/v1/openapi.json").json["paths"]
    told = {
        f"{method.upper()} {path}"
        for path, item in described.items()
        for method in item
        if method != "parameters"
    }
    actual = {
        f"{method} {rule.rule.replace('<int:', '<').replace('<', '{').replace('>', '}')}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
    }
    assert told == actual


def test_every_error_code_is_documented():
    def codes(error: type[errors.VentanillaError]) -> Iterator[str]:
        yield f"| {error.status} | `{error.code}` |"
        for below in error.__subclasses__():
            yield from codes(below)

    plain = {f"| {status} | `{code}` |" for status, code in errors.HTTP_CODES.items()}
    wanted = (set(codes(errors.VentanillaError)) | plain) - {"| 401 | `wrong_password` |"}
    assert sorted(row for row in wanted if row not in API) == []


def test_every_attribute_of_the_widget_is_documented():
    read = set(re.findall(r"\.option\('([a-z-]+)'\)", SOURCES))
    dataset = set(re.findall(r"\.dataset\.([a-zA-Z]+)", SOURCES))
    on_script = {f"data-{name}" for name in read | {_dashed(name) for name in dataset}}
    assert read >= {"identity-url", "lang", "theme"}
    assert {name for name in on_script | read if f"| `{name}` |" not in WIDGET} == set()


def test_every_event_of_the_widget_is_documented():
    announced = set(re.findall(r"(?:announce\('|CustomEvent\('ventanilla:)([a-z-]+)'", SOURCES))
    told = set(re.findall(r"^\| `ventanilla:([a-z-]+)` \|", WIDGET, re.M))
    assert told == announced


def test_every_css_property_of_the_widget_is_documented():
    read = set(re.findall(r"--ventanilla-[a-z-]+", SOURCES))
    told = set(re.findall(r"^\| `(--ventanilla-[a-z-]+)` \|", WIDGET, re.M))
    assert told == read


def test_every_command_of_the_widget_is_documented():
    taken = set(re.findall(r"name === '([a-z]+)'", SOURCES)) - {"home", "new", "ticket"}
    section = WIDGET.split("## Commands")[1].split("\n## ")[0]
    told = set(re.findall(r"^\| `([a-z]+)` \|", section, re.M))
    assert told <= taken
    assert {"open", "close", "toggle", "prefill", "identify", "logout", "context"} <= told


def test_sizes_in_the_readme_are_the_builds_budget():
    build = (ROOT / "widget_js/build.mjs").read_text()
    limits = re.findall(r"\b\w+: (\d+)_(\d{3})", re.search(r"BUDGET = \{(.*)\}", build)[1])
    table = README.split("| what a page loads |")[1].split("\n\n")[0]
    assert re.findall(r"^\|[^|]*\| (\d+),(\d{3})", table, re.M) == limits


def test_readme_stays_readable():
    prose = [line for line in README.splitlines() if not line.startswith("|")]
    assert len(prose) < 180


DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")})


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text())
    lost = []
    for link in (link for link in links if not re.match(r"https?:|mailto:", link)):
        name, _, anchor = link.partition("#")
        target = document.parent / name if name else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def anchors(document: Path) -> set[str]:
    """Return where a link into a document can lead, as GitHub makes it of the headings."""
    text = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.M | re.S)
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_every_page_of_the_settings_is_told_of():
    told = "\n".join(path.read_text() for path in ROOT.glob("docs/*.md")).lower()
    titles = [catalog("en")[place.label] for place in PLACES]
    assert [title for title in titles if title.lower() not in told] == []


def test_every_document_is_in_the_index():
    index = (ROOT / "docs/README.md").read_text()
    named = {name.split("#")[0] for name in re.findall(r"\]\(([\w.-]+\.md)", index)}
    assert named == {path.name for path in ROOT.glob("docs/*.md")} - {"README.md"}


def test_pictures_are_light_and_shown():
    pictures = list(ROOT.glob("docs/*.webp"))
    shown = "\n".join(document.read_text() for document in DOCUMENTS)
    assert [path.name for path in pictures if path.name not in shown] == []
    assert max(path.stat().st_size for path in pictures) < 150_000
    assert sum(path.stat().st_size for path in pictures) < 700_000


def test_figures_in_the_readme_are_written_by_a_command():
    kept = {
        "results.json": [("loader, to bare Flask", 4.2, "ratio", 1.0, True, "≥")],
        "console.json": [
            ("SQLite, view open (13.4 ms): to 1,000", 1.196, "ratio", 1.5, True, "≤"),
            ("SQLite, a rare word (20.1 ms): to 1,000", 0.9, "ratio", 1.5, True, "≤"),
        ],
        "suggestions.json": [("off topic", 0.2, "", 0.15, False, "≤")],
    }
    made = table.render(
        {
            name: {"at": "2026-11-29", "machine": "a machine", "figures": list(map(_figure, rows))}
            for name, rows in kept.items()
        }
    )
    assert "Measured 2026-11-29 on a machine." in made
    assert "| loader, to bare Flask | 4.2 | ≥ 1 |" in made
    assert "| SQLite, 100,000 tickets: slowest of 2 pages | 20.1 ms |  |" in made
    assert "| SQLite: their time ÷ at 1,000 tickets, largest (2 met it) | 1.2 | ≤ 1.5 |" in made
    assert "| off topic | 0.2 | ≤ 0.15, missed |" in made
    written = table.put(README, made)
    assert made in written
    assert table.put(written, made) == written
    assert written.split(table.END)[1] == README.split(table.END)[1]


def test_where_it_compares_the_readme_says_what_was_measured():
    number = r"\| ([\d.,]+)"
    told = {
        name: re.search(rf"^\| {name} {number}", README, re.M)[1] for name in table.BEFORE_A_CLICK
    }
    figures = [
        {"name": name, "value": float(value.replace(",", ""))} for name, value in told.items()
    ]
    assert table.compared(README, figures) == README
    assert "| 7, 1.2 kB, 3 ms |" in table.compared(
        README,
        [{"name": name, "value": value} for name, value in zip(told, (7, 1_234, 3.4), strict=True)],
    )


def _figure(row: tuple[str, float, str, float, bool, str]) -> dict[str, object]:
    return asdict(Figure(*row))


def test_no_package_index_or_machine_path_is_written_down():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name in listed
        if name and name != "tests/test_docs.py" and (ROOT / name).is_file()
        for number, line in enumerate(_text(ROOT / name).splitlines(), 1)
        if FOREIGN.search(line)
    ]
    assert found == []


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""


def _dashed(name: str) -> str:
    return re.sub(r"([A-Z])", lambda letter: f"-{letter[1].lower()}", name)
