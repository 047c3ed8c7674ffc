"""Real WordPress: a private MariaDB, a tree of hard links, PHP's own web server."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import requests

from .servers import CONNECTED, LEFT, ROOT, free_port, sockets, wait_for, wait_until

PLUGIN = ROOT / "plugins/wordpress/ventanilla"
SITE = ROOT / "tests/wordpress/site"
CORES = ROOT / ".wordpress"

#: WordPress as Debian's releases have it: the oldest we support, a current one, the newest.
SUITES = {"6.1": "bookworm", "6.8": "trixie", "newest": "sid"}


def core(version: str) -> Path:
    """Return the tree of a version, fetched once."""
    folder = CORES / SUITES[version]
    if not (folder / "wp-includes/version.php").exists():
        subprocess.run([SITE.parent / "fetch-core", SUITES[version], folder], check=True)
    return folder


class MariaDB:
    """A server without network, and without care for a power failure."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket = folder, folder / "s"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "MariaDB":
        as_root = ["--user=root"] if os.getuid() == 0 else []
        data = f"--datadir={self.folder / 'data'}"
        # A server that starts deletes every temporary table it finds in its folder for them:
        # in a shared one also those of another, which then aborts.
        temporary = self.folder / "tmp"
        temporary.mkdir()
        environment = {**os.environ, "TMPDIR": str(temporary)}
        made = subprocess.run(
            ["mariadb-install-db", "--no-defaults", data, "--skip-test-db", "--skip-name-resolve",
             "--auth-root-authentication-method=normal", *as_root],
            capture_output=True, text=True, env=environment,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"{made.stdout[-2000:]}{made.stderr[-2000:]}")
        log = self.folder / "log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin") or "mariadbd",
                 "--no-defaults", data, f"--socket={self.socket}", "--skip-networking",
                 "--skip-grant-tables", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0",
                 "--innodb-doublewrite=0", "--innodb-buffer-pool-size=64M",
                 "--innodb-log-file-size=16M", "--character-set-server=utf8mb4",
                 f"--pid-file={self.folder / 'pid'}", *as_root],
                stdout=out, stderr=out, env=environment,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text()[-2000:])
            time.sleep(0.05)
        return self

    def _answers(self) -> bool:
        with contextlib.suppress(subprocess.CalledProcessError):
            self.run("DO 1")
            return True
        return False

    def run(self, statements: str, database: str = "") -> str:
        return subprocess.run(
            ["mariadb", "--no-defaults", f"--socket={self.socket}", "-N", "-e", statements]
            + ([database] if database else []),
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(30)


class WordPress:
    """One installed site with the plugin active; ``reset`` brings back that state."""

    def __init__(
        self,
        version: str,
        folder: Path,
        maria: MariaDB,
        *,
        home: str | None = None,
        environment: dict[str, str] | None = None,
        plugin: Path | None = PLUGIN,
    ) -> None:
        self.version, self.folder, self.maria = version, folder, maria
        self.plugin = plugin
        self.port = free_port()
        self.direct = f"http://127.0.0.1:{self.port}"
        self.url = home or self.direct
        self.tree, self.log = folder / "wp", folder / "debug.log"
        self.database = f"wp_{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **os.environ,
            "WP_TEST_DATABASE": self.database,
            "WP_TEST_SOCKET": str(maria.socket),
            "WP_TEST_HOME": self.url,
            "WP_TEST_LOG": str(self.log),
            "PHP_CLI_SERVER_WORKERS": "4",
            **(environment or {}),
        }

    def build(self, *, active: bool = True) -> "WordPress":
        found = core(self.version)
        self.folder.mkdir(parents=True, exist_ok=True)
        if subprocess.run(["cp", "-al", found, self.tree], capture_output=True).returncode:
            shutil.rmtree(self.tree, ignore_errors=True)
            shutil.copytree(found, self.tree)
        shutil.copy(SITE / "wp-config.php", self.tree)
        content = self.tree / "wp-content"
        if self.plugin:
            (content / "plugins/ventanilla").symlink_to(self.plugin)
        (content / "mu-plugins").mkdir(exist_ok=True)
        # PHP declares the stand-in's classes as soon as it reads the file.
        shop = ["woocommerce.php"] if "WP_TEST_SHOP" in self.environment else []
        for name in ("offline.php", *shop):
            shutil.copy(SITE / name, content / "mu-plugins")
        self.maria.run(f"CREATE DATABASE {self.database}")
        self.banner = self.php(
            SITE / "install.php", self.tree, *(["ventanilla/ventanilla.php"] if active else [])
        )
        base = f"{self.database}_base"
        self.maria.run(
            f"CREATE DATABASE {base};"
            + "".join(
                f"CREATE TABLE {base}.{t} LIKE {self.database}.{t};"
                f"INSERT INTO {base}.{t} SELECT * FROM {self.database}.{t};"
                for t in self.tables()
            )
        )
        return self

    def php(self, *arguments: object, **environment: str) -> str:
        """Run a script in this site's environment; fail with what it and the log say."""
        done = subprocess.run(
            ["php", "-d", "display_errors=stderr", *map(str, arguments)],
            env={**self.environment, **environment}, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            log = self.log.read_text()[-2000:] if self.log.exists() else ""
            raise RuntimeError(f"{done.stdout[-4000:]}\n{done.stderr[-2000:]}\n{log}")
        return done.stdout

    def evaluate(self, code: str) -> str:
        """Run PHP inside this WordPress, as nobody."""
        load = f"$_SERVER += ['HTTP_HOST' => '127.0.0.1:{self.port}', 'REQUEST_URI' => '/'];"
        core = f"require '{self.tree}/wp-load.php'; require_once ABSPATH . 'wp-admin/includes/plugin.php';"
        return self.php("-r", f"{load} {core} {code}")

    def tables(self, database: str = "") -> list[str]:
        return self.maria.run("SHOW TABLES", database or self.database).split()

    def reset(self) -> None:
        # What a page asked for before it was closed is still being done, and may be written down.
        wait_until(lambda: not sockets(self.port, CONNECTED, LEFT), "the end of all requests")
        base = f"{self.database}_base"
        kept = self.tables(base)
        self.maria.run(
            "".join(f"DROP TABLE {t};" for t in self.tables() if t not in kept)
            + "".join(f"TRUNCATE {t}; INSERT INTO {t} SELECT * FROM {base}.{t};" for t in kept),
            self.database,
        )

    def start(self) -> "WordPress":
        log = self.folder / "server.log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                ["php", "-d", "opcache.enable=1", "-d", "memory_limit=256M", "-S",
                 f"127.0.0.1:{self.port}", "-t", str(self.tree), str(SITE / "router.php")],
                env=self.environment, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        wait_for(f"{self.direct}/wp-includes/version.php", self.process, log)
        return self

    def stop(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(10)
            self.process = None

    def sign_in(self, user: str, base: str = "") -> requests.Session:
        """Return the cookies of somebody who has just signed in, as a session."""
        base = base or self.url
        session = requests.Session()
        session.get(f"{base}/wp-login.php", timeout=20).close()
        form = {"log": user, "pwd": f"{user}-pass", "testcookie": "1", "rememberme": "forever"}
        with session.post(
            f"{base}/wp-login.php", data=form, allow_redirects=False, timeout=20
        ) as answer:
            assert answer.status_code == 302, answer.text[:500]
        return session

    def complaints(self) -> list[str]:
        """Return what WordPress logged about us; 6.1 complains of itself under this PHP."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line for line in lines if "ventanilla" in line.lower()]
