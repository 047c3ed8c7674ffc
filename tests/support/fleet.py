"""Everything several machines would run, on this one: nginx, two servers, two workers, and what
they share. Each is a process of its own that can be killed and started again."""

from pathlib import Path
from typing import Any

from widget_server import database, migrations
from widget_server.agents import api_tokens
from widget_server.agents import service as agents
from widget_server.outbound import Outbound
from widget_server.sites import service as sites
from widget_server.vault import Vault
from widget_server.webhooks import service as webhooks

from .bucket import BucketServer
from .hookserver import HookServer
from .nginx import Nginx
from .postgres import Cluster
from .redis import RedisServer
from .servers import Ventanilla, free_port, wait_until
from .smtp import MailServer
from .visitor import ORIGIN

BALANCED = """
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
"""

PASSWORD = "correct horse battery"

#: What the receiver of webhooks is told of.
TOLD = ["ticket.opened", "ticket.replied"]


class Worker(Ventanilla):
    """`ventanilla worker`; it answers nobody, so whether it runs is all there is to see."""

    def start(self) -> "Worker":
        self.command("worker")
        return self


class Fleet:
    """The whole, with one site and an agent who has a token."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = Cluster()
        self.redis, self.mail = RedisServer(), MailServer(folder)
        self.bucket = BucketServer(folder / "bucket")
        self.hooks = HookServer(folder)
        self.site: Any = None
        self.token = self.secret = ""

    def start(self) -> "Fleet":
        for part in (self.postgres, self.redis, self.mail, self.bucket, self.hooks):
            part.start()
        self.database_url = self.postgres.create("chaos")
        self._found()
        common = self.bucket.settings | {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis.url,
            "RATE_LIMIT_URL": self.redis.url,
            "SMTP_URL": self.mail.url,
            "MAIL_FROM": "Shop <help@shop.example>",
            "OUTBOUND_LOOPBACK": "allow",
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
        self._balance()
        return self

    def _balance(self) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        servers = " ".join(f"server 127.0.0.1:{app.port} max_fails=0;" for app in self.apps)
        (self.folder / "nginx").mkdir()
        self.nginx = Nginx(self.folder / "nginx", BALANCED.format(port=port, servers=servers))
        self.nginx.start(f"{self.url}/health")

    def _found(self) -> None:
        opened = database.connect(self.database_url)
        migrations.migrate(opened)
        self.site, self.site.signing = sites.add_site(name="Shop", origins=[ORIGIN])
        ines = agents.add_agent(email="ines@team.example", name="Inés", password=PASSWORD)
        scopes = ["tickets:read", "tickets:write"]
        self.token = api_tokens.create(ines, name="load", scopes=scopes)[1]
        # As the servers below are set: the secret lies sealed, and this machine may be called.
        webhooks.Wires.vault = Vault([Ventanilla.SECRET], "webhooks")
        webhooks.Wires.outbound = Outbound(loopback=True)
        self.secret = webhooks.create(self.site.id, url=self.hooks.url, events=TOLD)[1]
        opened.close_all()

    def stop(self) -> None:
        for process in (*self.apps, *self.workers):
            process.kill()
        for part in (self.nginx, self.mail, self.hooks, self.redis, self.bucket, self.postgres):
            part.kill()
        self.postgres.remove()
