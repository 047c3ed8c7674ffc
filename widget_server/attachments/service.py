"""Everything that can happen to a file. Knows nothing about HTTP."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from ..clock import stamp
from ..database import fetch, transaction
from ..errors import Invalid, NotFound, TooLarge
from ..ids import new_id
from ..jobs import enqueue, handler
from ..sites.look import FILES
from ..wire import UNUSABLE
from . import inspection
from .links import FileLinks
from .models import Attachment
from .storage import DiskStorage, Source, TooLong

#: Longest side of a preview, in pixels.
PREVIEW = 720

#: Hours a file waits for its message before it is removed.
ORPHAN_HOURS = 24

#: Files one person may have waiting at a time.
WAITING = 30


class Files:
    """What the acts below need from outside: the bytes' home, the links, the limit. Set once."""

    storage: DiskStorage
    links: FileLinks
    most: int = 26_214_400


def furnish(settings: Mapping[str, Any]) -> None:
    """Set where bytes are kept, how links are signed and how large a file may be."""
    Files.storage = home(settings)
    Files.links = FileLinks(settings["SECRET_KEY"], settings["SERVER_URL"])
    Files.most = settings["FILE_BYTES"]


def home(settings: Mapping[str, Any]) -> DiskStorage:
    """Return where the settings want files to be."""
    return DiskStorage(Path(settings["FILES_DIR"]))


def clean_name(text: str) -> str:
    """Return the last part of a path without characters that mislead or break a header."""
    name = UNUSABLE.sub("", text).replace("\\", "/").split("/")[-1]
    name = re.sub(r"[\t\n\r\u200e\u200f\u202a-\u202e\u2066-\u2069\"]", "", name).strip(". ")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 120 - len(ending)]}{dot}{ending[:20]}" if dot else name[:120] or "file"


def receive(site_id: int, owner: str, *, name: str, source: Source) -> Attachment:
    """Stream a file in, judge it, and keep it for a message to take.

    Raises :exc:`TooLarge` or one of :mod:`.inspection`'s errors; nothing is stored then.
    """
    waiting = (
        Attachment.select()
        .where(
            Attachment.site_id == site_id,
            Attachment.owner == owner,
            Attachment.ticket_id.is_null(),
        )
        .limit(WAITING)
        .count()
    )
    if waiting >= WAITING:
        raise Invalid("Too many files are waiting. Send or remove some first.")
    file_id, name = new_id(), clean_name(name)
    try:
        with Files.storage.receive(source, file_id=file_id, most=Files.most) as received:
            kind = inspection.inspect(received.path, name, received.size)
            Files.storage.keep(received, file_id)
            with transaction():
                attachment = Attachment.create(
                    site_id=site_id,
                    id=file_id,
                    owner=owner,
                    name=name,
                    kind=kind.group,
                    type=kind.type,
                    size=received.size,
                    sha256=received.sha256,
                    created_at=stamp(),
                )
                if kind.group == "image":
                    enqueue("attachments.preview", site_id=site_id, file_id=file_id)
    except TooLong as error:
        megabytes = Files.most / (1 << 20)
        raise TooLarge(f"Files may have up to {megabytes:.3g} MB.") from error
    return attachment


def discard(site_id: int, owner: str, file_id: str) -> None:
    """Remove a file that no message has taken yet."""
    gone = (
        Attachment.delete()
        .where(
            Attachment.site_id == site_id,
            Attachment.id == file_id,
            Attachment.owner == owner,
            Attachment.ticket_id.is_null(),
        )
        .execute()
    )
    if not gone:
        raise NotFound("No such file.")
    Files.storage.remove(file_id)


def take(
    site_id: int,
    owner: str,
    ids: list[str],
    *,
    ticket_id: str,
    message_id: str,
    most: int = FILES,
) -> None:
    """Give the owner's waiting files to a message, in the message's transaction.

    Raises :exc:`Invalid` when there are too many, or one is gone, taken or someone else's.
    """
    if not ids:
        return
    if len(ids) > most or len(set(ids)) != len(ids):
        raise Invalid(
            f"At most {most} files per message.", fields={"attachments": [f"At most {most}."]}
        )
    taken = (
        Attachment.update(ticket_id=ticket_id, message_id=message_id)
        .where(
            Attachment.site_id == site_id,
            Attachment.owner == owner,
            Attachment.id.in_(ids),
            Attachment.ticket_id.is_null(),
        )
        .execute()
    )
    if taken != len(ids):
        raise Invalid(
            "A file is no longer there. Attach it again.",
            fields={"attachments": ["A file is no longer there. Attach it again."]},
        )


def of_ticket(site_id: int, ticket_id: str) -> list[Attachment]:
    """Return the ticket's files in the order they were sent."""
    return fetch(Attachment, "site_id = ? AND ticket_id = ? ORDER BY id", site_id, ticket_id)


def find(site_id: int, file_id: str) -> Attachment:
    row = Attachment.get_or_none(Attachment.site_id == site_id, Attachment.id == file_id)
    if row is None:
        raise NotFound("This file is gone.")
    return row


def view(attachment: Attachment) -> dict[str, Any]:
    return Files.links.view(attachment)


@handler("attachments.preview")
def make_preview(site_id: int, file_id: str) -> None:
    """Re-encode an image small: what people see is never the uploaded bytes."""
    if (
        not Attachment.select()
        .where(Attachment.site_id == site_id, Attachment.id == file_id)
        .exists()
    ):
        return
    path = Files.storage.path(file_id, preview=True)
    with Image.open(Files.storage.path(file_id)) as image:
        picture = ImageOps.exif_transpose(image)
        picture.thumbnail((PREVIEW, PREVIEW))
        mode = "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"
        unfinished = path.with_suffix(".part")
        picture.convert(mode).save(unfinished, "WEBP", quality=78, method=4)
    unfinished.replace(path)
    Attachment.update(preview_at=stamp()).where(
        Attachment.site_id == site_id, Attachment.id == file_id
    ).execute()


@handler("attachments.sweep", every=3_600)
def sweep() -> None:
    """Remove files no message took within a day, rows and bytes."""
    old = Attachment.select().where(
        Attachment.ticket_id.is_null(),
        Attachment.created_at < stamp(seconds=-ORPHAN_HOURS * 3_600),
    )
    for attachment in list(old.limit(1_000)):
        discard(attachment.site_id, attachment.owner, attachment.id)
