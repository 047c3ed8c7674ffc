"""What people can ask the sample shop about: what a new site asks, and an order of its own."""

from typing import Any

from ..sites.beginnings import BUG, HELP, PLUGIN

CATEGORIES: list[dict[str, Any]] = [
    BUG
    | {
        "notice": {
            "tone": "warning",
            "text": {
                "es": "Hoy fallan los pagos con tarjeta. Solución prevista a las 16 h.",
                "en": "Card payments fail today. We expect them back by 4 pm.",
            },
        },
    },
    {
        "id": "order",
        "icon": "box",
        "name": {"es": "Consultar un pedido", "en": "Ask about an order"},
        "hint": {"es": "Envíos y devoluciones", "en": "Shipping and returns"},
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
    PLUGIN,
    HELP,
]  # fmt: skip
