"""Calls to addresses other people chose: only out to the internet, never to our own network.

Whoever can type an address could otherwise have this server call what only it can reach: the
cloud's metadata, a database's console, a printer. The name is resolved once, here; every address
it has must be a public one, and the connection goes to the address that was looked at, so that a
name which changes its mind in between (DNS rebinding) changes nothing. Redirects are answers, not
orders. One deadline covers all of it, however slowly the other side speaks.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

from .errors import Invalid

#: Seconds for resolving, connecting, sending and reading together.
DEADLINE = 10.0

#: Bytes of an answer that are read; the rest stays where it is.
ANSWER = 4_096

LONGEST_URL = 2_000

PORTS = {"https": 443, "http": 80}

#: Public by Python's book, and yet not out there: relays and translators lead inside again.
_NOT_OUT = ipaddress.ip_network("192.88.99.0/24")
_GLOBAL_6 = ipaddress.ip_network("2000::/3")
_NOT_OUT_6 = tuple(
    map(ipaddress.ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
)

Resolver = Callable[[str, int], list[str]]


class Refused(Exception):
    """The address may not be called. What is wrong with it, for whoever typed it."""


class Unreached(Exception):
    """Nobody answered: no name, no connection, no certificate, no time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the first bytes of the rest, and headers by lower-case names."""

    status: int
    start: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart, with the one internet address that was looked at."""

    scheme: str
    host: str
    port: int
    path: str
    address: str


def resolve(host: str, port: int) -> list[str]:
    """Return every address of a name. Raises :exc:`OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(text: str) -> bool:
    """Is this an address of the open internet?"""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False  # "fe80::1%eth0" among others.
    if isinstance(address, ipaddress.IPv6Address):
        # Global unicast and nothing else: no mapped, translated or tunnelled IPv4.
        return address in _GLOBAL_6 and not any(address in each for each in _NOT_OUT_6)
    return address.is_global and not address.is_multicast and address not in _NOT_OUT


def _is_loopback(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


class Outbound:
    """A way out. ``loopback``: this machine may be called too, also over http; for development."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        resolver: Resolver = resolve,
        context: ssl.SSLContext | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self.loopback, self.deadline = loopback, deadline
        self._resolver = resolver
        self._context = context

    def check(self, url: str) -> None:
        """Raise :exc:`Invalid` for an address that could never be called, without calling it."""
        try:
            self._parts(url)
        except Refused as error:
            raise Invalid(fields={"url": [str(error)]}) from error

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post ``body``. Raises :exc:`Refused` without having called, or :exc:`Unreached`."""
        until = time.perf_counter() + self.deadline
        target = self._target(url)
        try:
            return self._exchange(target, body, headers, until)
        except (OSError, HTTPException) as error:
            raise Unreached(_told(error, until)) from error

    def _target(self, url: str) -> Target:
        scheme, host, port, path = self._parts(url)
        found = self._resolved(host, port)
        usable = [each for each in found if self._may_call(each, scheme)]
        # One address inside among public ones is no accident worth helping along.
        if not usable or len(usable) < len(found):
            wrong = next((each for each in found if each not in usable), "nothing")
            raise Refused(f"{host} leads to {wrong}, which is not an address of the internet.")
        return Target(scheme, host, port, path, usable[0])

    def _may_call(self, address: str, scheme: str) -> bool:
        if self.loopback and _is_loopback(address):
            return True
        return scheme == "https" and is_public(address)

    def _parts(self, url: str) -> tuple[str, str, int, str]:
        if len(url) > LONGEST_URL:
            raise Refused(f"At most {LONGEST_URL} characters.")
        if not url.isascii() or any(c <= " " or c in '\\"<>^`{|}\x7f' for c in url):
            raise Refused("Write the address as browsers send it: no spaces, umlauts or brackets.")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise Refused("This is not an address.") from error
        host = (parts.hostname or "").rstrip(".")
        if parts.scheme not in PORTS or not host:
            raise Refused("Write an address such as https://www.example.com/hooks.")
        if "@" in parts.netloc:
            raise Refused("Leave name and password out of the address.")
        if parts.scheme == "http" and not self.loopback:
            raise Refused("Only https:// is called.")
        if port == 0:
            raise Refused("This is not an address.")
        path = parts.path or "/"
        query = f"?{parts.query}" if parts.query else ""
        literal = _literal(host)
        if literal is not None and not self._may_call(literal, parts.scheme):
            raise Refused(f"{host} is not an address of the internet.")
        return parts.scheme, host, port or PORTS[parts.scheme], path + query

    def _resolved(self, host: str, port: int) -> list[str]:
        """Resolve in a thread: the system's resolver has patience of its own."""
        found: list[str] = []
        faults: list[Exception] = []

        def ask() -> None:
            try:
                found.extend(self._resolver(host, port))
            except (OSError, UnicodeError) as error:
                faults.append(error)

        asking = threading.Thread(target=ask, name="resolver", daemon=True)
        asking.start()
        asking.join(self.deadline)
        if faults or asking.is_alive():
            raise Unreached(f"Nobody knows the name {host}.")
        return list(found)

    def _exchange(
        self, target: Target, body: bytes, headers: Mapping[str, str], until: float
    ) -> Answer:
        with socket.create_connection((target.address, target.port), _left(until)) as plain:
            # Each read has a time of its own; the whole is ended from outside. A duplicate,
            # for TLS takes the socket itself over.
            handle = plain.dup()
            cut = threading.Event()
            end = threading.Timer(_left(until), _cut, (handle, cut))
            end.daemon = True
            end.start()
            connection = HTTPConnection(target.host, target.port)
            try:
                connection.sock = self._wrapped(plain, target)
                name = f"[{target.host}]" if ":" in target.host else target.host
                port = "" if target.port == PORTS[target.scheme] else f":{target.port}"
                connection.request(
                    "POST", target.path, body,
                    {"Host": name + port, "Accept-Encoding": "identity", "Connection": "close",
                     **headers},
                )  # fmt: skip
                answer = connection.getresponse()
                if cut.is_set():
                    raise TimeoutError  # Half a head ends like a whole one.
                with answer:
                    told = {name.lower(): value for name, value in answer.headers.items()}
                    return Answer(answer.status, _start(answer), told)
            finally:
                end.cancel()
                handle.close()
                connection.close()

    def _wrapped(self, plain: socket.socket, target: Target) -> socket.socket:
        if target.scheme == "http":
            return plain
        if self._context is None:
            from requests import certs  # Only whoever calls others needs them.

            self._context = ssl.create_default_context(cafile=certs.where())
        return self._context.wrap_socket(plain, server_hostname=target.host)


def _literal(host: str) -> str | None:
    """Return the address that ``host`` is in any spelling a system takes, if it is one."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))  # 127.1, 0x7f.1, 2130706433
    except OSError:
        return None


def _start(answer: HTTPResponse) -> bytes:
    """Return how an answer begins; its status has come, whatever becomes of the rest."""
    try:
        return answer.read(ANSWER)
    except (OSError, HTTPException):
        return b""


def _left(until: float) -> float:
    left = until - time.perf_counter()
    if left <= 0:
        raise TimeoutError
    return left


def _cut(wire: socket.socket, done: threading.Event) -> None:
    done.set()
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)


def _told(error: Exception, until: float) -> str:
    if isinstance(error, TimeoutError) or time.perf_counter() >= until - 0.05:
        return "No answer in time."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate is not accepted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return "It does not speak TLS as it should."
    if isinstance(error, ConnectionRefusedError):
        return "Nobody listens there."
    if isinstance(error, HTTPException):
        return f"Its answer is not HTTP: {type(error).__name__}."
    return f"The connection broke: {type(error).__name__}."
