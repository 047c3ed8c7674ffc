"""What a server that nobody asks anything yet keeps out of memory."""

import os
import subprocess
import sys

import pytest

from ..support.servers import ROOT

#: Prints the name of every module in memory.
LOADED = "import sys; print(*sys.modules, sep='\\n')"

#: The parent of the server's processes: it listens, starts them anew and logs.
PARENT = f"""
from widget_server import cli, config, logs, server
settings = config.load()
settings["PORT"] = 0
server._server("none:none", settings, server.listeners(settings))
logs.formatter("json")
{LOADED}
"""

#: A process that answers, with its first jobs done.
PROCESS = f"""
from widget_server import wsgi
wsgi.application()
from widget_server import jobs
jobs.schedule()
jobs.run_due()
{LOADED}
"""

#: What only some requests need, and where megabytes come from.
LATE = {
    "PIL", "altcha", "argon2", "boto3", "cryptography", "css_inline", "email_validator", "fontTools",
    "fpdf", "holidays", "imap_tools", "jwt", "markdown_it", "nh3", "psycopg_binary", "pyotp", "redis",
    "requests", "segno", "uharfbuzz", "urllib3",
}  # fmt: skip


@pytest.fixture
def loaded(tmp_path):
    def ask(code):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("VENTANILLA_")}
        settings = {
            "VENTANILLA_SECRET_KEY": "idle-" * 8,
            "VENTANILLA_DATABASE_URL": f"sqlite:///{tmp_path}/tickets.db",
            "VENTANILLA_FILES_DIR": str(tmp_path / "files"),
            "VENTANILLA_WORKER": "separate",
        }
        answer = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=kept | settings,
            capture_output=True,
            text=True,
            check=True,
        )
        return set(answer.stdout.split())

    return ask


def test_the_parent_of_the_processes_has_no_application(loaded):
    modules = loaded(PARENT)
    assert "granian" in modules
    assert modules & {"flask", "marshmallow", "peewee", "widget_server.database"} == set()


def test_an_idle_process_has_nothing_that_only_some_requests_need(loaded):
    modules = loaded(PROCESS)
    assert {"widget_server.app", "widget_server.worker", "peewee"} <= modules
    assert modules & LATE == set()
