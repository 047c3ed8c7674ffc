"""A bank transfer: whom to, under which words, and a code that banking programs read."""

from collections.abc import Mapping
from typing import Any

from ..money import written
from .iban import grouped
from .ways import Due

#: What EPC069-12 can say: euros, and no more of them than this many cents.
CENTS = 99_999_999_999

#: Characters of the payee's name and of the words; bytes of all of it, which fill version 13.
NAME, WORDS, BYTES = 70, 140, 331


def details(settings: Mapping[str, Any], due: Due) -> dict[str, Any]:
    """Return what the payer has to write, and the same as a QR code where there is one for it."""
    words = reference(settings, due.reference)
    return {
        "holder": settings["holder"],
        "iban": grouped(settings["iban"]),
        "bic": settings.get("bic") or None,
        "bank": settings.get("bank") or None,
        "reference": words,
        "amount": due.amount,
        "currency": due.currency,
        "note": settings.get("note") or None,
        "qr": _code(settings, due, words),
    }


def reference(settings: Mapping[str, Any], number: str) -> str:
    """Return the words by which a transfer is recognised: the number, whatever stands before it."""
    before = (settings.get("prefix") or "")[: WORDS - len(number) - 1]
    return f"{before} {number}".strip()


def epc(settings: Mapping[str, Any], cents: int, words: str) -> str:
    """Return the text of the code (EPC069-12, version 002): the BIC may be left out."""
    lines = (
        "BCD", "002", "1", "SCT", settings.get("bic") or "", settings["holder"][:NAME],
        settings["iban"], f"EUR{written(cents, 2)}", "", "", words,
    )  # fmt: skip
    return "\n".join(lines)


def qr(text: str) -> dict[str, Any]:
    """Return a QR code as the path of an SVG and the side of its square, margin included."""
    import segno  # Few processes ever draw one.

    # The guideline asks for level M and at most version 13.
    code = segno.make_qr(text, error="m", boost_error=False, encoding="utf-8", eci=False)
    path: list[str] = []
    rows = [bytes(row) for row in code.matrix_iter(scale=1, border=4)]
    for y, row in enumerate(rows):
        x = 0
        while (start := row.find(1, x)) >= 0:
            end = row.find(0, start)
            path.append(f"M{start} {y}h{end - start}v1h{start - end}z")
            x = end
    return {"size": len(rows), "path": "".join(path)}


def _code(settings: Mapping[str, Any], due: Due, words: str) -> dict[str, Any] | None:
    """Return the code, if what it has to say can be said in one."""
    if due.currency != "EUR" or due.amount > CENTS:
        return None
    text = epc(settings, due.amount, words)
    return qr(text) if len(text.encode()) <= BYTES else None
