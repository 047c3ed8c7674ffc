"""Money: whole minor units and a currency, and how people write and read them."""

import re
from decimal import Decimal
from functools import cache
from typing import Any

#: Currencies by how many decimals they have (ISO 4217); those where CLDR differs are left out, so
#: that server, browsers and banks write the same digits.
CURRENCIES: dict[str, int] = {
    code: decimals
    for decimals, codes in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
        2: "AED ARS AUD AZN BAM BDT BGN BOB BRL BYN CAD CHF CNY CRC CZK DKK DOP DZD EGP EUR FJD"
        " GBP GEL GHS GTQ HKD HNL HUF ILS INR JMD KES KZT LKR MAD MDL MKD MUR MXN MYR NAD NGN"
        " NIO NOK NZD PAB PEN PHP PLN QAR RON SAR SEK SGD THB TRY TTD TWD UAH USD UYU ZAR",
        3: "BHD JOD KWD LYD OMR TND",
    }.items()
    for code in codes.split()
}

#: What may stand between digits: blanks of every width, apostrophes, points and commas.
_GROUPING = re.compile(r"[\s\u00a0\u202f'’]")


def decimals_of(currency: str) -> int:
    return CURRENCIES[currency]


def divided(numerator: int, denominator: int) -> int:
    """Return the quotient rounded half up: to the nearest whole number, ties upwards."""
    return (2 * numerator + denominator) // (2 * denominator)


def written(amount: int, decimals: int) -> str:
    """Return an amount as plain digits with a point: 12345 of EUR is ``123.45``."""
    return str(Decimal(amount).scaleb(-decimals).quantize(Decimal(1).scaleb(-decimals)))


def plain(amount: int, decimals: int) -> str:
    """Return an amount without decimals it does not need: 2200 hundredths are ``22``."""
    text = written(amount, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(text: str, decimals: int) -> int:
    """Return what a program wrote, such as ``123.45``: a point is a point, digits are not grouped.

    Decimals beyond those of the currency may only be noughts. Raises :exc:`ValueError`.
    """
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,8})?", text):
        raise ValueError(f"{text!r} is no amount.")
    return _whole(Decimal(text).scaleb(decimals), text, decimals)


def read(text: str, decimals: int) -> int:
    """Return what ``1.234,56``, ``1,234.56`` or ``1234.5`` stand for, in units of 10^-decimals.

    Where only one mark stands in the text it separates decimals, unless it stands several times
    or so many digits follow that only a thousands mark makes sense. Raises :exc:`ValueError`.
    """
    bare = _GROUPING.sub("", text).replace("\u2212", "-")
    marks = [mark for mark in ".," if mark in bare]
    if len(marks) == 2:
        last = max(marks, key=bare.rindex)
        bare = bare.replace("," if last == "." else ".", "")
        marks = [last]
    if marks:
        mark = marks[0]
        whole, _, rest = bare.rpartition(mark)
        thousands = len(rest) == 3 and decimals < 3 and re.fullmatch(r"-?[1-9]\d{0,2}", whole)
        if mark in whole or thousands:
            if not re.fullmatch(rf"-?\d{{1,3}}(\{mark}\d{{3}})+", bare):
                raise ValueError(f"{text!r} is no number.")
            bare = bare.replace(mark, "")
        else:
            bare = f"{whole}.{rest}"
    if not re.fullmatch(r"-?(\d{1,15}(\.\d*)?|\.\d+)", bare):
        raise ValueError(f"{text!r} is no number.")
    return _whole(Decimal(bare).scaleb(decimals), text, decimals)


def _whole(value: Decimal, text: str, decimals: int) -> int:
    if value != value.to_integral_value():
        raise ValueError(f"{text!r} has more than {decimals} decimals.")
    return int(value)


def shown(amount: int, currency: str, language: str) -> str:
    """Return an amount as readers of a language write it: ``1.234,56 €``."""
    decimals = decimals_of(currency)
    value = Decimal(amount).scaleb(-decimals)
    text = _pattern(language, decimals).apply(
        value, _locale(language), currency=currency, currency_digits=False
    )
    return str(text)


def percent(rate: int, language: str) -> str:
    """Return a rate in hundredths of a percent as people write it: 2200 is ``22 %``."""
    return str(
        _locale(language)
        .percent_formats[None]
        .apply(Decimal(rate) / 10_000, _locale(language), decimal_quantization=False)
    )


def number(thousandths: int, language: str) -> str:
    """Return a quantity in thousandths: 1500 is ``1,5``."""
    value = Decimal(thousandths).scaleb(-3).normalize()
    return str(
        _locale(language)
        .decimal_formats[None]
        .apply(value, _locale(language), decimal_quantization=False)
    )


@cache
def _locale(language: str) -> Any:
    from babel import Locale  # Thirty milliseconds that a process that only answers never needs.

    return Locale.parse(language[:2].lower())


@cache
def _pattern(language: str, decimals: int) -> Any:
    from babel.numbers import parse_pattern

    pattern = parse_pattern(_locale(language).currency_formats["standard"].pattern)
    pattern.frac_prec = (decimals, decimals)
    return pattern
