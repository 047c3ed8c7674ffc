"""Someone with a session, asking for one thing after another."""

import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

import jwt

from widget_server.ids import new_id

from .load import Target, Wrong


class Person:
    """An identified requester of the measured site."""

    def __init__(self, server: str, token: str, cursor: str = "0") -> None:
        self.server, self.token, self.cursor = server, token, cursor
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        text = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"} if text else {}
        connection = http.client.HTTPConnection(urlsplit(self.server).netloc, timeout=30)
        connection.request(method, path, text, self.headers | kind | headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        if answer.status >= 400:
            raise Wrong(f"{method} {path}: {answer.status} {data[:500]!r}")
        return json.loads(data) if data else None

    def open_ticket(self, number: int) -> Any:
        return self.ask(
            "POST",
            "/api/v1/tickets",
            {"category": "help", "title": f"Parcel {number}", "body": "It has not arrived. " * 10},
            **{"Idempotency-Key": new_id()},
        )

    def reply(self, ticket: str, body: str) -> None:
        path = f"/api/v1/tickets/{ticket}/messages"
        self.ask("POST", path, {"body": body}, **{"Idempotency-Key": new_id()})

    def target(self, path: str) -> Target:
        return Target(self.server + path, self.headers)


def identity(signing: Any, sub: str) -> str:
    now = int(time.time())
    claims = {"sub": sub, "iat": now, "exp": now + 300, "name": sub.title()}
    return jwt.encode(claims, signing.secret, algorithm="HS256", headers={"kid": signing.kid})


def sign_in(server: str, origin: str, site_key: str, token: str, **headers: str) -> Person:
    guest = Person(server, "")
    opened = guest.ask(
        "POST",
        "/api/v1/sessions",
        {"site_key": site_key, "identity_token": token, "locale": "en"},
        Origin=origin,
        **headers,
    )
    return Person(server, opened["token"], opened["updates"])
