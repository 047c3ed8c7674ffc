"""A browser of somebody, as far as the API can tell."""

import hashlib
import itertools
import json
import time
from typing import Any

import jwt

ORIGIN = "https://shop.example"
_keys = itertools.count()


def sign(key: Any, **claims: Any) -> str:
    """Return a host's word for its user, good for five minutes unless claims say otherwise."""
    now = int(time.time())
    return jwt.encode(
        {"iat": now, "exp": now + 300, **claims}, key.secret, headers={"kid": key.kid}
    )


class Visitor:
    """Somebody with a session; every act carries a fresh idempotency key unless one is given."""

    def __init__(self, client: Any, session: dict[str, Any]) -> None:
        self.client, self.session = client, session
        self.token = session["token"]

    def send(self, method: str, path: str, key: str | None = None, **options: Any) -> Any:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key or f"test-key-{next(_keys):08}",
            **options.pop("headers", {}),
        }
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self.send("GET", path, **options)

    def put(self, path: str, **data: Any) -> Any:
        return self.send("PUT", path, **({"json": data} if data else {}))

    def delete(self, path: str) -> Any:
        return self.send("DELETE", path)

    def post(self, path: str, key: str | None = None, **data: Any) -> Any:
        if path == "/tickets" and self.session["requester"]["kind"] == "visitor":
            data.setdefault("proof", self.proof())
        return self.send("POST", path, key, json=data)

    def proof(self) -> Any:
        """Return what a visitor's panel sends with a request: a solved challenge."""
        return solve(self.send("POST", "/challenges").json)

    def upload(self, name: str, data: bytes) -> Any:
        headers = {"X-File-Name": name, "Content-Type": "application/octet-stream"}
        return self.send("POST", "/attachments", data=data, headers=headers)

    def open(self, **data: Any) -> Any:
        """File a request and return the ticket as answered."""
        full = {"category": "help", "title": "Printer on fire", "body": "Help", **data}
        if self.session["requester"]["kind"] == "visitor":
            full.setdefault("email", "marta@example.com")
        answer = self.post("/tickets", **full)
        assert answer.status_code == 201, answer.json
        return answer.json


def solve(challenge: dict[str, Any]) -> dict[str, Any]:
    """Find the number, as a browser does."""
    salt, wanted = challenge["salt"], challenge["challenge"]
    number = next(
        n
        for n in range(challenge["maxnumber"] + 1)
        if hashlib.sha256(f"{salt}{n}".encode()).hexdigest() == wanted
    )
    return {name: challenge[name] for name in ("challenge", "salt", "signature")} | {
        "number": number
    }


def open_session(client: Any, site: Any, token: str | None = None, origin: str = ORIGIN) -> Any:
    body = {"site_key": site.key, **({"identity_token": token} if token else {})}
    return client.post(
        "/api/v1/sessions",
        data=json.dumps(body),
        content_type="text/plain",
        headers={"Origin": origin},
    )
