"""Restarts nobody notices: what runs is finished, what comes waits, nothing is dropped."""

import http.client
import json
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from widget_server import database, migrations
from widget_server.sites import service as sites

from ..recovery.test_kill import PNG
from ..support.databases import disconnect
from ..support.servers import (
    LISTENING,
    Ventanilla,
    free_port,
    lives,
    sockets,
    wait_for,
    wait_until,
)
from ..support.visitor import ORIGIN, sign


@pytest.fixture
def shop(tmp_path, start_server):
    """A server with a site, and a session in it."""

    def start(**settings):
        folder = tmp_path / "shop"
        folder.mkdir(exist_ok=True)
        settings.setdefault("DATABASE_URL", f"sqlite:///{folder}/live.db")
        migrations.migrate(database.connect(settings["DATABASE_URL"]))
        site, key = sites.add_site(name="Shop", origins=[ORIGIN])
        disconnect()
        server = start_server(**settings)
        word = sign(key, sub="ada")
        body = json.dumps({"site_key": site.key, "identity_token": word}).encode()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.request("POST", "/api/v1/sessions", body, {"Origin": ORIGIN})
        server.token = json.load(connection.getresponse())["token"]
        connection.close()
        return server

    return start


def begin_upload(server):
    """Send all but the end of a file, and return how to send the rest once it is being taken."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.putrequest("POST", "/api/v1/attachments")
    for name, value in {
        "Authorization": f"Bearer {server.token}",
        "X-File-Name": "a.png",
        "Content-Type": "application/octet-stream",
        "Content-Length": str(len(PNG)),
    }.items():
        connection.putheader(name, value)
    connection.endheaders(PNG[:20])
    incoming = Path(server.settings["FILES_DIR"]) / "incoming"
    wait_until(lambda: any(incoming.glob("*")), "somebody who takes it")

    def finish():
        connection.send(PNG[20:])
        answer = connection.getresponse()
        told = json.load(answer)
        connection.close()
        return answer.status, told

    return finish


class Callers:
    """People who ask nginx all the time, each by a new connection, and what went wrong for them."""

    def __init__(self, front):
        self.front, self.answers, self.failures = front, 0, []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(4)]

    def _run(self):
        while not self._stop.is_set():
            try:
                address = f"{self.front.url}/health"
                with urlopen(address, timeout=30, context=self.front.context) as answer:
                    assert answer.status == 200
                self.answers += 1
            except Exception as error:
                self.failures.append(repr(error))

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        wait_until(lambda: self.answers > 20, "answers")
        return self

    def __exit__(self, *failure):
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=40)


def workers_of(process):
    """Return the processes that answer."""
    found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True)
    return set(found.stdout.split())


def test_what_is_being_answered_when_the_server_is_told_to_end_is_finished(shop):
    server = shop()
    finish = begin_upload(server)
    server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: refused(server.port), "the end of listening")
    status, told = finish()
    assert status == 201, told
    assert server.process.wait(timeout=40) == 0
    assert len(told["id"]) == 24
    server.process = None


def refused(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_new_processes_take_over_without_a_dropped_request(shop, front):
    server = shop()
    finish = begin_upload(server)
    with Callers(front(server.port)) as callers:
        known = workers_of(server.process)
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: workers_of(server.process) - known, "a new process")
        assert finish()[0] == 201
        wait_until(lambda: not workers_of(server.process) & known, "the old one's end")
        seen = callers.answers
        wait_until(lambda: callers.answers > seen + 50, "answers of the new process")
    assert callers.failures == []


class Restarting(socketserver.ThreadingTCPServer):
    """A server as it is in the middle of a restart: what its connections were asked before is
    answered, all together; the next question closes them, and new ones are answered."""

    daemon_threads = True

    def __init__(self, callers):
        super().__init__(("127.0.0.1", free_port()), Closing)
        self.together = threading.Barrier(callers, action=self.go_on)
        self.over = False

    def go_on(self):
        self.over = True


class Closing(socketserver.StreamRequestHandler):
    def handle(self):
        self.read()
        if not self.server.over:
            self.server.together.wait(timeout=20)
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        self.read()

    def read(self):
        while self.rfile.readline().strip():
            pass


def test_connections_that_all_close_at_once_cost_nobody_an_answer(front):
    callers = 8
    with Restarting(callers) as server, ThreadPoolExecutor(callers) as people:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        before = front(server.server_address[1])

        def ask(_=None):
            with urlopen(before.url, timeout=30, context=before.context) as answer:
                return answer.status

        assert list(people.map(ask, range(callers))) == [200] * callers
        assert [ask() for _ in range(callers)] == [200] * callers
        server.shutdown()


def test_with_a_socket_of_systemds_a_whole_restart_drops_nothing(tmp_path, front):
    """As `ventanilla.socket` and `ventanilla.service` do it: the socket outlives the server."""
    server = Ventanilla(tmp_path)
    listener = socket.create_server(("127.0.0.1", server.port), backlog=1024)
    code = "import os, sys; os.environ['LISTEN_PID'] = str(os.getpid()); os.environ['LISTEN_FDS'] = '1'; os.dup2(int(sys.argv[1]), 3); os.execv(sys.executable, [sys.executable, '-m', 'widget_server.cli', 'serve'])"

    def start():
        with server.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", code, str(listener.fileno())],
                env=server.environment,
                pass_fds=[listener.fileno()],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    process = start()
    try:
        wait_for(f"{server.url}/health", process, server.log)
        with Callers(front(server.port)) as callers:
            for _ in range(2):
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=40) == 0
                process, seen = start(), callers.answers
                wait_until(lambda seen=seen: callers.answers > seen + 20, "answers after it")
        assert callers.failures == []
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        listener.close()


def test_several_processes_count_together(shop, postgres_supply):
    url = postgres_supply.create(f"counting_{free_port()}")
    server = shop(DATABASE_URL=url, PROCESSES="2", WORKER="separate")
    for _ in range(60):
        with urlopen(f"{server.url}/health") as answer:
            assert answer.status == 200
    with urlopen(f"{server.url}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    name = 'ventanilla_requests_total{method="GET",route="/health",status="200"}'
    (count,) = [float(line.rpartition(" ")[2]) for line in lines if line.startswith(name)]
    assert count >= 60, "whichever process is asked knows of all"


def test_what_waits_for_a_process_that_is_killed_is_answered_by_the_next(shop, postgres_supply):
    url = postgres_supply.create(f"killed_{free_port()}")
    server = shop(DATABASE_URL=url, PROCESSES="2", WORKER="separate")
    assert sockets(server.port, LISTENING) == 2, "one socket for each, so that each has its share"
    known = workers_of(server.process)
    os.kill(int(known.pop()), signal.SIGKILL)
    for _ in range(20):
        with urlopen(f"{server.url}/health", timeout=30) as answer:
            assert answer.status == 200
    wait_until(lambda: len(workers_of(server.process)) == 2, "a new process")
    server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: refused(server.port), "the end of listening")
    assert server.process.wait(timeout=40) == 0
    server.process = None


def test_who_is_told_to_end_while_loading_ends(tmp_path, postgres_supply):
    url = postgres_supply.create(f"loading_{free_port()}")
    server = Ventanilla(tmp_path, DATABASE_URL=url, PROCESSES="2", WORKER="separate")
    migrations.migrate(database.connect(url))
    disconnect()
    process = server.command("serve")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    try:
        wait_until(lambda: len(children.read_text().split()) == 2, "processes have begun to load")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        # A process that does not hear it is killed after thirty seconds.
        process.wait(timeout=25)


def test_who_loads_while_its_parent_is_killed_ends_too(tmp_path):
    """It would serve on with nobody to tell it anything, at the port of the next start."""
    server = Ventanilla(tmp_path)
    process = server.command("serve")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    try:
        wait_until(lambda: children.read_text(), "a process has begun to load")
        process.kill()
        process.wait()
        wait_until(lambda: not lives(process.pid), "its end", 25)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
