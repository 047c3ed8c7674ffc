"""How mail is set up: for the server by its environment, for each site by its settings."""

from dataclasses import dataclass
from typing import Any

from ..clock import utcnow
from ..database import query
from ..ids import new_id
from ..sites import reach
from ..sites import service as sites
from ..sites.look import complete
from ..sites.models import Site
from .post import Post
from .transport import Refused, Temporary


@dataclass(frozen=True, slots=True)
class Status:
    """What the console tells of the servers. ``waiting``: letters that are due and not sent."""

    sends: str | None
    sender: str
    replies: str | None
    reads: str | None
    looked_at: str | None
    error: str | None
    waiting: int
    sending_error: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of trying: ``None`` where it worked, else the server's own words."""

    sent_to: str | None
    sending: str | None
    reading: str | None


def status() -> Status:
    box = query("SELECT looked_at, error FROM mailbox ORDER BY looked_at DESC LIMIT 1")
    # What a server says of a letter often names its reader.
    places, ids = reach.among("site_id", None)
    late = query(
        "SELECT count(*), max(error) FROM (SELECT error FROM mail WHERE state = 'waiting'"
        f" AND attempts > 0{places} ORDER BY created_at DESC LIMIT 1000) late",
        *ids,
    )[0]
    transport = Post.transport
    return Status(
        sends=transport.where if transport else None,
        sender=Post.sender,
        replies=Post.reply_base or None,
        reads=Post.imap_host(),
        looked_at=box[0][0] if box else None,
        error=box[0][1] if box else None,
        waiting=late[0],
        sending_error=late[1],
    )


def check(email: str, name: str, locale: str) -> Checked:
    """Send a letter to an agent and look into the mailbox, now."""
    sending = reading = None
    if Post.transport is not None:
        from .compose import compose
        from .letters import Letter, Look

        letter = Letter(
            kind="test",
            locale=locale,
            look=Look("Ventanilla", "#2454d6", None),
            sender=Post.sender,
            sender_name=Post.sender_name or "Ventanilla",
            to=email,
            to_name=name,
            message_id=f"<{new_id()}@{Post.host()}>",
            facts={"at": utcnow().isoformat(timespec="seconds")},
            link=f"{Post.server_url}/console/mail",
        )
        try:
            Post.transport.send(compose(letter), sender=Post.sender, recipient=email)
        except (Temporary, Refused) as error:
            sending = str(error)
    if Post.imap_url:
        from . import mailbox

        try:
            mailbox.check(Post.imap_url)
        except Exception as error:
            reading = str(error) or type(error).__name__
    return Checked(email if Post.transport and sending is None else None, sending, reading)


def of(site: Site) -> dict[str, Any]:
    """Return a site's own choices, with defaults for what is open."""
    chosen: dict[str, Any] = complete(site.settings)["mail"]
    return chosen


def update(site: Site, **choices: Any) -> None:
    """Change a site's choices: ``address``, ``opens``, ``category``, ``confirm``."""
    sites.update_site(site, settings=site.settings | {"mail": of(site) | choices})
