"""The demo: server, worker, an example host site and sample data, all started together."""

import importlib.util
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import click
from werkzeug.serving import make_server

from . import config, database, migrations, sample
from . import worker as worker  # Listens to the sample and does its jobs.
from .attachments.service import furnish
from .sites import service as sites
from .sites.models import Site, SiteKey

#: Where the example hosts are: beside the package in a checkout, inside it in a wheel.
EXAMPLES = (Path(__file__).parents[1] / "examples", Path(__file__).parent / "examples")

#: Seconds the server may take to answer its first request.
PATIENCE = 30


def run(*, port: int, folder: str, fresh: bool, lang: str) -> None:
    """Start everything, print where it is, and stop it all on Ctrl-C."""
    # The shop's own access log would push the addresses below off the screen.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    home = Path(folder)
    if fresh and home.exists():
        _remove(home)
    home.mkdir(parents=True, exist_ok=True)
    for needed in (port, port + 1):
        _refuse_taken(needed)
    environment = _environment(home, port)
    settings = config.load({k: v for k, v in environment.items() if k.startswith(config.PREFIX)})
    site, key = _prepare(settings, port + 1, lang)

    server = subprocess.Popen(
        [sys.executable, "-m", "widget_server.cli", "serve"],
        env=environment,
        start_new_session=True,
    )
    host = make_server(
        "127.0.0.1", port + 1, _host(settings["SERVER_URL"], site, key, lang), threaded=True
    )
    threading.Thread(target=host.serve_forever, daemon=True).start()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        _await(f"{settings['SERVER_URL']}/health", server)
        _announce(settings["SERVER_URL"], port + 1, home, site.key)
        while not stopped.wait(0.5):
            if server.poll() is not None:
                raise click.ClickException("The server stopped; its message is above.")
    finally:
        host.shutdown()
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=15)


def _remove(home: Path) -> None:
    """Remove a demo, and nothing that is none."""
    import shutil

    if any(home.iterdir()) and not (home / "secret").exists():
        raise click.ClickException(f"{home} holds no demo; name another --folder, or empty it.")
    shutil.rmtree(home)


def _environment(home: Path, port: int) -> dict[str, str]:
    secret = home / "secret"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(48))
    return {k: v for k, v in os.environ.items() if not k.startswith(config.PREFIX)} | {
        "VENTANILLA_SECRET_KEY": secret.read_text(),
        "VENTANILLA_DATABASE_URL": f"sqlite:///{home.absolute()}/demo.db",
        "VENTANILLA_FILES_DIR": str(home.absolute() / "files"),
        "VENTANILLA_SERVER_URL": f"http://127.0.0.1:{port}",
        "VENTANILLA_PORT": str(port),
        "VENTANILLA_SMTP_URL": f"folder:{home.absolute()}/mail",
        "VENTANILLA_MAIL_FROM": "La Bodega <ayuda@bodega.example>",
        "VENTANILLA_LOG_FORMAT": "text",
        "VENTANILLA_LOG_LEVEL": "warning",
    }


def _prepare(settings: dict[str, Any], host_port: int, lang: str) -> tuple[Site, SiteKey]:
    """Return the demo's site and key: made the first time, moved to this port after that."""
    migrations.migrate(database.connect(settings["DATABASE_URL"]))
    furnish(settings)
    origins = [f"http://127.0.0.1:{host_port}", f"http://localhost:{host_port}"]
    origins.append(settings["SERVER_URL"])  # The help pages carry the button too.
    site = Site.select().first()
    if site is None:
        site, key = sample.fill(origins, lang=lang, past=True)
    else:
        sites.update_site(site, origins=origins)
        key = SiteKey.get(SiteKey.site_id == site.id, SiteKey.retired_at.is_null())
    database.db.obj.close_all()
    return site, key


def _host(server: str, site: Site, key: SiteKey, lang: str) -> Any:
    path = next((folder / "flask_host.py" for folder in EXAMPLES if folder.exists()), None)
    if path is None:
        raise click.ClickException("The example site is missing; run the demo from a checkout.")
    spec = importlib.util.spec_from_file_location("flask_host", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.create_host(server, site.key, key.kid, key.secret, lang)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} is taken. Choose another first port: make demo PORT={port + 100}"
            ) from error


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise click.ClickException("The server did not start; its message is above.")


def _announce(server: str, host_port: int, home: Path, site_key: str) -> None:
    click.echo(
        f"""
  Ventanilla is running.

  A shop with the help button   http://127.0.0.1:{host_port}/        as two customers or nobody
  A plain page for visitors     http://127.0.0.1:{host_port}/plain
  Help articles                 {server}/help/{site_key}/
  The agents' console           {server}/console/
                                {sample.AGENT_EMAIL}  ·  {sample.AGENT_PASSWORD}
  Letters it sends              {home}/mail/

  Ctrl-C stops everything.
"""
    )
