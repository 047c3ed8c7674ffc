"""`python -m tests.support.smtp PORT FILE`: a mail server to be killed; what it took is in a file."""

import email
import email.policy
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from .servers import ROOT, Part, free_port, wait_until


class Writer:
    """A letter is on disk before it is acknowledged."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        for recipient in envelope.rcpt_tos:
            line = {"to": recipient, "id": message["Message-ID"], "subject": message["Subject"]}
            self._file.write(json.dumps(line).encode() + b"\n")
        os.fsync(self._file.fileno())
        return "250 taken"


class MailServer(Part):
    """That server."""

    def __init__(self, folder: Path) -> None:
        self.port, self._path = free_port(), folder / "letters"
        self.url = f"smtp://127.0.0.1:{self.port}?tls=none"

    def start(self) -> "MailServer":
        program = (sys.executable, "-m", "tests.support.smtp", str(self.port), str(self._path))
        process = self.run(
            *program, log=self._path.with_suffix(".log"), stdout=subprocess.PIPE, cwd=ROOT
        )
        assert process.stdout is not None
        wait_until(process.stdout.readline, "the mail server")
        return self

    def letters(self) -> list[dict[str, str]]:
        """Return what was taken; a line that a kill cut short was never acknowledged."""
        lines = self._path.read_bytes().split(b"\n")[:-1] if self._path.exists() else []
        return [json.loads(line) for line in lines]


def main() -> None:
    port, path = int(sys.argv[1]), Path(sys.argv[2])
    controller = Controller(Writer(path), "127.0.0.1", port, server_hostname="sink.test")
    controller.factory = lambda: SMTP(controller.handler, hostname="sink.test")
    controller.start()
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
