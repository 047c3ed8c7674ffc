"""Bank transfers: a right account, words that are found again, a code banks read."""

import io

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from widget_server.database import query
from widget_server.errors import Invalid
from widget_server.payments import accounts
from widget_server.payments.iban import LENGTHS, grouped, read_iban, remainder
from widget_server.payments.transfers import details, epc, qr
from widget_server.payments.ways import Due

from .conftest import IBAN

#: The examples of the SWIFT registry.
EXAMPLES = [
    "AD1200012030200359100100",
    "AT611904300234573201",
    "BE68539007547034",
    "BG80BNBG96611020345678",
    "CH9300762011623852957",
    "CR05015202001026284066",
    "CZ6508000000192000145399",
    "DE89370400440532013000",
    "DK5000400440116243",
    "EE382200221020145685",
    "ES9121000418450200051332",
    "FI2112345600000785",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "GR1601101250000000012300695",
    "HR1210010051863000160",
    "HU42117730161111101800000000",
    "IE29AIBK93115212345678",
    "IT60X0542811101000000123456",
    "LC55HEMM000100010012001200023015",
    "LT121000011101001000",
    "LU280019400644750000",
    "LV80BANK0000435195001",
    "MT84MALT011000012345MTLCAST001S",
    "NL91ABNA0417164300",
    "NO9386011117947",
    "PL61109010140000071219812874",
    "PT50000201231234567890154",
    "RO49AAAA1B31007593840000",
    "SE4550000000058398257466",
    "SI56263300012039086",
    "SK3112000000198742637541",
]


@pytest.mark.parametrize("number", EXAMPLES, ids=lambda number: number[:2])
def test_the_registrys_examples_are_right(number):
    assert read_iban(f"IBAN {grouped(number).lower()}") == number


@given(st.sampled_from(EXAMPLES), st.data())
def test_one_wrong_character_is_noticed(number, data):
    place = data.draw(st.integers(2, len(number) - 1))
    alphabet = "0123456789" if place < 4 else "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    other = data.draw(st.sampled_from(alphabet.replace(number[place], "")))
    wrong = number[:place] + other + number[place + 1 :]
    if remainder(wrong) == 1 and other.isalpha() != number[place].isalpha():
        return  # A letter is two digits: modulo 97 promises nothing for those.
    with pytest.raises(ValueError, match="wrong|Begin"):
        read_iban(wrong)


@given(st.sampled_from(EXAMPLES), st.integers(4, 12))
def test_two_neighbours_swapped_are_noticed(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped == number or not number[place : place + 2].isdecimal():
        return
    with pytest.raises(ValueError, match="wrong"):
        read_iban(swapped)


@pytest.mark.parametrize(
    "text", ["", "ES", "ES912100041845020005133", "ZZ9121000418450200051332", "ñ"]
)
def test_what_is_no_account_is_said(text):
    with pytest.raises(ValueError, match=r"Begin|characters"):
        read_iban(text)


def test_every_country_has_one_length():
    assert len(LENGTHS) >= 80
    assert all(15 <= length <= 33 for length in LENGTHS.values())


def test_a_wrong_account_cannot_be_saved(site):
    with pytest.raises(Invalid) as caught:
        accounts.set_up(
            site.id,
            "transfer",
            on=True,
            secrets={},
            settings={"holder": "Acme", "iban": IBAN[:-1] + "3"},
        )
    assert list(caught.value.details["fields"]) == ["iban"]


def test_the_details_are_whole_and_found_again(order, begin, by_transfer):
    details = begin("transfer").json["transfer"]
    assert details["iban"] == "ES91 2100 0418 4502 0005 1332"
    assert details["reference"] == order().number
    assert (details["amount"], details["currency"]) == (order().total, "EUR")
    assert query("SELECT count(*) FROM checkout") == [(0,)]


def test_the_number_stands_behind_however_many_words(order, begin, by_transfer, site):
    settings = {"holder": "Acme S.L.", "iban": IBAN, "prefix": "Please write " * 20}
    accounts.set_up(site.id, "transfer", on=True, secrets={}, settings=settings)
    words = begin("transfer").json["transfer"]["reference"]
    assert words.endswith(f" {order().number}")
    assert len(words) <= 140


def test_a_bank_reads_the_code(order, begin, by_transfer):
    code = begin("transfer").json["transfer"]["qr"]
    text = read(code)
    assert text.split("\n") == [
        "BCD", "002", "1", "SCT", "", "Acme S.L.", IBAN, "EUR1728.09", "", "", order().number,
    ]  # fmt: skip


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=70),
    st.integers(1, 99_999_999_999),
)
def test_any_name_and_amount_fit_a_code_of_the_guideline(name, cents):
    text = epc({"holder": name, "iban": IBAN}, cents, "2026-0001")
    if len(text.encode()) > 331:
        return
    code = qr(text)
    assert (code["size"] - 8 - 17) // 4 <= 13
    assert segno.make_qr(text, error="m", boost_error=False, encoding="utf-8").error == "M"


def test_what_does_not_fit_a_code_has_none(site):
    """Version 13 holds 331 bytes; letters of other alphabets take two or three each."""
    due = Due(site.id, "o", 100, "EUR", "2026-0001", "t", None, "es")
    settings = {"holder": "株" * 70, "iban": IBAN, "prefix": "Счёт " * 20}
    assert details(settings, due)["qr"] is None
    assert read(details(settings | {"prefix": "Ref."}, due)["qr"]).endswith("Ref. 2026-0001")


def test_dollars_have_no_code(by_transfer, site):
    due = Due(site.id, "o", 100, "USD", "2026-0001", "t", None, "en")
    assert details({"holder": "Acme", "iban": IBAN}, due)["qr"] is None


def read(code):
    """Draw the path as a browser does and read the picture."""
    side, scale = code["size"], 6
    picture = Image.new("L", (side * scale, side * scale), 255)
    draw = ImageDraw.Draw(picture)
    for run in code["path"].split("z")[:-1]:
        corner, rest = run.removeprefix("M").split("h", 1)
        x, y = map(int, corner.split())
        width = int(rest.split("v")[0])
        draw.rectangle([x * scale, y * scale, (x + width) * scale - 1, (y + 1) * scale - 1], fill=0)
    raw = io.BytesIO()
    picture.save(raw, "png")
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text
