"""Logos administrators upload: re-encoded, named by what is in them, served by us."""

import base64
import hashlib
import re
from io import BytesIO
from typing import Any

from ..clock import stamp
from ..database import execute, fetch, query
from ..errors import VentanillaError
from ..jobs import handler
from .look import complete
from .models import Site

#: Bytes of what is sent, pixels of what is opened, pixels of what is kept.
LARGEST, PIXELS, KEPT = 2_000_000, 20_000_000, (800, 240)

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")

#: Hours a logo nobody saved stays: long enough to finish the form and to take a change back.
WAITS_HOURS = 48

PATH = re.compile(r"/logos/[0-9a-f]+/([0-9a-f]{32})\.png$")


class UnusablePicture(VentanillaError):
    status, code = 422, "unusable_picture"
    message = "This is no picture that can be used. Send PNG, JPEG, WebP or GIF up to 2 MB."


def keep(site: Site, content: bytes) -> str:
    """Keep a logo and return its path; the same picture twice is one.

    Raises :exc:`UnusablePicture` for anything but a picture of bearable size.
    """
    if len(content) > LARGEST:
        raise UnusablePicture()
    try:
        picture = reencoded(content)
    except (OSError, ValueError, SyntaxError) as error:
        raise UnusablePicture() from error
    digest = hashlib.sha256(picture).hexdigest()[:32]
    execute(
        "INSERT INTO site_logo (site_id, digest, picture, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (site_id, digest) DO UPDATE SET created_at = excluded.created_at",
        site.id, digest, base64.b64encode(picture).decode(), stamp(),
    )  # fmt: skip
    return f"/logos/{site.key}/{digest}.png"


def picture(site_id: int, url: str | None) -> bytes | None:
    """Return the PNG an address of ours stands for; None for any other."""
    named = PATH.search(url or "")
    rows = named and query(
        "SELECT picture FROM site_logo WHERE site_id = ? AND digest = ?", site_id, named[1]
    )
    return base64.b64decode(rows[0][0]) if rows else None


def reencoded(content: bytes) -> bytes:
    """Return a picture as a small PNG, so that nothing but its pixels is kept."""
    from PIL import Image

    with Image.open(BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > PIXELS:
            raise ValueError("The logo has too many pixels.")
        image.thumbnail(KEPT)
        out = BytesIO()
        image.convert("RGBA").save(out, "PNG")
    return out.getvalue()


@handler("sites.logos", every=86_400)
def sweep() -> None:
    """Remove logos no site shows any more."""
    shown: set[Any] = set()
    for site in fetch(Site, "1 = 1"):
        named = PATH.search(complete(site.settings)["look"]["logo"] or "")
        shown.add((site.id, named[1] if named else None))
    old = stamp(seconds=-WAITS_HOURS * 3_600)
    for row in query("SELECT site_id, digest FROM site_logo WHERE created_at < ?", old):
        if tuple(row) not in shown:
            execute("DELETE FROM site_logo WHERE site_id = ? AND digest = ?", *row)
