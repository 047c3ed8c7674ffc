"""Everything that can happen to a file. Knows nothing about HTTP."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..clock import stamp
from ..database import ask_for, transaction
from ..errors import Invalid, NotFound, TooLarge, Unavailable
from ..ids import new_id
from ..jobs import enqueue
from ..sites.look import FILES
from . import inspection
from .links import FileLinks
from .models import Attachment
from .names import clean_name
from .storage import DiskStorage, Source, Storage, TooLong

#: Files one person may have waiting at a time.
WAITING = 30


class Files:
    """What the acts below need from outside: the bytes' home, the links, the limit. Set once."""

    storage: Storage
    links: FileLinks
    most: int = 26_214_400


def furnish(settings: Mapping[str, Any]) -> None:
    """Set where bytes are kept, how links are signed and how large a file may be."""
    Files.storage = home(settings)
    Files.links = FileLinks(settings["SECRET_KEY"], settings["SERVER_URL"])
    Files.most = settings["FILE_BYTES"]


def home(settings: Mapping[str, Any]) -> Storage:
    """Return where the settings want files to be; boto3 is loaded only for a bucket."""
    if not settings["FILES_URL"]:
        return DiskStorage(Path(settings["FILES_DIR"]))
    from .bucket import BucketStorage

    return BucketStorage(settings)


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
    remove(file_id)


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
    return ask_of_ticket(site_id, ticket_id)()


def ask_of_ticket(site_id: int, ticket_id: str) -> Callable[[], list[Attachment]]:
    """Do what :func:`of_ticket` does, in two steps; see :func:`~..database.together`."""
    return ask_for(Attachment, "site_id = ? AND ticket_id = ? ORDER BY id", site_id, ticket_id)


def find(site_id: int, file_id: str) -> Attachment:
    row = Attachment.get_or_none(Attachment.site_id == site_id, Attachment.id == file_id)
    if row is None:
        raise NotFound("This file is gone.")
    return row


def remove(file_id: str) -> None:
    """Remove bytes whose row is gone; if they cannot be reached now, later."""
    try:
        Files.storage.remove(file_id)
    except Unavailable:
        remove_later([file_id])


def remove_later(ids: list[str]) -> None:
    """Remove the bytes of files whose rows go in the caller's transaction, once it is on disk."""
    if ids:
        enqueue("attachments.remove", ids=ids)


def view(attachment: Attachment) -> dict[str, Any]:
    return Files.links.view(attachment)
