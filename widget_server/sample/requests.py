"""The sample shop's requests, by language: who asks what, and what the agent did."""

from typing import Any

ES: list[dict[str, Any]] = [
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

EN: list[dict[str, Any]] = [
    {
        "who": "ada",
        "category": "plugin",
        "title": "A booking calendar",
        "body": "We would like customers to book a tasting from the page of each wine.\n"
        "Could they pay a deposit when they do?",
        "answer": "Yes, they can. We would do it in **three steps**:\n\n1. A calendar for each product\n"
        "2. Paying the deposit\n3. A reminder by mail\n\nThe quote is below; tell us what you think.",
        "checklist": [("Design of the calendar", True), ("Paying the deposit", True),
                      ("Reminders", False), ("Trying it with you", False)],
        "quote": ("A booking calendar", 12, [
            ("Booking plugin: calendar, deposit and reminders", 1_000, 124_000, 2_100),
            ("Training of your team, hours", 2_500, 6_500, 2_100),
            ("Printed guide", 3_000, 1_995, 1_000),
        ]),
        "age": 5 * 86_400,
    },
    {
        "who": "ada",
        "category": "bug",
        "title": "An order was charged twice",
        "body": "Order A-10422 was charged twice. Here is what my bank shows.",
        "picture": True,
        "answer": "Hello Ada,\n\nWe see it. The second charge for order A-10422 is cancelled; your bank will "
        "show it in 2 or 3 days. If it does not, call me on 600 123 456.\n\nKind regards,\nInés",
        "progress": 40,
        "age": 2 * 86_400,
    },
    {
        "who": "ada",
        "category": "help",
        "title": "A new logo",
        "body": "Can you put our new logo into the header and on the invoices?",
        "answer": "Done: header, invoices and mails have the new logo.",
        "work": ("A new logo", 2, [("Logo in header, invoices and mails", 1_000, 9_000, 2_100)]),
        "close": True,
        "age": 12 * 86_400,
    },
    {
        "who": "bruno",
        "category": "order",
        "title": "When does my order arrive?",
        "body": "I ordered on Monday and the tracking has not moved since.",
        "fields": {"order": "B-20931", "reason": "late"},
        "age": 3 * 3_600,
    },
    {
        "who": "visitor",
        "category": "help",
        "title": "I cannot find the data sheet of the 2019 red",
        "body": "The page shows an error when I open the PDF:\nhttps://example.com/sheets/red-2019.pdf",
        "age": 25 * 60,
    },
]  # fmt: skip

REQUESTS = {"es": ES, "en": EN}
