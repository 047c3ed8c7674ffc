"""Whose mail is it, and what may it do? Reads only; :mod:`.receiving` carries it out."""

from dataclasses import dataclass

from ..clock import stamp
from ..database import fetch, query
from ..sites.look import complete
from ..sites.models import Site
from ..tickets.ledger import Actor
from ..tickets.models import Ticket
from ..tickets.service import find_by_id
from . import outbox
from .addresses import AGENT, REQUESTER, Reply
from .bounces import Bounce
from .incoming import Incoming as Letter
from .models import BOUNCE, IGNORED, OPENED, POSTED, QUARANTINED
from .post import Post

#: New tickets from one address in a day; more wait for an agent.
PER_SENDER = 20


@dataclass
class Fate:
    """What is to be done with a mail."""

    site_id: int
    state: str
    reason: str | None = None
    ticket: Ticket | None = None
    actor: Actor | None = None


def judge(letter: Letter) -> Fate:
    """Decide what is to be done with a mail, changing nothing."""
    if letter.bounce is not None:
        return _returned(letter.bounce)
    reply = _addressed(letter)
    site_id = reply.site_id if reply else any_site()
    if letter.automatic is not None:
        return Fate(site_id, IGNORED, letter.automatic)
    if not letter.text.strip() and not letter.files:
        return Fate(site_id, IGNORED, "empty")
    if letter.authentication.get("dmarc") == "fail":
        return Fate(site_id, QUARANTINED, "forged")
    if reply is not None:
        return _led_on(_reply(letter, reply))
    return _new(letter)


def _returned(bounce: Bounce) -> Fate:
    """A report belongs where the letter does that came back, and goes with it."""
    for sent in outbox.known(bounce.letter_id):
        found = fetch(Ticket, outbox.OWN, sent.site_id, sent.ticket_id) if sent.ticket_id else []
        return Fate(sent.site_id, BOUNCE, None, found[0] if found else None)
    return Fate(any_site(), BOUNCE)


def _addressed(letter: Letter) -> Reply | None:
    """Find the ticket a mail answers: by the address it went to, or by the letter it refers to."""
    if Post.replies is not None:
        for address in letter.recipients:
            found = Post.replies.read(address, letter.sender)
            if found:
                return found
    for reference in (letter.in_reply_to, *reversed(letter.references)):
        mail_id, _, host = (reference or "").strip("<>").partition("@")
        if host != Post.host():
            continue
        # The id of a letter is a secret its recipient shares with us, as the address is.
        for sent in outbox.known(mail_id):
            if sent.ticket_id:
                fits = sent.recipient.lower() == letter.sender.lower()
                return Reply(sent.site_id, sent.ticket_id, sent.audience, fits)
    return None


def _reply(letter: Letter, reply: Reply) -> Fate:
    found = fetch(Ticket, outbox.OWN, reply.site_id, reply.ticket_id)
    if not found:
        return Fate(any_site(), QUARANTINED, "ticket_gone")
    ticket = found[0]
    if not reply.fits:
        return Fate(reply.site_id, QUARANTINED, "stranger", ticket)
    if reply.audience == AGENT:
        actor = as_agent(ticket, letter)
        if actor is None:
            return Fate(reply.site_id, QUARANTINED, "stranger", ticket)
        return Fate(reply.site_id, POSTED, None, ticket, actor)
    if (ticket.email or "").lower() != letter.sender.lower():
        return Fate(reply.site_id, QUARANTINED, "stranger", ticket)
    return Fate(reply.site_id, POSTED, None, ticket, as_requester(ticket, letter))


def _led_on(fate: Fate) -> Fate:
    """What may be said in a ticket is said where that was merged into, if it was."""
    if fate.state == POSTED and fate.ticket is not None:
        fate.ticket = find_by_id(fate.site_id, fate.ticket.id)
    return fate


def as_agent(ticket: Ticket, letter: Letter) -> Actor | None:
    """Return the agent a mail is from, if they may answer the ticket."""
    for mate in Post.mates(ticket.site_id):
        if mate.email.lower() == letter.sender.lower():
            return Actor(AGENT, str(mate.id), mate.name)
    return None


def as_requester(ticket: Ticket, letter: Letter) -> Actor:
    """Return the ticket's requester, under the name the mail carries."""
    return Actor(REQUESTER, ticket.requester_id, letter.sender_name or letter.sender)


def _new(letter: Letter) -> Fate:
    for site in fetch(Site, "1 = 1 ORDER BY id"):
        mail = complete(site.settings)["mail"]
        if mail["address"] and mail["address"].lower() in letter.recipients:
            if site.archived_at or not mail["opens"]:
                return Fate(site.id, QUARANTINED, "not_taken")
            if _opened_today(site.id, letter.sender) >= PER_SENDER:
                return Fate(site.id, QUARANTINED, "too_many")
            return Fate(site.id, OPENED)
    return Fate(any_site(), QUARANTINED, "unknown_address")


def _opened_today(site_id: int, sender: str) -> int:
    rows = query(
        "SELECT count(*) FROM ticket WHERE site_id = ? AND email = ? AND opened_at > ?",
        site_id, sender, stamp(seconds=-86_400),
    )  # fmt: skip
    return int(rows[0][0])


def any_site() -> int:
    """Whose quarantine a mail belongs to that names nobody: the first site's."""
    return int(query("SELECT min(id) FROM site")[0][0])
