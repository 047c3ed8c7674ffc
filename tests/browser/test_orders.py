"""A quote from the agent's desk to the customer's yes, on real pages."""

import pytest
from playwright.sync_api import expect

from ..support.servers import wait_until
from .test_journey import file_request, open_panel, sign_in

WORD = {
    "help": "Ayuda", "new": "Nueva solicitud", "next": "Continuar", "send": "Enviar solicitud",
    "category": "Asistencia técnica",
}  # fmt: skip

LINES = (("Plugin a medida", "1", "1.200,00", "22"), ("Soporte, horas", "2,5", "65", "22"),
         ("Manual impreso", "3", "19,95", "10"))  # fmt: skip


@pytest.fixture
def customer(world, page_of):
    """A customer's page with a request of its own; returns the page and the request's number."""

    def arrive(**look):
        page = page_of(locale="es", **look)
        page.goto(f"{world.shop}/?lang=es")
        page.get_by_role("button", name="Ada Ferrer").click()
        open_panel(page, f"{world.shop}/?lang=es", WORD)
        return page, file_request(page, WORD, title="Quiero un plugin")

    return arrive


@pytest.fixture
def desk(world, page_of):
    page = page_of(locale="es", width=1280)
    sign_in(page, world)
    return page


def quote(desk, world, number, lines=LINES, **options):
    """Send a quote as an agent does, line by line."""
    desk.goto(f"{world.server}/console/tickets/{world.site_key}/{number}")
    desk.locator("#rail-orders a.wide").click()
    desk.wait_for_url("**/quote")
    desk.locator("input[name=title]").fill("Plugin de reservas")
    for at, (text, quantity, price, rate) in enumerate(lines):
        if at:
            # Enter begins another line, and never sends.
            desk.locator("input[name=rate]").nth(at - 1).press("Enter")
            expect(desk.locator("input[name=text]").nth(at)).to_be_focused()
        for name, value in (
            ("text", text),
            ("quantity", quantity),
            ("price", price),
            ("rate", rate),
        ):
            desk.locator(f"input[name={name}]").nth(at).fill(value)
    return desk


def told_once(world, text, number):
    """Wait until the customer has the letter, and return whether it came once."""

    def letters():
        bodies = [
            letter.get_body(("plain",)).get_content()
            for letter in world.sink.to("ada@customers.example")
        ]
        return [body for body in bodies if text in body and f"#{number} " in body]

    wait_until(letters, text)
    return len(letters()) == 1


def test_an_agent_quotes_and_the_customer_accepts(world, customer, desk, axe):
    page, number = customer()
    quote(desk, world, number)
    preview = desk.locator("#preview")
    expect(preview).to_contain_text("1.728,09")
    expect(preview).to_contain_text("299,75")
    axe(desk)
    desk.get_by_role("button", name="Enviar", exact=True).click()
    expect(desk.locator("#rail-orders")).to_contain_text("Espera respuesta")
    axe(desk)

    card = page.locator(".offer")
    expect(card).to_contain_text("Total sin IVA")
    expect(card).to_contain_text("1.422,35")
    expect(card).to_contain_text("1.728,09")
    expect(card).to_contain_text("Entrega estimada")
    axe(page)
    card.get_by_role("button", name="Revisar y aceptar").click()
    expect(page.locator(".confirm")).to_be_focused()
    axe(page)
    card.get_by_role("button", name="Aceptar por 1.728,09").click()
    expect(card).to_contain_text("Pendiente de pago")
    expect(card.get_by_role("button", name="Revisar y aceptar")).to_have_count(0)

    expect(desk.locator("#rail-orders")).to_contain_text("Pendiente de pago")
    desk.get_by_text("Anotar una transferencia").click()
    desk.get_by_role("button", name="Han llegado 1.728,09").click()
    expect(card.locator("[aria-current=step]")).to_have_text("Pagado")
    expect(card).not_to_contain_text("estimada")
    desk.get_by_role("button", name="Empezar producción").click()
    expect(card.locator("[aria-current=step]")).to_have_text("En producción")
    desk.get_by_role("button", name="Marcar entregado").click()
    expect(card.locator("[aria-current=step]")).to_have_text("Entregado")
    axe(page)

    for text in ("Tienes un presupuesto", "Pago recibido", "entregado"):
        assert told_once(world, text, number), text


def test_a_customer_declines_and_gets_another_version(world, customer, desk):
    page, number = customer(width=360, scheme="dark")
    quote(desk, world, number, LINES[:1]).get_by_role("button", name="Enviar", exact=True).click()
    card = page.locator(".offer")
    card.get_by_role("button", name="Rechazar").click()
    card.get_by_label("Motivo").fill("Es demasiado caro")
    card.get_by_role("button", name="Rechazar el presupuesto").click()
    expect(card).to_contain_text("Rechazado")
    expect(desk.locator("#rail-orders")).to_contain_text("Rechazado")
    desk.locator("#rail-orders").get_by_role("link", name="Versión nueva").click()
    desk.locator("input[name=price]").fill("900")
    expect(desk.locator("#preview")).to_contain_text("1.098,00")
    desk.get_by_role("button", name="Enviar la versión nueva").click()
    expect(card).to_contain_text("versión 2")
    expect(card).to_contain_text("1.098,00")
    expect(card.get_by_role("button", name="Revisar y aceptar")).to_be_visible()


def test_what_was_replaced_meanwhile_is_not_accepted(world, customer, desk):
    # A refusal of the server is an error in the browser's log; here it is what is wanted.
    page, number = customer(quiet=True)
    quote(desk, world, number, LINES[:1]).get_by_role("button", name="Enviar", exact=True).click()
    card = page.locator(".offer")
    card.get_by_role("button", name="Revisar y aceptar").click()
    # The panel hears nothing of the new version before the customer presses.
    page.route("**/api/v1/updates*", lambda route: route.abort())
    desk.locator("#rail-orders").get_by_role("link", name="Versión nueva").click()
    desk.locator("input[name=price]").fill("1.300")
    expect(desk.locator("#preview")).to_contain_text("1.586,00")
    desk.get_by_role("button", name="Enviar la versión nueva").click()
    expect(desk.locator("#rail-orders")).to_contain_text("versión 2")
    card.get_by_role("button", name="Aceptar por 1.464,00").click()
    expect(card).to_contain_text("El presupuesto ha cambiado")
    expect(card).to_contain_text("1.586,00")


def test_settings_of_quotes_are_accessible(world, desk, axe):
    desk.goto(f"{world.server}/console/offers")
    expect(desk.get_by_role("heading", name="Presupuestos y pedidos")).to_be_visible()
    axe(desk)


def test_the_sample_has_a_quote_and_a_delivered_order(world, page_of):
    page = page_of(locale="en", width=360)
    page.goto(f"{world.shop}/?lang=en")
    page.get_by_role("button", name="Ada Ferrer").click()
    page.get_by_role("button", name="Help").first.click()
    page.locator(".row", has_text="Reservas con calendario").click()
    page.locator(".offer-strip button").click()
    card = page.locator(".offer")
    expect(card).to_be_focused()
    expect(card).to_contain_text("Total ex VAT")
    href = card.get_by_role("link", name="Download PDF").get_attribute("href")
    assert page.request.get(href).body().startswith(b"%PDF-")
