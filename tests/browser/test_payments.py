"""From the quote to the delivery, on real pages: paid once, and only when Stripe has said so."""

import re
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from ..support.senses import stumbles
from .test_orders import LINES, customer, desk, quote, told_once  # noqa: F401

#: Pixels a target in the window must have.
TOUCH = 44


@pytest.fixture
def till(world, desk):  # noqa: F811
    """The agent switches Stripe and transfers on, as administrators do."""
    desk.goto(f"{world.server}/console/payments")
    card = desk.locator("details", has_text="Tarjeta, con Stripe")
    card.locator("summary").click()
    card.get_by_label("Ofrecerlo").check()
    card.get_by_role("button", name="Guardar y probar").click()
    expect(desk.get_by_text("Funciona.")).to_be_visible()
    card = desk.locator("details", has_text="Transferencia bancaria")
    card.locator("summary").click()
    card.get_by_label("Titular").fill("Acme S.L.")
    card.get_by_label("IBAN").fill("ES91 2100 0418 4502 0005 1332")
    card.get_by_label("Ofrecerlo").check()
    card.get_by_role("button", name="Guardar").click()
    expect(card.get_by_text("Guardado", exact=True)).to_be_visible()
    return desk


def tell(world, event):
    body, headers = world.stripe.signed(event)
    path = f"/api/v1/payments/hooks/{world.site_key}/stripe"
    with urlopen(Request(world.server + path, body, headers, method="POST"), timeout=10) as answer:
        return answer.read()


def test_a_quote_is_accepted_paid_made_and_delivered(world, customer, till, axe):  # noqa: F811
    page, number = customer()
    quote(till, world, number).get_by_role("button", name="Enviar", exact=True).click()
    card = page.locator(".offer")
    sums = (("Total sin IVA", "1.422,35"), ("IVA 22", "299,75"), ("IVA 10", "5,99"),
            ("Total a pagar", "1.728,09"))  # fmt: skip
    for label, amount in sums:
        expect(card.locator("dl div", has_text=label)).to_contain_text(amount)
    card.get_by_role("button", name="Revisar y aceptar").click()
    card.get_by_role("button", name="Aceptar por 1.728,09").click()
    expect(card).to_contain_text("Entrega estimada")

    card.get_by_role("button", name="Revisar y pagar").click()
    expect(card.get_by_text("¿Cómo quieres pagar 1.728,09")).to_be_focused()
    axe(page)
    card.get_by_role("button", name="Tarjeta").click()
    page.wait_for_url(re.compile("/c/pay/"))
    page.get_by_role("link", name="Back").click()
    page.wait_for_url(re.compile(f"^{re.escape(world.shop)}"))
    expect(card.get_by_role("button", name="Revisar y pagar")).to_be_visible()
    assert "#" not in page.url

    card.get_by_role("button", name="Revisar y pagar").click()
    card.get_by_role("button", name="Tarjeta").click()
    page.get_by_role("button", name="Pay 172809").click()
    expect(card).to_contain_text("Esperando la confirmación")
    expect(card.get_by_role("button", name="Revisar y pagar")).to_have_count(0)
    expect(card.locator("[aria-current=step]")).to_have_text("Aceptado")
    axe(page)
    (event,) = [each for each in world.stripe.events if each["type"].endswith("completed")]
    assert len(world.stripe.sessions) == 1

    assert b"paid" in tell(world, event)
    assert b"repeated" in tell(world, event)
    expect(card.locator("[aria-current=step]")).to_have_text("Pagado")
    expect(card).to_contain_text(re.compile("Entrega: "))
    expect(card).not_to_contain_text("estimada")
    till.goto(f"{world.server}/console/tickets/{world.site_key}/{number}")
    till.get_by_role("button", name="Empezar producción").click()
    expect(card.locator("[aria-current=step]")).to_have_text("En producción")
    till.get_by_role("button", name="Marcar entregado").click()
    expect(card.locator("[aria-current=step]")).to_have_text("Entregado")

    rail = till.locator("#rail-orders")
    rail.get_by_text("Devolver dinero", exact=True).click()
    back = rail.locator("form", has=till.get_by_role("button", name="Devolverlo por Stripe"))
    expect(back.get_by_label("Importe")).to_have_value("1728.09")
    back.get_by_label("Importe").fill("28,09")
    axe(till)
    back.get_by_role("button").click()
    expect(card.locator("dl div", has_text="Devuelto")).to_contain_text("28,09")
    expect(page.get_by_text("Parte del pago devuelta")).to_be_visible()
    expect(card.locator("[aria-current=step]")).to_have_text("Entregado")
    assert [each["amount"] for each in world.stripe.refunds.values()] == [2_809]
    axe(page)

    for text in ("Tienes un presupuesto", "Pago recibido", "entregado", "una parte del pago"):
        assert told_once(world, text, number), text


def test_a_transfer_is_copied_and_scanned(world, customer, till, axe, tmp_path):  # noqa: F811
    import zxingcpp
    from PIL import Image

    page, number = customer(width=360, scheme="dark")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    quote(till, world, number, LINES[:1]).get_by_role("button", name="Enviar", exact=True).click()
    card = page.locator(".offer")
    card.get_by_role("button", name="Revisar y aceptar").click()
    assert stumbles(page, TOUCH) == {}
    card.get_by_role("button", name="Aceptar por 1.464,00").click()
    card.get_by_role("button", name="Revisar y pagar").click()
    expect(card.get_by_text("¿Cómo quieres pagar")).to_be_focused()
    assert stumbles(page, TOUCH) == {}
    card.get_by_role("button", name="Transferencia bancaria").click()
    expect(card.get_by_text("Transfiere 1.464,00")).to_be_focused()
    axe(page)
    assert stumbles(page, TOUCH) == {}
    card.get_by_role("button", name="Copiar: IBAN").click()
    expect(card.get_by_role("button", name="Copiado")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "ES9121000418450200051332"
    card.get_by_role("button", name="Copiar: Importe").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text === '1464,00')")
    code = card.get_by_role("img", name="Código QR")
    code.scroll_into_view_if_needed()
    code.screenshot(path=tmp_path / "code.png")
    with Image.open(tmp_path / "code.png") as picture:
        (found,) = zxingcpp.read_barcodes(picture)
    assert found.text.startswith(
        "BCD\n002\n1\nSCT\n\nAcme S.L.\nES9121000418450200051332\nEUR1464.00"
    )


def test_the_settings_are_accessible_in_both_schemes(world, till, axe):
    for details in till.locator("details.way").all():
        if details.get_attribute("open") is None:
            details.locator("summary").click()
    axe(till)
    till.emulate_media(color_scheme="dark")
    axe(till)
