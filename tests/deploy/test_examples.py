"""The examples name settings, commands, files and ports that there are."""

import configparser
import re

import click
import pytest

from widget_server.cli import main
from widget_server.config import PREFIX, SETTINGS, load

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
