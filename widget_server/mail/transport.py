"""Handing mail over by SMTP, saying at which moment it can no longer be taken back."""

import re
import smtplib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from ..ids import new_id
from ..wire import ascii_host

#: Seconds for connecting and for each answer.
TIMEOUT = 20

#: Seconds a connection is kept for the next letter, and letters before a fresh one.
KEPT, LETTERS = 20.0, 100


class Temporary(Exception):
    """It may work later."""


class Refused(Exception):
    """This letter will never be taken; the text is the server's answer."""


@dataclass(frozen=True, slots=True)
class Server:
    """An SMTP server, from ``smtps://user:password@host:port?ca=/file`` or ``smtp://…``."""

    host: str
    port: int
    user: str
    password: str
    wrapped: bool
    plain: bool
    ca: str | None

    @classmethod
    def from_url(cls, url: str) -> "Server":
        parts, options = urlsplit(url), parse_qs(urlsplit(url).query)
        wrapped = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (465 if wrapped else 587),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            wrapped=wrapped,
            plain=not wrapped and options.get("tls") == ["none"],
            ca=options["ca"][0] if "ca" in options else None,
        )


class Folder:
    """Letters as files to look at, for demonstrations."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = str(path)

    def send(
        self,
        message: EmailMessage,
        *,
        sender: str,
        recipient: str,
        last_moment: Callable[[], None] = lambda: None,
    ) -> str:
        """Write a letter down, and its HTML beside it."""
        self.path.mkdir(parents=True, exist_ok=True)
        # Two letters to somebody at one moment are two files.
        name = re.sub(r"[^\w.@-]", "", f"{time.time_ns()}-{new_id()}-{recipient}")
        html = message.get_body(("html",))
        last_moment()
        (self.path / f"{name}.eml").write_bytes(message.as_bytes(policy=POLICY))
        if html is not None:
            (self.path / f"{name}.html").write_text(html.get_content(), "utf-8")
        return f"250 written to {name}.eml"

    def check(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        pass


def transport(url: str) -> "Transport | Folder":
    """Return what carries letters to ``url``."""
    if url.startswith("folder:"):
        return Folder(Path(unquote(urlsplit(url).path)))
    return Transport(Server.from_url(url))


class Transport:
    """Letters to one server over a connection kept between them. One letter at a time."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.where = f"{server.host}:{server.port}"
        self._lock = threading.Lock()
        self._open: smtplib.SMTP | None = None
        self._used, self._sent = 0.0, 0

    def send(
        self,
        message: EmailMessage,
        *,
        sender: str,
        recipient: str,
        last_moment: Callable[[], None] = lambda: None,
    ) -> str:
        """Hand a letter over and return the server's answer.

        ``last_moment`` is called when all is sent but the closing dot: once it has returned the
        server counts as having the letter, even if this process ends before the answer.
        Raises :exc:`Temporary` or :exc:`Refused`.
        """
        data = message.as_bytes(policy=POLICY)
        sender, recipient = _spelled(sender), _spelled(recipient)
        with self._lock, self._failures():
            smtp = self._connection()
            code, answer = smtp.mail(sender)
            if code == 250:
                code, answer = smtp.rcpt(recipient)
            if code in (250, 251):
                code, answer = smtp.docmd("DATA")
            if code != 354:
                raise _judged(code, answer)
            smtp.send(re.sub(rb"(?m)^\.", b"..", data))
            last_moment()
            smtp.send(b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n")
            code, answer = smtp.getreply()
            if code != 250:
                raise _judged(code, answer)
            self._used, self._sent = time.monotonic(), self._sent + 1
            return answer.decode("utf-8", "replace")

    def check(self) -> None:
        """Connect and sign in. Raises :exc:`Temporary` or :exc:`Refused`."""
        with self._lock, self._failures():
            self._connection().noop()

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (Temporary, Refused):
            self._reset()
            raise
        except smtplib.SMTPAuthenticationError as error:
            self.close()
            raise Temporary(f"The mail server refused user or password: {_text(error)}") from error
        except smtplib.SMTPResponseException as error:
            self.close()
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Temporary(f"The mail server at {self.where} cannot be used: {error}") from error
        except BaseException:
            self.close()
            raise

    def _reset(self) -> None:
        try:
            if self._open is not None and self._open.rset()[0] != 250:
                self.close()
        except (smtplib.SMTPException, OSError):
            self.close()

    def _connection(self) -> smtplib.SMTP:
        if time.monotonic() - self._used > KEPT or self._sent >= LETTERS:
            self.close()
        if self._open is None:
            self._open, self._sent = self._connect(), 0
            self._used = time.monotonic()
        return self._open

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        context = ssl.create_default_context(cafile=server.ca)
        if server.wrapped:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT, context=context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        try:
            if not (server.wrapped or server.plain):
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp


def _spelled(address: str) -> str:
    """Return an address as it is said to servers; one they may not know is not tried."""
    local, _, host = address.rpartition("@")
    spelled = f"{local}@{ascii_host(host)}"
    if not spelled.isascii():
        raise Refused(f"{address} has letters outside ASCII, which takes SMTPUTF8 (RFC 6531).")
    return spelled


def _judged(code: int, answer: bytes | str) -> Exception:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return (Refused if 500 <= code < 600 else Temporary)(f"{code} {text}"[:500])


def _text(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
