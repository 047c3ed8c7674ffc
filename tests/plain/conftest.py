"""A site with mail, and somebody whose browser runs no script."""

import re

import pytest

from widget_server import jobs

ANA = "ana@mail.example"
WRITTEN = {
    "category": "help",
    "title": "La caldera pierde agua",
    "body": "Desde ayer.\nY cada vez más.",
    "email": ANA,
}


@pytest.fixture
def settings(sink):
    return {"SMTP_URL": sink.url, "MAIL_FROM": "Shop <help@shop.example>", "PROOF_SECONDS": 3}


@pytest.fixture
def place(site):
    return f"/help/{site.key}/request"


@pytest.fixture
def open_form(client, clock, place):
    """Open a form, take a person's time over it, and return its slip."""

    def act(locale="es", *, seconds=3, category="help"):
        page = client.get(f"{place}/{locale}?category={category}")
        assert page.status_code == 200
        clock.pass_(seconds=seconds)
        return re.search(r'name="slip" value="([^"]+)"', page.text)[1]

    return act


@pytest.fixture
def send(client, place, open_form):
    """Send a form that was opened before, or now."""

    def act(locale="es", *, slip=None, headers=None, **changed):
        given = slip or open_form(locale, category=changed.get("category", "help"))
        form = WRITTEN | changed | {"slip": given}
        return client.post(f"{place}/{locale}", data=form, headers=headers)

    return act


@pytest.fixture
def letters(sink):
    def read(recipient=ANA):
        jobs.run_due()
        return sink.to(recipient)

    return read
