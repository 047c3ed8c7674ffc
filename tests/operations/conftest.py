"""The `ventanilla` command, run in this process with an environment of its own."""

import logging

import pytest
from click.testing import CliRunner

from widget_server import audit
from widget_server.cli import main

from ..support.databases import disconnect

SECRET = "kJ8x0Q2rVw7TzL5mNc3BpYdF6gHs1AeU9iOq4tRyWuXv"


@pytest.fixture
def environment(database_url, tmp_path):
    """The settings of an ordinary installation, as the environment has them."""
    (tmp_path / "files").mkdir(mode=0o700, exist_ok=True)
    return {
        "VENTANILLA_SECRET_KEY": SECRET,
        "VENTANILLA_DATABASE_URL": database_url,
        "VENTANILLA_FILES_DIR": str(tmp_path / "files"),
    }


@pytest.fixture
def command(environment, monkeypatch):
    """Run `ventanilla WORDS…` and return its exit code and what it printed."""
    ours, root = logging.getLogger("widget_server"), logging.getLogger()
    kept = ours.handlers[:], ours.level, ours.propagate, root.handlers[:], root.level

    def run(*words, code=0, given=None, **more):
        disconnect()
        try:
            result = CliRunner().invoke(main, words, env=environment | more, input=given)
        finally:
            audit.leave()
        assert result.exit_code == code, (result.output, result.exception)
        return result.output

    yield run
    ours.handlers[:], ours.level, ours.propagate, root.handlers[:], _ = kept
    root.setLevel(kept[4])
    disconnect()
