"""What a letter is made of, before it is words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Look:
    """Of the site: its name, its colour, and the absolute address of its logo."""

    name: str
    accent: str
    logo: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation; agents write Markdown, requesters plain text."""

    author: str
    at: datetime
    body: str
    markdown: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one person. ``kind`` picks the words, ``references`` end with the parent."""

    kind: str
    locale: str
    look: Look
    sender: str
    sender_name: str
    to: str
    to_name: str | None
    message_id: str
    reply_to: str | None = None
    references: tuple[str, ...] = ()
    number: int | None = None
    title: str = ""
    turn: Turn | None = None
    history: tuple[Turn, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()
    link: str | None = None
    code: str | None = None
    stop_url: str | None = None
    zone: str = "UTC"
