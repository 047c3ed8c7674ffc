"""What becomes of a mail that came in: a reply, a new ticket, or something an agent decides on.

Whatever it is, it is written once: its fingerprint and what follows from it are one transaction,
so it does not matter how often, or by which way, the same mail is brought.
"""

import io
import logging

from ..attachments import service as attachments
from ..clock import stamp
from ..database import execute, fetch, insert, query, transaction
from ..errors import VentanillaError
from ..identity import service as identity
from ..ids import new_id
from ..sites.look import TITLE, complete
from ..sites.models import Site
from ..tickets import service as tickets
from ..tickets.ledger import Mailed
from ..tickets.models import Ticket
from . import outbox, quotes
from .addresses import AGENT, REQUESTER
from .enclosed import Enclosed, passing
from .incoming import Incoming as Letter
from .incoming import TooBig, Unreadable, read
from .judging import Fate, any_site, judge
from .models import BOUNCE, OPENED, POSTED, QUARANTINED, Incoming
from .post import Post

log = logging.getLogger(__name__)

#: What a mail's own bytes are kept under, before its id.
RAW = "mail-"

#: Bytes of a mail taken in, its files included.
LARGEST = 40 << 20

#: Characters of a mailed message; what is beyond is kept with the folded part.
BODY = 50_000

EXCERPT = 2_000

#: A state that says the mail was taken in before.
SEEN = "seen"


def receive(raw: bytes, *, source: str) -> str:
    """Take a mail in and return what became of it. Safe to repeat, whatever it contains."""
    try:
        letter = read(raw, ours=Post.ours(), trusted=Post.authserv, most=LARGEST)
    except TooBig:
        return refuse_too_big(raw[:65_536], source=source)
    except Unreadable as error:
        return _unreadable(raw, error, source)
    except Exception:
        # One mail nobody foresaw must not stop those behind it; it waits for an agent.
        log.exception("A mail could not be read")
        return _unreadable(raw, Unreadable("unreadable", "It cannot be read."), source)
    fate = judge(letter)
    try:
        return _carry_out(letter, fate, raw, source)
    except VentanillaError as error:
        if passing(error):
            raise
        # What is refused now would be refused for ever, and those behind it never read.
        log.warning("A mail could not be taken in: %s", error)
        ticket = fate.ticket if fate.state == POSTED else None
        return _carry_out(letter, Fate(fate.site_id, QUARANTINED, "refused", ticket), raw, source)


def refuse_too_big(head: bytes, *, source: str) -> str:
    """Note a mail that is too large, by its headers alone, and tell its sender."""
    try:
        letter = read(head, ours=Post.ours(), trusted=Post.authserv)
    except Unreadable as error:
        return _unreadable(head, error, source)
    fate = Fate(any_site(), QUARANTINED, "too_big")
    state = _carry_out(letter, fate, head, source)
    if state != SEEN and letter.automatic is None:
        _refuse(letter, fate, "too_big", names=[])
    return state


def _carry_out(letter: Letter, fate: Fate, raw: bytes, source: str) -> str:
    if query(
        "SELECT 1 FROM incoming WHERE site_id = ? AND fingerprint = ?",
        fate.site_id, letter.fingerprint,
    ):  # fmt: skip
        return SEEN
    incoming_id, now = new_id(), stamp()
    enclosed = Enclosed(fate.site_id)
    try:
        if fate.state in (POSTED, OPENED):
            enclosed.take_in(letter)
        _keep_raw(incoming_id, raw)
    except BaseException:
        enclosed.drop()
        raise
    with transaction():
        fresh = insert(
            Incoming,
            or_ignore=True,
            site_id=fate.site_id,
            id=incoming_id,
            fingerprint=letter.fingerprint,
            source=source,
            state=fate.state,
            reason=fate.reason,
            ticket_id=fate.ticket.id if fate.ticket else None,
            sender=letter.sender,
            sender_name=letter.sender_name,
            subject=letter.subject[:500],
            excerpt=letter.text[:EXCERPT],
            size=len(raw),
            waiting_at=now if fate.state == QUARANTINED else None,
            raw_at=now,
            received_at=now,
        )
        if not fresh:
            return SEEN
        apply(fate.site_id, incoming_id, letter, fate, enclosed)
    return fate.state


def apply(site_id: int, incoming_id: str, letter: Letter, fate: Fate, enclosed: Enclosed) -> None:
    """Do what was decided, in the caller's transaction."""
    message_id = None
    if fate.state == BOUNCE and letter.bounce is not None:
        _bounced(letter)
    elif fate.state == POSTED and fate.ticket is not None and fate.actor is not None:
        body, mailed = _body(letter, fate.ticket)
        nothing = not body and not enclosed.ids
        message_id = tickets.post_message(
            fate.ticket,
            fate.actor,
            body=_untaken(enclosed.refused, fate.ticket.locale) if nothing else body,
            files=enclosed.give(fate.actor.owner),
            # Nobody was answered by an agent's mail of which nothing is left.
            internal=nothing and fate.actor.kind == AGENT,
            mailed=mailed,
        )
    elif fate.state == OPENED:
        fate.ticket = _open(letter, fate.site_id, enclosed)
    else:
        return
    if enclosed.refused:
        _refuse(letter, fate, "files", names=enclosed.refused)
    execute(
        "UPDATE incoming SET state = ?, ticket_id = ?, message_id = ? WHERE site_id = ? AND id = ?",
        fate.state, fate.ticket.id if fate.ticket else None, message_id, site_id, incoming_id,
    )  # fmt: skip


def _bounced(letter: Letter) -> None:
    bounce = letter.bounce
    if bounce is None or not bounce.letter_id:
        return
    for sent in outbox.known(bounce.letter_id):
        reason = " ".join(filter(None, (bounce.status, bounce.diagnostic)))
        outbox.bounced(
            sent.site_id, sent.id,
            reason=reason, permanent=bounce.permanent, given_up=bounce.given_up,
        )  # fmt: skip


def _open(letter: Letter, site_id: int, enclosed: Enclosed) -> Ticket:
    site = fetch(Site, "id = ?", site_id)[0]
    settings = complete(site.settings)
    proven = letter.authentication.get("dmarc") == "pass"
    owner = identity.owner_of(site_id, letter.sender) if proven else None
    caller = identity.caller_for(
        site_id, owner, email=letter.sender, name=letter.sender_name or None
    )
    body, mailed = _body(letter, None)
    body = body or _untaken([] if enclosed.ids else enclosed.refused, settings["default_language"])
    return tickets.open_ticket(
        caller,
        title=(" ".join(letter.subject.split()) or body.split("\n")[0])[:TITLE],
        body=body,
        locale=settings["default_language"],
        category=tickets.default_category(site_id, settings["mail"]["category"]),
        email=letter.sender,
        files=enclosed.give(f"requester:{caller.id}"),
        mailed=mailed,
    )


def _body(letter: Letter, ticket: Ticket | None) -> tuple[str, Mailed]:
    sent = _sent(ticket) if ticket is not None else []
    shown, folded = quotes.fold(letter.text, sent=sent) if ticket else (letter.text, "")
    shown = shown.strip()
    rest = "\n".join(part for part in (shown[BODY:], folded.strip("\n")) if part)
    return shown[:BODY], Mailed(rest or None)


def _untaken(names: list[str], locale: str) -> str:
    """Return what stands for a mail without words: the files it brought that were not taken."""
    if not names:
        return "…"
    from .compose import language, words  # Heavy to load, and seldom needed.

    return words(language(locale))["untaken"].format(names=_listed(names))


def _listed(names: list[str]) -> str:
    return ", ".join(names)[:300]


def _sent(ticket: Ticket) -> list[str]:
    """Return our words in this conversation: letters as they went out, and what was said.

    What was said in tickets merged into this one has moved here; letters stay with theirs.
    """
    own = (ticket.site_id, ticket.id)
    merged = query(
        "SELECT id FROM ticket WHERE site_id = ? AND requester_id = ? AND merged_into = ?",
        ticket.site_id, ticket.requester_id, ticket.id,
    )  # fmt: skip
    letters = [
        letter
        for (ticket_id,) in ((ticket.id,), *merged)
        for letter in query(
            "SELECT text FROM mail WHERE site_id = ? AND ticket_id = ? AND text IS NOT NULL"
            " ORDER BY created_at DESC LIMIT 8",
            ticket.site_id, ticket_id,
        )
    ]  # fmt: skip
    said = query(
        "SELECT body FROM message WHERE site_id = ? AND ticket_id = ? AND internal_at IS NULL"
        " AND author = 'agent' ORDER BY sent_at DESC LIMIT 10",
        *own,
    )
    return [row[0] for row in (*letters, *said)]


def _refuse(letter: Letter, fate: Fate, reason: str, *, names: list[str]) -> None:
    ticket, audience = fate.ticket, fate.actor.kind if fate.actor else REQUESTER
    if not letter.sender:
        return
    # A stranger who was let in is told of their files, not what the ticket says.
    theirs = ticket is not None and (audience == AGENT or ticket.email == letter.sender)
    with transaction():
        outbox.write(
            site_id=fate.site_id,
            ticket_id=ticket.id if ticket and theirs else None,
            kind="refused",
            recipient=letter.sender,
            audience=audience,
            locale=ticket.locale if ticket and audience == REQUESTER else "",
            about={"reason": reason, "names": _listed(names)},
            once=f"refused:{letter.fingerprint}",
        )


def _unreadable(raw: bytes, error: Unreadable, source: str) -> str:
    """Keep what cannot be read, for somebody to look at."""
    letter = Letter.unreadable(raw)
    return _carry_out(letter, Fate(any_site(), QUARANTINED, error.reason), raw, source)


def _keep_raw(incoming_id: str, raw: bytes) -> None:
    storage = attachments.Files.storage
    with storage.receive(io.BytesIO(raw), file_id=raw_id(incoming_id), most=len(raw)) as received:
        storage.keep(received, raw_id(incoming_id))


def raw_id(incoming_id: str) -> str:
    return RAW + incoming_id
