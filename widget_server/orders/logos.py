"""The site's logo as documents carry it: fetched once by a job, kept small and safe."""

import base64
from typing import Any

from ..clock import stamp
from ..database import execute, query
from ..jobs import Patience, enqueue, handler
from ..sites import logos as ours
from ..sites.look import complete
from ..sites.service import site_of

#: Seconds a server has to begin answering, and between two of its bytes.
DEADLINE = (5, 10)


def order(site_id: int, settings: dict[str, Any]) -> None:
    """Have the logo fetched if it is not the one that is kept; in the caller's transaction."""
    url = settings["look"]["logo"]
    if (
        url
        and not ours.PATH.search(url)
        and not query("SELECT 1 FROM logo WHERE site_id = ? AND url = ?", site_id, url)
    ):
        enqueue("orders.logo", unique_key=f"logo:{site_id}", site_id=site_id)


def picture(site_id: int, url: str | None) -> bytes | None:
    """Return the logo as PNG, if it was uploaded or fetched."""
    if ours.PATH.search(url or ""):
        return ours.picture(site_id, url)
    rows = query("SELECT picture FROM logo WHERE site_id = ? AND url = ?", site_id, url or "")
    return base64.b64decode(rows[0][0]) if rows else None


@handler("orders.logo", patience=Patience(attempts=5))
def fetch_logo(site_id: int) -> None:
    url = complete(site_of(site_id).settings)["look"]["logo"]
    if not url or not url.startswith(("https://", "http://")):
        return
    text = base64.b64encode(ours.reencoded(_fetched(url))).decode()
    execute(
        "INSERT INTO logo (site_id, url, picture, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (site_id) DO UPDATE SET url = excluded.url, picture = excluded.picture,"
        " at = excluded.at",
        site_id, url, text, stamp(),
    )  # fmt: skip


def _fetched(url: str) -> bytes:
    import requests  # Only whoever fetches needs it.

    with requests.get(url, timeout=DEADLINE, stream=True) as answer:
        answer.raise_for_status()
        content = answer.raw.read(ours.LARGEST + 1, decode_content=True)
    if len(content) > ours.LARGEST:
        raise ValueError(f"The logo is larger than {ours.LARGEST} bytes.")
    return bytes(content)
