"""A small help centre, in two languages."""

import pytest

from widget_server.articles import service

ARTICLES = {
    "returns": ("en", "Send something back", "You have 30 days.\n\nPrint the label, put it on the parcel and hand it in. The money is back within five days."),
    "devolver": ("es", "Devolver un artículo", "Dispones de 30 días.\n\nImprime la etiqueta, pégala en el paquete y entrégalo. El dinero vuelve en cinco días."),
    "password": ("en", "Choose a new password", "Press *Forgot your password* at the sign-in page. We mail you a link that lives one hour."),
    "late": ("en", "My parcel has not arrived", "Look at the tracking number in the letter of dispatch. Nothing for three days? Tell us."),
    "invoice": ("en", "Get an invoice with VAT", "Open the order and press *Invoice*. It carries the address of your account."),
    "address": ("en", "Change the delivery address", "Until the parcel is packed you can change it in your order."),
    "sizes": ("en", "Which size fits me", "Measure round the chest and compare with the table beside each shirt."),
}  # fmt: skip


@pytest.fixture
def write(site):
    """Write an article; it is published unless told otherwise."""

    def make(title, body="", *, locale="en", at=None, draft=False, **given):
        article = service.write(
            at or site, locale=locale, title=title, body=body or f"{title}.", author="Inés", **given
        )
        return article if draft else service.publish(article)

    return make


@pytest.fixture
def shelf(write):
    """Return the articles by name; the Spanish one translates the first."""
    made = {}
    for name, (locale, title, body) in ARTICLES.items():
        topic = made["returns"].topic if name == "devolver" else None
        made[name] = write(title, body, locale=locale, topic=topic)
    return made


@pytest.fixture
def ask(visitor):
    """Ask as a visitor who is writing a request."""

    def ask(title, body="", *, by=None, **given):
        answer = (by or visitor).post(
            "/suggestions", **{"title": title, "body": body, "locale": "en"} | given
        )
        assert answer.status_code == 200, answer.json
        return answer.json["suggestions"]

    return ask
