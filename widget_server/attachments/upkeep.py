"""What the worker does for files: previews, and what nobody refers to any more."""

import re
from collections.abc import Callable, Iterable

from ..clock import stamp
from ..database import query
from ..ids import new_id
from ..jobs import handler
from .models import Attachment
from .service import Files, discard

#: Longest side of a preview, in pixels.
PREVIEW = 720

#: Hours a file waits for its message, and bytes for their row, before they are removed.
ORPHAN_HOURS = 24

#: Ids looked up at a time.
BATCH = 500

#: A kept name without its first word: ids of ours, as :func:`~..ids.new_id` makes them.
NAME = re.compile(r"(|[a-z]+-)[\w-]{24}")

Known = Callable[[list[str]], Iterable[str]]
_known: dict[str, Known] = {}


def keeps(prefix: str) -> Callable[[Known], Known]:
    """Ask the function which of the ids that begin with ``prefix`` some row still names."""

    def register(known: Known) -> Known:
        _known[prefix] = known
        return known

    return register


@keeps("")
def attached(ids: list[str]) -> Iterable[str]:
    marks = ", ".join("?" * len(ids))
    return (row[0] for row in query(f"SELECT id FROM attachment WHERE id IN ({marks})", *ids))


@handler("attachments.preview")
def make_preview(site_id: int, file_id: str) -> None:
    """Re-encode an image small: what people see is never the uploaded bytes."""
    from PIL import Image, ImageOps  # Only whoever is sent a picture needs it.

    if (
        not Attachment.select()
        .where(Attachment.site_id == site_id, Attachment.id == file_id)
        .exists()
    ):
        return
    with Files.storage.at_hand(file_id) as path, Image.open(path) as image:
        picture = ImageOps.exif_transpose(image)
        if picture.mode.startswith("I;16"):
            # Pillow makes no smaller one of it, and takes anything above 255 for white.
            picture = picture.point(lambda shade: shade / 256).convert("L")
        picture.thumbnail((PREVIEW, PREVIEW))
        mode = "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"
        unfinished = Files.storage.spare(f"{file_id}.{new_id()}.webp")
        picture.convert(mode).save(unfinished, "WEBP", quality=78, method=4)
    Files.storage.keep_preview(unfinished, file_id)
    Attachment.update(preview_at=stamp()).where(
        Attachment.site_id == site_id, Attachment.id == file_id
    ).execute()


@handler("attachments.remove")
def remove(ids: list[str]) -> None:
    for file_id in ids:
        Files.storage.remove(file_id)


@handler("attachments.sweep", every=3_600)
def sweep() -> None:
    """Remove files no message took within a day, rows and bytes."""
    old = Attachment.select().where(
        Attachment.ticket_id.is_null(),
        Attachment.created_at < stamp(seconds=-ORPHAN_HOURS * 3_600),
    )
    for attachment in list(old.limit(1_000)):
        discard(attachment.site_id, attachment.owner, attachment.id)


@handler("attachments.orphans", every=86_400)
def remove_orphans() -> None:
    """Remove bytes no row names: what came in, or was to go, when a process died."""
    long = ORPHAN_HOURS * 3_600
    Files.storage.tidy(long)
    batch: list[str] = []
    for file_id in Files.storage.older(long):
        if NAME.fullmatch(file_id):
            batch.append(file_id)
        if len(batch) == BATCH:
            _remove_unknown(batch)
            batch = []
    _remove_unknown(batch)


def _remove_unknown(ids: list[str]) -> None:
    """A name that nobody answers for is left alone."""
    for prefix, known in _known.items():
        mine = [each for each in ids if each[:-24] == prefix]
        for unknown in set(mine) - set(known(mine) if mine else ()):
            Files.storage.remove(unknown)
