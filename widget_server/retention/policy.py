"""How long a site keeps things, as its administrators chose."""

from typing import NamedTuple

from ..clock import stamp
from ..errors import Invalid
from ..sites import service as sites
from ..sites.look import complete
from ..sites.models import Site

DAY = 86_400

#: Days and years somebody may choose.
LONGEST_DAYS, LONGEST_YEARS = 3_650, 30


class Policy(NamedTuple):
    """``tickets_days`` and ``files_days`` count from closing, None is for good.

    ``begins_at``: nothing goes before.
    """

    tickets_days: int | None = None
    files_days: int | None = None
    orders_years: int = 10
    begins_at: str | None = None

    @property
    def on(self) -> bool:
        return self.tickets_days is not None or self.files_days is not None


def policy(site: Site) -> Policy:
    return Policy(**complete(site.settings)["retention"])


def read(tickets_days: str, files_days: str, orders_years: str) -> Policy:
    """Return what was typed; an empty number of days keeps. :exc:`Invalid` names the field."""
    faults: dict[str, list[str]] = {}

    def number(name: str, text: str, most: int) -> int | None:
        text = text.strip()
        usable = text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) <= most
        if not usable:
            faults[name] = [f"A whole number from 1 to {most}."]
        return int(text) if usable else None

    days = {
        name: number(name, text, LONGEST_DAYS) if text.strip() else None
        for name, text in (("tickets_days", tickets_days), ("files_days", files_days))
    }
    years = number("orders_years", orders_years, LONGEST_YEARS)
    if faults or years is None:
        raise Invalid(fields=faults)
    return Policy(days["tickets_days"], days["files_days"], years)


def set_policy(site: Site, wished: Policy) -> None:
    """Change how long a site keeps things; nothing goes within a day of a change."""
    was = policy(site)
    if wished[:3] == was[:3]:
        return
    begins = stamp(seconds=DAY) if wished.on else None
    chosen = wished._replace(begins_at=begins)._asdict()
    sites.update_site(site, settings=site.settings | {"retention": chosen})
