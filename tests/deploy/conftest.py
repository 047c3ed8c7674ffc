"""Debian's nginx with the example's configuration, certificate and all, before a real server."""

import signal
import ssl
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from ..support.nginx import Nginx
from ..support.servers import ROOT, free_port

DEPLOY = ROOT / "examples/deploy"


class Front:
    """nginx on free ports, sending on to ``behind``."""

    def __init__(self, folder: Path, behind: int) -> None:
        self.folder, self.port, self.plain_port = folder, free_port(), free_port()
        self.url = f"https://localhost:{self.port}"
        self._certify()
        self.context = ssl.create_default_context(cafile=str(folder / "cert.pem"))
        text = (DEPLOY / "nginx.conf").read_text()
        for old, new in {
            "127.0.0.1:8700": f"127.0.0.1:{behind}",
            "help.example.com;": "localhost;",
            "/etc/letsencrypt/live/help.example.com/fullchain.pem": f"{folder}/cert.pem",
            "/etc/letsencrypt/live/help.example.com/privkey.pem": f"{folder}/key.pem",
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
        }.items():
            assert old in text, f"{old} is no longer in the example"
            text = text.replace(old, new)
        self.sites = text

    def _certify(self) -> None:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
            + ["-nodes", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"]
            + ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
            check=True,
            capture_output=True,
        )


@pytest.fixture
def front(tmp_path):
    """Start nginx before a server of ours; gone after the test."""
    with ExitStack() as stack:

        def start(behind: int) -> Front:
            folder = tmp_path / f"nginx-{behind}"
            folder.mkdir()
            made = Front(folder, behind)
            ready = free_port()
            idle = f"server {{ listen 127.0.0.1:{ready}; return 204; }}"
            server = Nginx(folder, made.sites + idle)
            stack.callback(server.kill, signal.SIGTERM)
            server.start(f"http://127.0.0.1:{ready}/")
            return made

        yield start
