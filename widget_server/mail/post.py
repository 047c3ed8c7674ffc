"""The post office: which servers and addresses are in use. Set once, from the settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from ..config import ConfigurationError
from ..identity.tokens import Tokens
from ..wire import ascii_host
from .addresses import ReplyAddresses
from .decoding import recipient
from .transport import Folder, Transport, transport


@dataclass(frozen=True, slots=True)
class Teammate:
    """An agent as mail sees one."""

    id: int
    email: str
    name: str
    locale: str


class Post:
    """What sending and receiving need from outside."""

    transport: Transport | Folder | None = None
    sender = ""
    sender_name = ""
    replies: ReplyAddresses | None = None
    server_url = ""
    imap_url = ""
    authserv: str | None = None
    stop: Tokens
    secrets: list[str]
    #: Returns who of the team hears of a ticket: ``team(site_id, assignee_id)``.
    team: Callable[[int, int | None], list[Teammate]] = staticmethod(lambda site_id, agent_id: [])
    #: Returns everyone who may answer at a site, whatever they hear of.
    mates: Callable[[int], list[Teammate]] = staticmethod(lambda site_id: [])

    @classmethod
    def host(cls) -> str:
        return ascii_host(cls.sender.rpartition("@")[2])

    @classmethod
    def imap_host(cls) -> str | None:
        return urlsplit(cls.imap_url).hostname if cls.imap_url else None

    @classmethod
    def ours(cls) -> set[str]:
        """The addresses mail never goes to: it would come back to us."""
        return {address for address in (cls.sender.lower(), cls.reply_base) if address}

    reply_base = ""


def furnish(
    settings: Mapping[str, Any],
    team: Callable[[int, int | None], list[Teammate]],
    mates: Callable[[int], list[Teammate]],
) -> None:
    """Read the settings. Raises :exc:`ConfigurationError` when they do not fit each other."""
    name, sender = parseaddr(settings["MAIL_FROM"])
    if settings["SMTP_URL"] and not sender:
        raise ConfigurationError("VENTANILLA_MAIL_FROM: say who mail is from")
    if Post.transport is not None:
        Post.transport.close()
    Post.transport = transport(settings["SMTP_URL"]) if settings["SMTP_URL"] else None
    Post.sender, Post.sender_name = sender, name
    Post.server_url, Post.imap_url = settings["SERVER_URL"], settings["IMAP_URL"]
    Post.authserv = settings["MAIL_AUTHSERV"] or None
    Post.reply_base = recipient(parseaddr(settings["MAIL_REPLY_TO"])[1])
    Post.secrets = settings["SECRET_KEY"]
    Post.stop = Tokens(settings["SECRET_KEY"], "mail-stop")
    Post.team, Post.mates = staticmethod(team), staticmethod(mates)
    try:
        Post.replies = (
            ReplyAddresses(settings["SECRET_KEY"], Post.reply_base) if Post.reply_base else None
        )
    except ValueError as error:
        raise ConfigurationError(f"VENTANILLA_MAIL_REPLY_TO: {error}") from error
