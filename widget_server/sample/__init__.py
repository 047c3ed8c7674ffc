"""Sample data for the demo: a small shop, two customers, tickets in every state."""

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from .. import jobs
from ..agents import service as agents
from ..agents.models import Agent
from ..articles import imports
from ..assistant import gathering as gathering
from ..attachments import service as attachments
from ..clock import stamp
from ..database import execute, transaction
from ..identity.service import Caller
from ..ids import new_id
from ..orders import sample as orders
from ..payments import accounts
from ..payments.models import TRANSFER
from ..sites import service as sites
from ..sites.models import Site, SiteKey
from ..tickets import service as tickets
from ..tickets.service import Actor
from . import month
from .categories import CATEGORIES
from .requests import REQUESTS

AGENT_EMAIL, AGENT_PASSWORD = "ines@demo.example", "ventanilla-demo"

#: The shop's help articles: beside the package in a checkout, inside it in a wheel.
ARTICLES = (
    Path(__file__).parents[2] / "examples" / "articles",
    Path(__file__).parents[1] / "examples" / "articles",
)

TERMS = {
    "es": "El trabajo empieza cuando llega el pago.",
    "en": "Work begins when the payment has arrived.",
}

#: The picture of what the bank shows.
BANK = {"es": "banco", "en": "bank"}

PEOPLE = {
    "ada": ("ada", "Ada Ferrer", "ada@customers.example"),
    "bruno": ("bruno", "Bruno Conti", "bruno@customers.example"),
    "visitor": (None, None, "marta@visitors.example"),
}


def fill(origins: list[str], *, lang: str = "es", past: bool = False) -> tuple[Site, SiteKey]:
    """Write the demo's site, agent, articles and tickets; return the site and its signing key.

    ``lang``: what people speak; ``past``: with a month of requests before theirs.
    """
    site, key = sites.add_site(
        name="Bodega Lucero",
        origins=origins,
        settings={
            "default_language": lang,
            "greeting": {"es": "Hola. ¿En qué ayudamos?", "en": "Hello. How can we help?"},
            "look": {"accent": "#8a1c3c"},
            "contact": {"email": "ayuda@bodega.example"},
            "orders": {
                "seller": "Bodega Lucero, S.L.\nCalle del Olmo 12\n28012 Madrid\nNIF B00000000",
                "terms": TERMS[lang],
            },
            "calendars": [
                {
                    "id": "tienda",
                    "name": "Tienda",
                    "zone": "Europe/Madrid",
                    "week": [["09:00-14:00", "16:00-19:00"]] * 5 + [["10:00-14:00"], []],
                    "country": "ES",
                }
            ],
            "channels": [
                {"kind": "phone", "value": "+34910000000", "calendar": "tienda"},
                {"kind": "whatsapp", "value": "+34600000000", "calendar": "tienda"},
            ],
        },
        categories=CATEGORIES,
    )
    accounts.set_up(
        site.id,
        TRANSFER,
        on=True,
        secrets={},
        settings={"holder": "Bodega Lucero, S.L.", "iban": "ES9121000418450200051332"},
    )
    agent = agents.add_agent(
        email=AGENT_EMAIL, name="Inés Prado", password=AGENT_PASSWORD, locale=lang
    )
    if past:
        month.fill(site, agent, lang)
    people = {name: _person(site, lang, *facts) for name, facts in PEOPLE.items()}
    folder = next((folder for folder in ARTICLES if folder.exists()), None)
    if folder is not None:
        imports.bring_in(site, imports.from_folder(folder), author=agent.name)
    for sample in REQUESTS[lang]:
        _ticket(people[sample["who"]], agent, sample, lang)
    jobs.run_due("sample")
    return site, key


def _person(site: Site, lang: str, sub: str | None, name: str | None, email: str) -> Caller:
    now = stamp()
    caller = Caller(site.id, new_id(), new_id(), True, sub, email, now if sub else None, name, lang)
    execute(
        "INSERT INTO requester (site_id, id, sub, email, email_verified_at, name, locale,"
        " created_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        site.id, caller.id, sub, email, caller.email_verified_at, name, lang, now, now,
    )  # fmt: skip
    return caller


def _ticket(caller: Caller, agent: Agent, sample: dict[str, Any], lang: str) -> None:
    files = []
    if sample.get("picture"):
        owner = f"requester:{caller.id}"
        source = io.BytesIO(_picture())
        files = [
            attachments.receive(caller.site_id, owner, name=f"{BANK[lang]}.png", source=source).id
        ]
    ticket = tickets.open_ticket(
        caller,
        title=sample["title"],
        body=sample["body"],
        locale=lang,
        category=sample["category"],
        email=caller.email,
        files=files,
        fields=sample.get("fields"),
        context={
            "url": "https://bodega.example/tienda",
            "browser": "Firefox 145 · Linux",
            "viewport": "1440×900",
        },
    )
    actor = Actor("agent", str(agent.id), agent.name)
    if "answer" in sample:
        tickets.assign(ticket, actor, agent_id=agent.id, name=agent.name)
        tickets.post_message(ticket, actor, body=sample["answer"], files=[])
    if "checklist" in sample:
        steps = [{"label": label, "done": done} for label, done in sample["checklist"]]
        tickets.set_checklist(ticket, actor, steps)
    if "quote" in sample:
        orders.quote(ticket, actor, *sample["quote"])
    if "work" in sample:
        orders.deliver(ticket, actor, *sample["work"])
    if "progress" in sample:
        tickets.set_progress(ticket, actor, sample["progress"])
    if sample.get("close"):
        tickets.close(ticket, actor)
    _age(caller.site_id, ticket.id, sample["age"])


def _age(site_id: int, ticket_id: str, seconds: int) -> None:
    """Move a ticket's history into the past: opened ``seconds`` ago, answered an hour later."""
    opened, answered = stamp(seconds=-seconds), stamp(seconds=3_600 - seconds)
    own = (site_id, ticket_id)
    with transaction():
        execute("UPDATE message SET sent_at = CASE author WHEN 'agent' THEN ? ELSE ? END"
                " WHERE site_id = ? AND ticket_id = ?", answered, opened, *own)  # fmt: skip
        execute("UPDATE event SET at = CASE actor WHEN 'agent' THEN ? ELSE ? END"
                " WHERE site_id = ? AND ticket_id = ?", answered, opened, *own)  # fmt: skip
        execute("UPDATE ticket SET answered_at = CASE WHEN answered_at IS NULL THEN NULL ELSE ? END,"
                " completed_at = CASE WHEN completed_at IS NULL THEN NULL ELSE ? END"
                " WHERE site_id = ? AND id = ?", answered, answered, *own)  # fmt: skip
        execute("UPDATE ticket SET opened_at = ?, updated_at = CASE WHEN answered_at IS NULL"
                " THEN ? ELSE ? END, waiting_since = CASE WHEN waiting_since IS NULL THEN NULL"
                " ELSE ? END WHERE site_id = ? AND id = ?",
                opened, opened, answered, opened, *own)  # fmt: skip


def _picture() -> bytes:
    image = Image.new("RGB", (960, 540), "#f4f1ea")
    draw = ImageDraw.Draw(image)
    for row, (text, amount) in enumerate(
        [
            ("BODEGA LUCERO  A-10422", "-64,90"),
            ("BODEGA LUCERO  A-10422", "-64,90"),
            ("PANADERIA SOL", "-3,20"),
            ("NOMINA", "+1.480,00"),
        ]  # fmt: skip
    ):
        top = 90 + row * 96
        draw.rectangle((60, top, 900, top + 76), fill="#ffffff", outline="#d8d2c4")
        draw.text((90, top + 24), text, fill="#222222", font_size=26)
        draw.text((740, top + 24), amount, fill="#8a1c3c" if row < 2 else "#222222", font_size=26)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
