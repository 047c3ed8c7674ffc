"""Account numbers as banks write them (ISO 13616): are the digits right?"""

import re

#: How long an IBAN is, by country, as the SWIFT registry has them.
LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}

BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")


def read_iban(text: str) -> str:
    """Return the number without spaces; raise :exc:`ValueError` saying what is wrong with it."""
    number = re.sub(r"[\s\u00a0-]", "", text).upper().removeprefix("IBAN")
    country = number[:2]
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", number) or country not in LENGTHS:
        raise ValueError("Begin with the country, such as ES91 2100 0418 4502 0005 1332.")
    if len(number) != LENGTHS[country]:
        raise ValueError(f"{country} has {LENGTHS[country]} characters, this has {len(number)}.")
    if remainder(number) != 1:
        raise ValueError("One of the digits is wrong: the check digits do not fit.")
    return number


def remainder(number: str) -> int:
    """Return the number modulo 97, letters counted as 10 to 35; 1 if the check digits fit."""
    moved = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97


def read_bic(text: str) -> str:
    bic = re.sub(r"\s", "", text).upper()
    if not BIC.fullmatch(bic):
        raise ValueError("8 or 11 characters, such as CAIXESBBXXX.")
    return bic


def grouped(number: str) -> str:
    """Return an IBAN as people read it, in groups of four."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
