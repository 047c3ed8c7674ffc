"""From a row of the outbox to the letter that is sent: read now, so it says what is true now."""

from email.message import EmailMessage
from typing import Any

from ..attachments import service as attachments
from ..clock import parse, stamp
from ..database import fetch
from ..identity.models import Requester
from ..sites.look import complete
from ..sites.models import Category, Site
from ..text import split_address
from ..tickets.models import Message, Ticket
from ..tickets.thread import answer_by
from . import links, outbox, sums
from .addresses import AGENT, REQUESTER
from .compose import compose, language
from .letters import Letter, Look, Turn
from .models import Mail, MailLink
from .post import Post

#: Earlier messages quoted below a letter.
HISTORY = 6

#: Sent even to someone who wants no news of a ticket: it is about them, not about news.
ALWAYS = {"received", "confirm", "link", "refused", "test", "reset", "invite", "hook_off"}

#: Letters whose words are forgotten once they are sent.
SECRET = {"link", "reset", "invite"}


def draft(mail: Mail) -> EmailMessage | None:
    """Return the letter, or ``None`` when there is no reason to send it any more."""
    if mail.kind in SECRET and "token" not in mail.about:
        return None  # It was sent, and came back: what it was to say is kept by nobody.
    site = fetch(Site, "id = ?", mail.site_id)[0]
    settings = complete(site.settings)
    values: dict[str, Any] = {
        "kind": mail.kind,
        "locale": mail.locale or settings["default_language"],
        "look": Look(site.name, settings["look"]["accent"], settings["look"]["logo"]),
        "sender": Post.sender,
        "sender_name": Post.sender_name or site.name,
        "to": mail.recipient,
        "to_name": mail.recipient_name,
        "message_id": outbox.message_id(mail.id),
        "zone": settings.get("zone", "UTC"),
    }
    if mail.audience == REQUESTER:
        values["sender_name"] = site.name
    if mail.kind == "link":
        link = fetch(MailLink, outbox.OWN, mail.site_id, mail.about["link"])
        if not link or link[0].used_at:
            return None
        values |= {
            "link": links.page(Post.server_url, mail.about["token"]),
            "code": mail.about["code"],
        }
    if mail.kind in {"reset", "invite"}:
        values["link"] = f"{Post.server_url}/console/password/{mail.about['token']}"
    if mail.kind == "hook_off":
        values["link"] = Post.server_url + mail.about["path"]
        values["facts"] = {"hook": mail.about["hook"]}
    if mail.ticket_id:
        found = fetch(Ticket, outbox.OWN, mail.site_id, mail.ticket_id)
        if not found or _unwanted(mail, found[0]):
            return None
        values |= _about_ticket(mail, site, found[0])
    if "facts" in mail.about:
        told = sums.told(mail.about["facts"], language(values["locale"]))
        values["facts"] = {**values["facts"], **told}
    if "reason" in mail.about:
        told = {name: mail.about.get(name, "") for name in ("reason", "names")}
        values["facts"] = {**values.get("facts", {}), **told}
    if "rule" in mail.about:
        values["facts"] = {**values.get("facts", {}), "rule": mail.about["rule"]}
    return compose(Letter(**values))


def _unwanted(mail: Mail, ticket: Ticket) -> bool:
    if mail.audience == REQUESTER:
        moved_away = ticket.email != mail.recipient
        return moved_away or (not ticket.notify and mail.kind not in ALWAYS)
    # Letters wait for days at times, and whoever left the site meanwhile is told nothing of it.
    told = {mate.email for mate in Post.mates(mail.site_id)}
    return ticket.held_at is not None or mail.recipient not in told


def _about_ticket(mail: Mail, site: Site, ticket: Ticket) -> dict[str, Any]:
    # What was said in a ticket that was merged meanwhile is in the one it was merged into.
    place = (ticket.site_id, ticket.merged_into or ticket.id)
    chosen = _chosen(mail, ticket, place)
    earlier = fetch(
        Message,
        "site_id = ? AND ticket_id = ? AND internal_at IS NULL AND sent_at < ?"
        f" ORDER BY sent_at DESC, id DESC LIMIT {HISTORY}",
        *place, chosen.sent_at if chosen else stamp(seconds=1),
    )  # fmt: skip
    names = _names(ticket)
    link = _link(mail, site, ticket)
    files = [
        (file.name, link or "")
        for file in attachments.of_ticket(*place)
        if chosen is not None and file.message_id == chosen.id
    ]
    return {
        "number": ticket.number,
        "title": ticket.title,
        "turn": _turn(chosen, names) if chosen else None,
        "history": tuple(_turn(each, names) for each in earlier),
        "facts": _facts(mail, ticket, names),
        "files": tuple(files),
        "link": link,
        "references": (f"<ticket-{ticket.id}@{Post.host()}>",),
        "reply_to": _reply_to(mail, ticket),
        "stop_url": _stop_url(mail, ticket),
    }


def _chosen(mail: Mail, ticket: Ticket, place: tuple[int, str]) -> Message | None:
    """Return what the letter is about, however much was said since."""
    terms, values = "", list[str]()
    if "message_id" in mail.about:
        terms, values = " AND id = ?", [mail.about["message_id"]]
    elif mail.kind in {"received", "confirm", "agent_opened"}:
        terms, values = " AND sent_at >= ? ORDER BY sent_at, id LIMIT 1", [ticket.opened_at]
    else:
        return None
    said = "site_id = ? AND ticket_id = ? AND internal_at IS NULL"
    return next(iter(fetch(Message, said + terms, *place, *values)), None)


def _names(ticket: Ticket) -> dict[str, str]:
    people = fetch(Requester, "site_id = ? AND id = ?", ticket.site_id, ticket.requester_id)
    name = people[0].name if people else None
    return {"requester": name or ticket.email or ""}


def _turn(message: Message, names: dict[str, str]) -> Turn:
    agent = message.author == "agent"
    return Turn(
        author=message.author_name or ("" if agent else names["requester"]),
        at=parse(message.sent_at),
        body=message.body,
        markdown=agent,
    )


def _facts(mail: Mail, ticket: Ticket, names: dict[str, str]) -> dict[str, str]:
    facts = {"state": ticket.state, "progress": str(ticket.progress), **names}
    if ticket.email:
        facts["email"] = ticket.email
    due = answer_by(ticket)
    if due:
        facts["due"] = due
    if ticket.category_id:
        own = (ticket.site_id, ticket.category_id)
        for category in fetch(Category, "site_id = ? AND id = ?", *own):
            facts["category"] = category.label(mail.locale)
    return facts


def _link(mail: Mail, site: Site, ticket: Ticket) -> str | None:
    if mail.audience == AGENT:
        return f"{Post.server_url}/console/tickets/{site.key}/{ticket.number}"
    owner = fetch(Requester, "site_id = ? AND id = ?", ticket.site_id, ticket.requester_id)
    if owner and owner[0].sub is not None:
        return f"{_host_page(site, ticket)}#ventanilla=ticket.{ticket.id}"
    token = links.issue(
        site_id=ticket.site_id,
        email=mail.recipient,
        ticket_id=ticket.id,
        locale=mail.locale,
        seed=mail.id,
    )
    return links.page(Post.server_url, token)


def _host_page(site: Site, ticket: Ticket) -> str:
    """Where the requester was when they wrote, if that is one of the site's pages."""
    url = str((ticket.context or {}).get("url") or "")
    parts = split_address(url)
    if site.allows(f"{parts.scheme}://{parts.netloc}") and parts.scheme in {"http", "https"}:
        return url.partition("#")[0]
    return next((origin for origin in site.origins if origin != "*"), Post.server_url) + "/"


def _reply_to(mail: Mail, ticket: Ticket) -> str | None:
    if Post.replies is None:
        return None
    return Post.replies.make(ticket.site_id, ticket.id, mail.audience, mail.recipient)


def _stop_url(mail: Mail, ticket: Ticket) -> str | None:
    if mail.audience != REQUESTER or mail.kind in ALWAYS:
        return None
    token = Post.stop.issue({"s": ticket.site_id, "t": ticket.id, "e": mail.recipient})
    return f"{Post.server_url}/mail/stop/{token}"
