"""What an offer comes to: computed once, here, in whole minor units.

The arithmetic is the one of EN 16931, the European standard for invoices, so that an invoice
written from an order says the same: each line's net amount is rounded (BR-DEC-23), VAT is computed
on the sum of the lines of a rate and rounded there (BR-CO-17), and the totals are plain sums
(BR-CO-10, BR-CO-14, BR-CO-15). Rounding is half up, ties towards plus infinity, as the rules'
own ``round()`` does (XPath 2.0, section 6.4.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import Invalid
from ..money import divided

#: Quantities are kept in thousandths, rates in hundredths of a percent.
QUANTITY, RATE = 1_000, 10_000

LINES, LONGEST_NOTE = 50, 4_000
LARGEST = 10**13


@dataclass(frozen=True, slots=True)
class Line:
    """``quantity`` in thousandths, ``price`` of one in minor units ex VAT, ``rate`` as 2200."""

    text: str
    quantity: int
    price: int
    rate: int

    @property
    def net(self) -> int:
        return divided(self.quantity * self.price, QUANTITY)


@dataclass(frozen=True, slots=True)
class Share:
    """What the lines of one rate come to."""

    rate: int
    net: int
    vat: int


@dataclass(frozen=True, slots=True)
class Totals:
    net: int
    vat: int
    total: int
    shares: tuple[Share, ...]


def totals(lines: Sequence[Line]) -> Totals:
    """Return what the lines come to, with the share of each rate, the highest first.

    Raises :exc:`Invalid` for what nobody can pay. A discount is a line with a negative price.
    """
    if not 1 <= len(lines) <= LINES:
        raise Invalid(fields={"lines": [f"From 1 to {LINES} lines."]})
    nets: dict[int, int] = {}
    if any(line.quantity <= 0 or not 0 <= line.rate <= RATE for line in lines):
        raise Invalid(fields={"lines": ["More than none of each, and VAT from 0 to 100 percent."]})
    if any(abs(line.net) > LARGEST for line in lines):
        raise Invalid(fields={"lines": ["A line comes to more than anybody can pay."]})
    for line in lines:
        nets[line.rate] = nets.get(line.rate, 0) + line.net
    if any(net < 0 for net in nets.values()):
        raise Invalid(fields={"lines": ["The lines of one VAT rate come to less than nothing."]})
    shares = tuple(
        Share(rate, nets[rate], divided(nets[rate] * rate, RATE))
        for rate in sorted(nets, reverse=True)
    )
    net, vat = sum(share.net for share in shares), sum(share.vat for share in shares)
    if not 0 < net + vat <= LARGEST:
        raise Invalid(fields={"lines": ["The total has to be more than nothing, and payable."]})
    return Totals(net, vat, net + vat, shares)
