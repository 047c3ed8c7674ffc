"""Debian's nginx with the example's configuration, certificate and all, before a real server."""

import os
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from ..support.servers import ROOT, free_port, wait_until

DEPLOY = ROOT / "examples/deploy"

AROUND = """
{user}worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {sites}
}}
"""


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
        user = "user root; " if os.geteuid() == 0 else ""
        config = folder / "nginx.conf"
        config.write_text(AROUND.format(folder=folder, sites=text, user=user))
        with (folder / "out").open("wb") as out:
            self._process = subprocess.Popen(
                [shutil.which("nginx") or "/usr/sbin/nginx", "-c", config, "-p", folder],
                stdout=out,
                stderr=out,
            )
        wait_until(lambda: (folder / "pid").exists(), "nginx")

    def _certify(self) -> None:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
            + ["-nodes", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"]
            + ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
            check=True,
            capture_output=True,
        )

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)


@pytest.fixture
def front(tmp_path):
    """Start nginx before a server of ours; gone after the test."""
    started = []

    def start(behind: int) -> Front:
        folder = tmp_path / f"nginx-{len(started)}"
        folder.mkdir()
        started.append(Front(folder, behind))
        return started[-1]

    yield start
    for each in started:
        each.stop()
