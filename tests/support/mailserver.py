"""Real mail servers for tests: an SMTP server that counts what it is given, and Dovecot for IMAP."""

import contextlib
import email
import email.policy
import imaplib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from .servers import free_port, wait_until


class Sink:
    """An SMTP server on a fixed port; every letter it took is kept in order.

    ``answer`` may be set to a function ``(sender, recipient, message) -> str | None`` that refuses.
    """

    def __init__(self, port: int | None = None) -> None:
        self.port = port or free_port()
        self.letters: list[tuple[str, EmailMessage]] = []
        self.answer = lambda sender, recipient, message: None
        self._controller: Controller | None = None
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = self.answer(envelope.mail_from, address, None)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        for recipient in envelope.rcpt_tos:
            refusal = self.answer(envelope.mail_from, recipient, message)
            if refusal:
                return refusal
            with self._lock:
                self.letters.append((recipient, message))
        return "250 taken"

    def start(self) -> "Sink":
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, server_hostname="sink.test"
        )
        self._controller.factory = lambda: SMTP(self, enable_SMTPUTF8=False, hostname="sink.test")
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def to(self, recipient: str) -> list[EmailMessage]:
        return [message for to, message in self.letters if to == recipient]


class Dovecot:
    """Debian's IMAP server with one mailbox, in a folder of its own."""

    def __init__(self) -> None:
        # Not below pytest's: another run of it makes that private, and Dovecot is nobody.
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="ventanilla-imap-")), free_port()
        self.user, self.password = "reply", "secret-of-the-mailbox"
        self._process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"imap://{self.user}:{self.password}@127.0.0.1:{self.port}/INBOX?tls=none"

    def start(self) -> "Dovecot":
        for name in ("run", "state", "home"):
            (self.folder / name).mkdir(exist_ok=True)
        owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        plain = pwd.getpwuid(os.getuid()).pw_name if os.getuid() else "nobody"
        group = "nogroup" if os.getuid() == 0 else str(os.getgid())
        (self.folder / "users").write_text(
            f"{self.user}:{{PLAIN}}{self.password}:{owner.pw_uid}:{owner.pw_gid}"
            f"::{self.folder}/home\n"
        )
        config = self.folder / "dovecot.conf"
        config.write_text(f"""
protocols = imap
listen = 127.0.0.1
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {plain}
default_login_user = {plain}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{self.folder}/home/Maildir
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = {self.folder}/users
}}
userdb {{
  driver = passwd-file
  args = {self.folder}/users
}}
namespace inbox {{
  inbox = yes
}}
""")
        if os.getuid() == 0:
            for part in (self.folder, *self.folder.rglob("*")):
                os.chmod(part, 0o777 if part.is_dir() else 0o644)
        self._process = subprocess.Popen(
            [shutil.which("dovecot") or "/usr/sbin/dovecot", "-F", "-c", str(config)],
            start_new_session=True,
        )
        wait_until(self._answers, what="Dovecot")
        return self

    def _answers(self) -> bool:
        try:
            with self.login():
                return True
        except (OSError, imaplib.IMAP4.error):
            return False

    @contextlib.contextmanager
    def login(self):
        """A plain IMAP client in the mailbox, as its owner would have."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        try:
            client.login(self.user, self.password)
            client.select("INBOX")
            yield client
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.logout()

    def deliver(self, raw: bytes) -> None:
        with self.login() as client:
            client.append("INBOX", None, None, raw)

    def empty(self) -> None:
        with self.login() as client:
            if client.search(None, "ALL")[1][0]:
                client.store("1:*", "+FLAGS", "\\Deleted")
                client.expunge()

    def stop(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(timeout=20)
            self._process = None
        shutil.rmtree(self.folder, ignore_errors=True)
