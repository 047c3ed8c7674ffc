"""One ticket: the page, and the parts of it that keep themselves up to date."""

from typing import Any

from flask import Response, g, redirect, request, url_for

from ...agents import service as agents
from ...articles import service as articles
from ...assistant import outcomes
from ...attachments import service as attachments
from ...desk import drafts, mentions, presence, sending
from ...errors import NotFound
from ...ids import new_id
from ...mail import outbox
from ...sites import environment
from ...sites import service as sites
from ...sites.look import ACCEPT, BODY, FILES, complete
from ...sites.models import Category, Site
from ...tickets import inbox, labels, marks, service
from ...tickets.ledger import word
from ...tickets.models import Ticket
from ...tickets.snoozing import is_for_a_reply
from ...tickets.states import STATES
from ..forms import STEP
from ..live import unchanged
from ..presenters import orders
from ..presenters import ticket as presenter
from .frame import bp, page, words
from .inbox import listing, shell

#: Letters shown beside a ticket, the latest first.
DELIVERIES = 12


def load(site_key: str, number: int) -> tuple[Site, Ticket]:
    """Return the ticket an address names, or raise :exc:`NotFound`."""
    site = sites.find_site(site_key)
    return site, inbox.find_ticket(site.id, number)


@bp.get("/tickets/<site_key>/<int:number>")
def ticket(site_key: str, number: int) -> Any:
    """Show a ticket; opening it marks it read for the team."""
    site, found = load(site_key, number)
    if found.number != number:
        return redirect(url_for("console.ticket", site_key=site_key, number=found.number), 303)
    service.mark_read_by_agent(found)
    mentions.see(found, g.agent.id)
    presence.beat(found, g.agent.id, writing=False)
    return whole(site, found)


@bp.get("/tickets/<site_key>/<int:number>/pulse")
def ticket_pulse(site_key: str, number: int) -> Any:
    """Return the parts again if anything changed, else nothing."""
    site, found = load(site_key, number)
    if unchanged(word(found)):
        return Response(status=204)
    if request.headers.get("X-Visible") == "1":
        service.mark_read_by_agent(found)
        presence.beat(found, g.agent.id, writing=request.headers.get("X-Writing") == "1")
    if live_mark(found) == request.args.get("mark"):
        return Response(status=204)
    return parts(site, found)


def whole(site: Site, found: Ticket, **composer: Any) -> str:
    """Return the page, with the composer as it was left when a message was refused."""
    shown = listing() | {"current": found.id}
    state = request.args.get("undo")
    kept = drafts.find(found, g.agent.id)
    if kept is not None and not composer:
        composer = {"body": kept.body, "kind": kept.kind}
    return page(
        "ticket.html",
        **shown,
        **shell(shown),
        **_detail(site, found),
        key=new_id(),
        kept=kept_files(found, request.values.getlist("kept")),
        draft=composer,
        undo=state if state in STATES else None,
        limits={"files": FILES, "body": BODY, "accept": ",".join(ACCEPT)},
    )


def parts(site: Site, found: Ticket, **values: Any) -> str:
    """Return what changes when something happens to the ticket."""
    return page("_live.html", **_detail(site, found), **values)


def _detail(site: Site, found: Ticket) -> dict[str, Any]:
    said = words()
    requester = service.requester_of(found)
    category = Category.get_or_none(Category.site_id == site.id, Category.id == found.category_id)
    messages, events, files = inbox.conversation(found)
    card = presenter.requester_card(found, requester, site)
    return {
        "ticket": found,
        "owner": site,
        "thread": presenter.thread(
            messages, events, files, words=said, requester=card["name"], agent_id=g.agent.id
        ),
        "articles": {each.message_id: each for each in articles.of_ticket(site.id, found.id)},
        "history": [presenter.event(each, said) for each in events],
        "category": category,
        "categories": _choices(site, category),
        "assignees": agents.agents_of(found.site_id),
        "assignee": agents.names().get(found.assignee_id or 0),
        "requester": card,
        "earlier": inbox.earlier(found),
        "deliveries": outbox.of_ticket(site.id, found.id)[::-1][:DELIVERIES],
        "context": presenter.context(found, said),
        "environment": environment.of(site.id),
        "offered": outcomes.of_ticket(site.id, found.id),
        "written": outcomes.written_for(site.id, found.id),
        "orders": orders.rail(found, complete(site.settings), said),
        "answers": presenter.answers(found, category, said),
        "states": STATES,
        "known_tags": labels.of_site(site.id),
        "step_length": STEP,
        "for_a_reply": is_for_a_reply(found.snoozed_until),
        "others": presence.others(found, g.agent.id),
        "seen": presence.last_message(found),
        "live_mark": live_mark(found),
        "waiting": presenter.waiting(sending.find(found, g.agent.id)),
    }


def kept_files(ticket: Ticket, ids: list[str]) -> list[dict[str, str]]:
    """Return those of ``ids`` that wait to be attached by this agent."""
    kept = []
    for file_id in ids[:20]:
        try:
            file = attachments.find(ticket.site_id, file_id)
        except NotFound:
            continue
        if file.owner == f"agent:{g.agent.id}" and file.ticket_id is None:
            kept.append({"id": file.id, "name": file.name})
    return kept


def live_mark(found: Ticket) -> str:
    """Return a text that changes whenever this agent's page of the ticket does."""
    waiting = sending.find(found, g.agent.id)
    here = ",".join(
        f"{each.name}{'+' * each.writing}" for each in presence.others(found, g.agent.id)
    )
    return f"{marks.version(found)}~{waiting.id if waiting else ''}~{here}"


def _choices(site: Site, current: Category | None) -> list[Category]:
    """Return the categories in use, and the ticket's own even if it was retired since."""
    choices = sites.categories(site.id)
    known = {choice.id for choice in choices}
    return choices if current is None or current.id in known else [current, *choices]
