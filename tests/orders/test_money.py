"""What an offer comes to, against exact arithmetic; how amounts are written and read."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_server import money
from widget_server.errors import Invalid
from widget_server.orders.pricing import Line, totals

lines = st.lists(
    st.builds(
        Line,
        text=st.just("x"),
        quantity=st.integers(1, 100_000),
        price=st.integers(0, 10_000_000),
        rate=st.sampled_from([0, 210, 400, 550, 1_000, 2_100, 2_200, 2_550]),
    ),
    min_size=1,
    max_size=12,
)


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


@given(lines)
def test_totals_are_those_of_exact_arithmetic(lines):
    nets: dict[int, int] = {}
    for line in lines:
        net = half_up(Fraction(line.quantity, 1_000) * line.price)
        nets[line.rate] = nets.get(line.rate, 0) + net
    vat = {rate: half_up(net * Fraction(rate, 10_000)) for rate, net in nets.items()}
    if not sum(nets.values()):
        with pytest.raises(Invalid):
            totals(lines)
        return
    found = totals(lines)
    assert (found.net, found.vat) == (sum(nets.values()), sum(vat.values()))
    assert found.total == found.net + found.vat
    assert {share.rate: (share.net, share.vat) for share in found.shares} == {
        rate: (nets[rate], vat[rate]) for rate in nets
    }


@given(lines, st.randoms())
def test_the_order_of_lines_changes_nothing(lines, random):
    if not sum(line.net for line in lines):
        return
    shuffled = lines.copy()
    random.shuffle(shuffled)
    assert totals(shuffled) == totals(lines)


def test_vat_is_rounded_per_rate_and_not_per_line():
    three = [Line("x", 1_000, 3, 2_100)] * 3  # 0.0063 each: nothing by line, 0.0189 together.
    assert totals(three).vat == 2


def test_a_tie_goes_up():
    assert totals([Line("x", 500, 5, 0)]).net == 3
    assert totals([Line("x", 1_000, 50, 1_100)]).vat == 6


def test_a_discount_is_a_negative_line():
    lines = [Line("work", 1_000, 10_000, 2_200), Line("discount", 1_000, -1_000, 2_200)]
    assert totals(lines).total == 9_000 + 1_980


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [Line("x", 1_000, 100, 0)] * 51,
        [Line("free", 1_000, 0, 2_200)],
        [Line("a", 1_000, 500, 2_200), Line("b", 1_000, -100, 1_000)],
        [Line("x", 1_000_000, 10**12, 0)],
        [Line("x", 1_000, 100, 0), Line("less than none", -500, 100, 0)],
        [Line("x", 1_000, 100, 10_001)],
        [Line("x", 10**9, 10**12, 0), Line("back", 10**9, -(10**12), 0), Line("y", 1_000, 1, 0)],
    ],
    ids=[
        "none",
        "too many",
        "for nothing",
        "a rate below nothing",
        "more than money",
        "less than none of it",
        "more VAT than money",
        "a line beyond what browsers count",
    ],
)
def test_what_nobody_can_pay_is_refused(lines):
    with pytest.raises(Invalid):
        totals(lines)


@given(st.integers(-(10**13), 10**13), st.sampled_from([0, 2, 3]))
def test_what_is_written_is_read_again(amount, decimals):
    text = money.written(amount, decimals)
    assert money.read(text, decimals) == amount


@given(
    st.integers(0, 10**12),
    st.sampled_from(["EUR", "JPY", "KWD", "USD"]),
    st.sampled_from(["es", "en", "it", "fr", "de", "pt"]),
)
def test_every_language_shows_all_digits(amount, currency, language):
    shown = money.shown(amount, currency, language)
    digits = "".join(filter(str.isdigit, shown))
    decimals = money.decimals_of(currency)
    assert digits == str(amount).zfill(decimals + 1)


@pytest.mark.parametrize(
    ("text", "decimals", "amount"),
    [
        ("1.234,56", 2, 123_456), ("1,234.56", 2, 123_456), ("1234.5", 2, 123_450),
        ("1.234", 2, 123_400), ("1,5", 3, 1_500), ("1.234", 3, 1_234), ("1 234 567", 0, 1_234_567),
        ("12", 2, 1_200), ("-3,10", 2, -310), ("1'234.50", 2, 123_450), (".5", 2, 50),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text, decimals, amount):
    assert money.read(text, decimals) == amount


@pytest.mark.parametrize(
    "text", ["", "a", "1.2.3", "1,2,3", "12.345,678", "1e5", "--1", "∞", "1.5 €"]
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match=r"number|decimals"):
        money.read(text, 2)


@pytest.mark.parametrize(
    ("text", "decimals", "amount"),
    [("1.000", 2, 100), ("1.000", 3, 1_000), ("1000", 0, 1_000), ("1000.000", 0, 1_000), ("-0.50", 2, -50)],
)  # fmt: skip
def test_what_a_program_wrote_is_read_as_programs_write(text, decimals, amount):
    assert money.exact(text, decimals) == amount


@pytest.mark.parametrize("text", ["1,000", "1.001", "1e3", "", ".5", "٣", "NaN", " 1", "1.000.000"])
def test_what_no_program_writes_is_no_amount(text):
    with pytest.raises(ValueError, match=r"amount|decimals"):
        money.exact(text, 2)


def test_currencies_have_the_digits_browsers_give_them():
    from babel.numbers import get_currency_precision

    assert {code: get_currency_precision(code) for code in money.CURRENCIES} == money.CURRENCIES
