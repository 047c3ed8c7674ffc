"""Lines that agents put into quotes again and again, kept per site."""

from ..database import execute, fetch, insert
from ..errors import Invalid
from ..ids import new_id
from .models import SavedItem
from .pricing import Line

#: A site's saved items at most.
MOST = 200


def of_site(site_id: int) -> list[SavedItem]:
    return fetch(SavedItem, "site_id = ? ORDER BY id", site_id)


def save(site_id: int, line: Line, currency: str) -> str:
    """Keep a line for later and return its id. Raises :exc:`Invalid` when there are too many."""
    if len(of_site(site_id)) >= MOST:
        raise Invalid(fields={"text": [f"At most {MOST} saved items."]})
    item_id = new_id()
    insert(
        SavedItem,
        site_id=site_id,
        id=item_id,
        text=line.text,
        quantity=line.quantity,
        price=line.price,
        currency=currency,
        rate=line.rate,
    )
    return item_id


def remove(site_id: int, item_id: str) -> None:
    execute("DELETE FROM saved_item WHERE site_id = ? AND id = ?", site_id, item_id)
