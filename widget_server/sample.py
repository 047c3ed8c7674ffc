"""Sample data for the demo: a small shop, two customers, tickets in every state."""

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from . import jobs
from .agents import service as agents
from .agents.models import Agent
from .articles import imports
from .assistant import gathering as gathering
from .attachments import service as attachments
from .clock import stamp
from .database import execute, transaction
from .identity.service import Caller
from .ids import new_id
from .orders import sample as orders
from .payments import accounts
from .payments.models import TRANSFER
from .sites import service as sites
from .sites.models import Site, SiteKey
from .tickets import service as tickets
from .tickets.service import Actor

AGENT_EMAIL, AGENT_PASSWORD = "ines@demo.example", "ventanilla-demo"

#: The shop's help articles: beside the package in a checkout, inside it in a wheel.
ARTICLES = (
    Path(__file__).parents[1] / "examples" / "articles",
    Path(__file__).parent / "examples" / "articles",
)

CATEGORIES: list[dict[str, Any]] = [
    {
        "id": "bug",
        "icon": "bug",
        "name": {"es": "Reportar un error", "en": "Report a bug"},
        "hint": {"es": "Algo no funciona como debería", "en": "Something does not work"},
        "notice": {
            "tone": "warning",
            "text": {
                "es": "Hoy hay una incidencia con los pagos con tarjeta. Solución prevista a las 16 h.",
                "en": "Card payments have a problem today. We expect it solved by 4 pm.",
            },
        },
    },
    {
        "id": "order",
        "icon": "box",
        "name": {"es": "Consultar un pedido", "en": "Ask about an order"},
        "hint": {"es": "Envíos, cambios y devoluciones", "en": "Shipping, changes and returns"},
        "notice": {
            "tone": "info",
            "text": {
                "es": "Ten a mano el número de pedido.",
                "en": "Have your order number ready.",
            },
        },
        "fields": [
            {
                "key": "order",
                "type": "order",
                "required": True,
                "label": {"es": "Número de pedido", "en": "Order number"},
                "help": {"es": "Está en el correo, por ejemplo A-10422", "en": "It is in the mail, such as A-10422"},
                "pattern": "[A-Z]-\\d{4,8}",
            },
            {
                "key": "reason",
                "type": "choice",
                "required": False,
                "label": {"es": "Motivo", "en": "Reason"},
                "options": [
                    {"value": "late", "label": {"es": "No ha llegado", "en": "It has not arrived"}},
                    {"value": "wrong", "label": {"es": "No es lo que pedí", "en": "It is not what I ordered"}},
                    {"value": "return", "label": {"es": "Quiero devolverlo", "en": "I want to return it"}},
                ],
            },
        ],
    },
    {
        "id": "plugin",
        "icon": "plug",
        "name": {"es": "Solicitar un plugin", "en": "Request a plugin"},
        "hint": {"es": "Una función nueva para tu sitio", "en": "A new feature for your site"},
    },
    {
        "id": "help",
        "icon": "wrench",
        "name": {"es": "Asistencia técnica", "en": "Technical help"},
        "hint": {"es": "Dudas y ayuda con tu sitio", "en": "Questions and help with your site"},
    },
]  # fmt: skip

#: title, body, category, who, what the agent did
TICKETS: list[dict[str, Any]] = [
    {
        "who": "ada",
        "category": "plugin",
        "title": "Reservas con calendario en la tienda",
        "body": "Nos gustaría que los clientes reserven una cata desde la página de cada vino.\n"
        "¿Sería posible con pago de señal?",
        "answer": "Sí, es posible. Lo haríamos en **tres pasos**:\n\n1. Calendario por producto\n"
        "2. Pago de la señal\n3. Recordatorio por correo\n\nOs preparo un presupuesto esta semana.",
        "checklist": [("Diseño del calendario", True), ("Pago de la señal", True),
                      ("Recordatorios", False), ("Pruebas con vosotros", False)],
        "quote": ("Reservas con calendario", 12, [
            ("Plugin de reservas: calendario, señal y recordatorios", 1_000, 124_000, 2_100),
            ("Formación del equipo, horas", 2_500, 6_500, 2_100),
            ("Guía impresa", 3_000, 1_995, 1_000),
        ]),
        "age": 5 * 86_400,
    },
    {
        "who": "ada",
        "category": "bug",
        "title": "Pedido duplicado",
        "body": "Se cobró dos veces el pedido A-10422. Adjunto la captura del banco.",
        "picture": True,
        "answer": "Hola, Ada:\n\nLo hemos visto. El segundo cobro del pedido A-10422 está anulado; tu banco lo "
        "mostrará en 2 o 3 días. Si no, llámame al 600 123 456.\n\nUn saludo,\nInés",
        "progress": 40,
        "age": 2 * 86_400,
    },
    {
        "who": "ada",
        "category": "help",
        "title": "Cambio de logo",
        "body": "¿Podéis poner el logo nuevo en la cabecera y en las facturas?",
        "answer": "Hecho: cabecera, facturas y correos ya llevan el logo nuevo.",
        "work": ("Cambio de logo", 2, [("Logo en cabecera, facturas y correos", 1_000, 9_000, 2_100)]),
        "close": True,
        "age": 12 * 86_400,
    },
    {
        "who": "bruno",
        "category": "order",
        "title": "¿Cuándo llega mi pedido?",
        "body": "Lo pedí el lunes y el seguimiento no avanza.",
        "fields": {"order": "B-20931", "reason": "late"},
        "age": 3 * 3_600,
    },
    {
        "who": "visitor",
        "category": "help",
        "title": "No encuentro la ficha técnica del tinto de 2019",
        "body": "La página da un error al abrir el PDF:\nhttps://example.com/fichas/tinto-2019.pdf",
        "age": 25 * 60,
    },
]  # fmt: skip

PEOPLE = {
    "ada": ("ada", "Ada Ferrer", "ada@customers.example"),
    "bruno": ("bruno", "Bruno Conti", "bruno@customers.example"),
    "visitor": (None, None, "marta@visitors.example"),
}


def fill(origins: list[str]) -> tuple[Site, SiteKey]:
    """Write the demo's site, agent, articles and tickets; return the site and its signing key."""
    site, key = sites.add_site(
        name="Bodega Lucero",
        origins=origins,
        settings={
            "greeting": {"es": "Hola. ¿En qué ayudamos?", "en": "Hello. How can we help?"},
            "look": {"accent": "#8a1c3c"},
            "contact": {"email": "ayuda@bodega.example"},
            "orders": {
                "seller": "Bodega Lucero, S.L.\nCalle del Olmo 12\n28012 Madrid\nNIF B00000000",
                "terms": "El trabajo empieza cuando llega el pago.",
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
    agent = agents.add_agent(email=AGENT_EMAIL, name="Inés Prado", password=AGENT_PASSWORD)
    people = {name: _person(site, *facts) for name, facts in PEOPLE.items()}
    folder = next((folder for folder in ARTICLES if folder.exists()), None)
    if folder is not None:
        imports.bring_in(site, imports.from_folder(folder), author=agent.name)
    for sample in TICKETS:
        _ticket(people[sample["who"]], agent, sample)
    jobs.run_due("sample")
    return site, key


def _person(site: Site, sub: str | None, name: str | None, email: str) -> Caller:
    now = stamp()
    caller = Caller(site.id, new_id(), new_id(), True, sub, email, now if sub else None, name, "es")
    execute(
        "INSERT INTO requester (site_id, id, sub, email, email_verified_at, name, locale,"
        " created_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        site.id, caller.id, sub, email, caller.email_verified_at, name, "es", now, now,
    )  # fmt: skip
    return caller


def _ticket(caller: Caller, agent: Agent, sample: dict[str, Any]) -> None:
    files = []
    if sample.get("picture"):
        owner = f"requester:{caller.id}"
        source = io.BytesIO(_picture())
        files = [attachments.receive(caller.site_id, owner, name="banco.png", source=source).id]
    ticket = tickets.open_ticket(
        caller,
        title=sample["title"],
        body=sample["body"],
        locale="es",
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
