"""Everything several machines would run, on this one: nginx, two servers, two workers, and what
they share. Each is a process of its own that can be killed and started again."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from widget_server import database, migrations
from widget_server.agents import api_tokens
from widget_server.agents import service as agents
from widget_server.sites import service as sites

from .bucket import BucketServer
from .postgres import Cluster
from .redis import RedisServer
from .servers import Ventanilla, free_port, wait_for, wait_until
from .smtp import MailServer
from .visitor import ORIGIN

NGINX = """
{user}worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream desk {{ {servers} }}
  server {{
    listen 127.0.0.1:{port};
    client_max_body_size 30m;
    location / {{
      proxy_pass http://desk;
      proxy_connect_timeout 1s;
      proxy_set_header Host $http_host;
      # A load test's clients all come from one address; each says which one it stands for.
      proxy_set_header X-Forwarded-For $http_x_stands_for;
    }}
  }}
}}
"""

PASSWORD = "correct horse battery"


class Worker(Ventanilla):
    """`ventanilla worker`; it answers nobody, so whether it runs is all there is to see."""

    def start(self) -> "Worker":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "widget_server.cli", "worker"],
                env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        return self


class Nginx:
    """Debian's nginx before several servers."""

    def __init__(self, folder: Path, behind: list[int]) -> None:
        self.port, self.folder = free_port(), folder
        self.url = f"http://127.0.0.1:{self.port}"
        folder.mkdir(parents=True)
        user = "user root; " if os.getuid() == 0 else ""
        servers = " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in behind)
        text = NGINX.format(user=user, folder=folder, port=self.port, servers=servers)
        (folder / "nginx.conf").write_text(text)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Nginx":
        binary = shutil.which("nginx") or "/usr/sbin/nginx"
        with (self.folder / "out").open("wb") as out:
            self.process = subprocess.Popen(
                [binary, "-c", self.folder / "nginx.conf", "-p", self.folder],
                stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        wait_for(f"{self.url}/health", self.process, self.folder / "error.log")
        return self

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=15)
            self.process = None


class Fleet:
    """The whole, with one site and an agent who has a token."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = Cluster()
        self.redis, self.mail = RedisServer(), MailServer(folder)
        self.bucket = BucketServer(folder / "bucket")
        self.site: Any = None
        self.token = ""

    def start(self) -> "Fleet":
        for part in (self.postgres, self.redis, self.mail, self.bucket):
            part.start()
        self.database_url = self.postgres.create("chaos")
        self._found()
        common = self.bucket.settings | {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis.url,
            "RATE_LIMIT_URL": self.redis.url,
            "SMTP_URL": self.mail.url,
            "MAIL_FROM": "Shop <help@shop.example>",
            "WORKER": "separate",
            "TRUSTED_PROXIES": "1",
            "UNDO_SECONDS": "1",
            "LOG_LEVEL": "warning",
        }
        places = [self.folder / name for name in ("app-1", "app-2", "worker-1", "worker-2")]
        for place in places:
            place.mkdir()
        self.apps = [Ventanilla(place, **common) for place in places[:2]]
        self.workers = [Worker(place, **common) for place in places[2:]]
        for process in (*self.apps, *self.workers):
            process.start()
        wait_until(lambda: self.redis.listeners() == 4, "four listening processes")
        ports = [app.port for app in self.apps]
        self.nginx = Nginx(self.folder / "nginx", ports).start()
        return self

    def _found(self) -> None:
        opened = database.connect(self.database_url)
        migrations.migrate(opened)
        self.site, self.site.signing = sites.add_site(name="Shop", origins=[ORIGIN])
        ines = agents.add_agent(email="ines@team.example", name="Inés", password=PASSWORD)
        scopes = ["tickets:read", "tickets:write"]
        self.token = api_tokens.create(ines, name="load", scopes=scopes)[1]
        opened.close_all()

    def stop(self) -> None:
        for process in (*self.apps, *self.workers):
            process.kill(signal.SIGTERM)
        for part in (self.nginx, self.mail, self.redis, self.bucket, self.postgres):
            part.kill()
        self.postgres.remove()
