"""What an answer to one person loses before everybody may read it."""

import re
import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from widget_server.articles.stripping import GREETINGS, MARKS, strip

ANSWER = """Hola, Ada:

Hemos reenviado tu pedido A-10422 a Calle Mayor 12, 3º B, 28013 Madrid. Síguelo en
https://track.example/p/9F3K22L?key=abc o llama al +34 612 345 678.

Ada Ferrer puede cambiar la dirección en https://bodega.example/cuenta/pedidos, y la señora Ferrer
recibe el aviso en ada.ferrer@customers.example.

1. Entra en tu cuenta
2. Pulsa **Cambiar**

El reembolso de 64,90 € tarda de 3 a 5 días; nuestro teléfono es el 910 00 00 00.

Un saludo,
Inés
Atención al cliente"""


def stripped(text, locale="es", **options):
    return strip(text, locale=locale, **options)


def test_an_answer_to_one_becomes_an_answer_to_all():
    done = stripped(
        ANSWER,
        names=["Ada Ferrer", "Inés Prado"],
        private=["A-10422"],
        public=["+34910000000"],
    )
    assert done.text == (
        "Hemos reenviado tu pedido [número] a [dirección]. Síguelo en\n"
        "[enlace] o llama al [teléfono].\n\n"
        "[nombre] puede cambiar la dirección en https://bodega.example/cuenta/pedidos, y la señora [nombre]\n"
        "recibe el aviso en [correo].\n\n"
        "1. Entra en tu cuenta\n2. Pulsa **Cambiar**\n\n"
        "El reembolso de 64,90 € tarda de 3 a 5 días; nuestro teléfono es el 910 00 00 00."
    )  # fmt: skip
    assert [each.kind for each in done.taken] == [
        "greeting", "greeting", "link", "email", "order", "address", "phone", "name", "name",
    ]  # fmt: skip
    assert done.taken[0].text == "Hola, Ada:"
    assert done.taken[1].text.endswith("Atención al cliente")


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("es", "Buenos días, Ada.\n\n{}\n\nGracias,\nInés"),
        ("en", "Hi Ada,\n\n{}\n\nKind regards,\nInés"),
        ("it", "Gentile Ada,\n\n{}\n\nCordiali saluti\nInés"),
        ("fr", "Bonjour Ada,\n\n{}\n\nBien cordialement,\nInés"),
        ("de", "Sehr geehrte Frau Ferrer,\n\n{}\n\nMit freundlichen Grüßen\nInés"),
        ("pt", "Olá Ada,\n\n{}\n\nCumprimentos,\nInés"),
        ("en", "Dear Mr. O'Connor,\n\n{}\n\nBest,\nTom"),
        ("en", "Hello Ada, {}"),
    ],
)
def test_greetings_and_farewells_go_in_every_language(locale, text):
    assert stripped(text.format("The text."), locale).text == "The text."


@pytest.mark.parametrize(
    "text",
    [
        "Gracias",
        "Hola",
        "El reembolso tarda de 3 a 5 días y cuesta 1.480,00 €.",
        "Abierto de 9:00 a 14:00, desde 2019 hasta el 24-12-2026.",
        "Usa la versión 3.11.4 o 10.4, con HTTP/1.1 y UTF-8.",
        "Mira https://bodega.example/ayuda/envios y [aquí](https://bodega.example/es/visitas).",
        "# Paso 1\n\n- Pulsa `Ctrl+Alt+F4`\n- Elige **A4**",
        "Sale a 12 °C, 750 ml, 14 % vol.",
        "Las cajas de 6, 12 o 24 botellas van en 1 paquete.",
    ],
)
def test_what_is_nobodys_stays(text):
    done = stripped(text, names=["Ada Ferrer"])
    assert (done.text, done.taken) == (text, ())


@pytest.mark.parametrize(
    ("kind", "secret"),
    [
        ("order", "A-10422"),
        ("order", "#1042"),
        ("order", "F-2026/0034"),
        ("order", "2026-00123"),
        ("order", "#4815162342"),
        ("code", "ES9121000418450200051332"),
        ("code", "ES91 2100 0418 4502 0005 1332"),
        ("code", "4111 1111 1111 1111"),
        ("code", "12345678Z"),
        ("code", "X1234567L"),
        ("code", "203.0.113.7"),
        ("code", "550e8400-e29b-41d4-a716-446655440000"),
        ("phone", "+34 612 345 678"),
        ("phone", "612345678"),
        ("phone", "(06) 1234 5678"),
        ("phone", "0049 30 1234567"),
        ("email", "Ada.Ferrer+shop@mail.customers.example"),
        ("link", "https://shop.example/o/10422"),
        ("link", "https://shop.example/reset#t=abc"),
        ("link", "https://ada:pw@shop.example/"),
        ("link", "www.shop.example/x?id=1"),
        ("address", "Avda. de la Constitución 5, 41001 Sevilla"),
        ("address", "c/ Sol, 4"),
        ("address", "Via Roma 12, 00184 Roma"),
        ("address", "Avenida de América, 25, 4.º izq., 28002 Madrid"),
        ("address", "rue de la Paix 3"),
        ("address", "12 bis, rue de la Paix, 75002 Paris"),
        ("address", "Hauptstraße 12, 10115 Berlin"),
        ("address", "221 Baker Street, London, NW1 6XE"),
        ("address", "Rua Augusta 24, 1100-053 Lisboa"),
    ],
)
def test_what_reaches_somebody_goes(kind, secret):
    done = stripped(f"Lo mandamos a {secret} ayer.")
    assert done.text == f"Lo mandamos a [{MARKS['es'][kind]}] ayer."
    assert [(each.kind, each.text) for each in done.taken] == [(kind, secret)]


words = st.lists(
    st.sampled_from(["The", "parcel", "leaves", "el", "lunes", "y", "llega", "**pronto**", "-", "3", "días,", "pulsa", "[aquí](/x)", "o\n\n"]),
    max_size=12,
).map(" ".join)  # fmt: skip
names = st.from_regex(r"[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{3,9}", fullmatch=True)
digits = st.text("0123456789", min_size=9, max_size=9)
secrets = st.one_of(
    st.emails().filter(lambda text: re.fullmatch(r"[\w.+-]+@[\w.-]+", text, re.ASCII)),
    st.builds("+34 6{}".format, digits.map(lambda text: text[1:])),
    st.builds("{}-{}".format, st.sampled_from("ABX"), digits.map(lambda text: text[:6])),
    st.builds("https://shop.example/t/{}?k={}".format, digits, st.text("abcdef", min_size=1)),
    st.builds("{}{}".format, st.text("abcdefXYZ", min_size=8, max_size=20), digits),
)


@given(before=words, secret=secrets, after=words)
def test_no_secret_survives_wherever_it_stands(before, secret, after):
    text = f"{before} {secret} {after}"
    done = stripped(text)
    assert secret not in done.text
    assert any(secret in each.text or each.text in secret for each in done.taken)


@given(before=words, first=names, last=names, after=words)
def test_no_name_survives_however_it_is_written(before, first, last, after):
    assume(not re.fullmatch(GREETINGS, first, re.I))
    for shown in (
        first,
        last,
        f"{first} {last}",
        first.upper(),
        f"{last}, {first}",
        f"**{first}**",
    ):
        done = stripped(f"{before} {shown} {after}", names=[f"{first} {last}"])
        left = done.text.casefold()
        for part in (first, last):
            assert not re.search(rf"(?<!\w){re.escape(part.casefold())}(?!\w)", left)


@given(st.text(max_size=400), st.text(max_size=20))
@example("http://[0 https://a]/ //[::", "")
def test_stripping_bears_any_text_and_strips_it_for_good(text, name):
    once = stripped(text, names=[name])
    for each in once.taken:
        assert each.text
    again = stripped(once.text, names=[])
    for each in again.taken:
        assert each.kind == "greeting" or each.text not in once.text or each.left in again.text


@pytest.mark.parametrize(
    "text", ["1", "calle a ", "a-", "hola ", "+1 ", "\n", "A1", "a@", "\nSaludos", "AA11 ", "1 A "]
)
def test_no_text_keeps_it_busy(text):
    started = time.process_time()
    stripped(text * (10_000 // len(text)), names=["Ada Ferrer"])
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("María José Núñez", "MARIA JOSE, le escribe Nunez"),
        ("Jose Muller", "José und Müller"),
        ("Zoe\u0308 Łukasz", "Zoë et Lukasz"),
    ],
)
def test_a_name_is_known_without_its_accents_and_with_them(name, shown):
    done = stripped(f"Ya está, {shown}.", names=[name])
    assert not re.search("jos|mar[ií]a|n[uú][nñ]ez|m[uü]ller|zo|ukasz", done.text, re.I)
