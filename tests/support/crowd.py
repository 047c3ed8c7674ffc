"""People who use the help desk at once, and what each was promised: what got a 2xx."""

import hashlib
import itertools
import threading
import time
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import requests
from PIL import Image

from .fleet import PASSWORD, Fleet
from .visitor import ORIGIN, sign

#: Come again: what a proxy or the server says while something behind it is away.
LATER = {429, 502, 503, 504}


@dataclass
class Promises:
    """Everything that was acknowledged."""

    tickets: dict[str, str] = field(default_factory=dict)
    messages: set[str] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.tickets) + len(self.messages) + len(self.files)


class Somebody:
    """Asks until there is an answer, with the same key each time."""

    def __init__(self, fleet: Fleet, promises: Promises, number: int) -> None:
        self.fleet, self.promises, self.number = fleet, promises, number
        self.http = requests.Session()
        self.http.headers["X-Stands-For"] = f"10.0.0.{number + 1}"
        self.http.headers["Origin"] = ORIGIN
        self.done = 0

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        while True:
            try:
                answer = self.http.request(method, self.fleet.url + path, timeout=30, **options)
            except requests.RequestException:
                time.sleep(0.05)
                continue
            if answer.status_code < 400:
                return answer
            if answer.status_code not in LATER:
                said = f"{method} {path}: {answer.status_code} {answer.text[:300]}"
                self.promises.wrong.append(said)
            time.sleep(0.1)
            self.renew(path)

    def renew(self, path: str) -> None:
        """Do what a person does when they are refused."""

    def run(self, stop: threading.Event) -> None:
        for turn in itertools.count():
            if stop.is_set():
                return
            self.act(turn)
            self.done += 1

    def act(self, turn: int) -> None:
        raise NotImplementedError


class Requester(Somebody):
    """Files requests, some with a picture, and adds a message to each."""

    @property
    def email(self) -> str:
        return f"person{self.number}@mail.example"

    def renew(self, path: str) -> None:
        if path != "/api/v1/sessions":
            self.sign_in()

    def sign_in(self) -> None:
        key = self.fleet.site.signing
        word = sign(key, sub=f"p{self.number}", email=self.email, email_verified=True)
        opened = {"site_key": self.fleet.site.key, "identity_token": word}
        token = self.ask("POST", "/api/v1/sessions", json=opened).json()["token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def act(self, turn: int) -> None:
        if turn % 15 == 0:
            self.sign_in()
        title, files = f"person {self.number} turn {turn}", []
        if turn % 2 == 0:
            data = picture(self.number, turn)
            headers = {"X-File-Name": "a.png", "Content-Type": "application/octet-stream"}
            file = self.ask("POST", "/api/v1/attachments", data=data, headers=headers).json()
            files = [file["id"]]
        asked = {"category": "help", "title": title, "body": "It broke.", "attachments": files}
        key = {"Idempotency-Key": f"chaos-{self.number}-{turn}"}
        ticket = self.ask("POST", "/api/v1/tickets", json=asked, headers=key).json()
        self.promises.tickets[title] = ticket["id"]
        if files:
            self.promises.files[files[0]] = hashlib.sha256(data).hexdigest()
        said = f"reply {title}"
        path = f"/api/v1/tickets/{ticket['id']}/messages"
        self.ask("POST", path, json={"body": said}, headers=key)
        self.promises.messages.add(said)
        self.ask("GET", "/api/v1/updates?since=0")


class Program(Somebody):
    """Answers what waits, by the API for agents."""

    def act(self, turn: int) -> None:
        self.http.headers["Authorization"] = f"Bearer {self.fleet.token}"
        found = self.ask("GET", "/api/v1/agent/tickets?view=waiting&limit=10").json()["tickets"]
        if not found:
            time.sleep(0.05)
            return
        place = f"/api/v1/agent/tickets/{self.fleet.site.key}/{found[turn % len(found)]['number']}"
        said = f"answer {self.number} {turn}"
        key = {"Idempotency-Key": f"chaos-program-{self.number}-{turn}"}
        self.ask("POST", f"{place}/messages", json={"body": said}, headers=key)
        self.promises.messages.add(said)


class Postmaster(Somebody):
    """Asks about every letter that is in doubt, and has it sent again if it did not arrive."""

    def look(self) -> None:
        self.http.headers["Authorization"] = f"Bearer {self.fleet.token}"
        arrived = str(self.fleet.mail.letters())
        for letter in self.ask("GET", "/api/v1/agent/mail/letters").json()["letters"]:
            if letter["id"] not in arrived:
                place = f"/api/v1/agent/sites/{self.fleet.site.key}/mail/letters"
                self.ask("POST", f"{place}/{letter['id']}/retry")


class Agent(Somebody):
    """Answers in the console, where a reply waits a moment in case it is taken back."""

    def renew(self, path: str) -> None:
        if "sign-in" not in path:
            self.sign_in()

    def sign_in(self) -> None:
        self.http.headers["Sec-Fetch-Site"] = "same-origin"
        form = {"email": "ines@team.example", "password": PASSWORD}
        self.ask("POST", "/console/sign-in", data=form, allow_redirects=False)

    def act(self, turn: int) -> None:
        if turn == 0:
            self.sign_in()
        titles = list(self.promises.tickets)
        if not titles:
            time.sleep(0.05)
            return
        self.ask("GET", "/console/")
        place = f"/console/tickets/{self.fleet.site.key}/{turn % len(titles) + 1}"
        said = f"held {self.number} {turn}"
        form = {"body": said, "kind": "reply", "key": f"chaos-agent-{self.number}-{turn}"}
        files = {name: (None, value) for name, value in form.items()}
        self.ask("POST", f"{place}/messages", files=files, allow_redirects=False)
        self.promises.messages.add(said)


def picture(number: int, turn: int) -> bytes:
    """Return a small picture that no other turn sends."""
    stream = BytesIO()
    image = Image.new("RGB", (64, 48), (number * 40 % 256, turn % 256, turn // 256 % 256))
    image.save(stream, "PNG")
    return stream.getvalue()
