"""Where bytes are kept: files on disk, fanned out by the end of their id."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

CHUNK = 65_536


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class TooLong(Exception):
    """More bytes came than allowed."""


class Received:
    """Bytes on disk that nothing refers to yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.sha256 = ""


class DiskStorage:
    """Keeps each file under ``folder/xx/ID`` and its preview beside it as ``ID.webp``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.incoming = folder / "incoming"

    @contextmanager
    def receive(self, source: Source, *, file_id: str, most: int) -> Iterator[Received]:
        """Stream ``source`` to disk and yield it for inspection; removed unless kept.

        Raises :exc:`TooLong` after ``most`` bytes.
        """
        self.incoming.mkdir(parents=True, exist_ok=True)
        received = Received(self.incoming / file_id)
        digest = hashlib.sha256()
        try:
            with received.path.open("wb") as handle:
                while chunk := source.read(CHUNK):
                    received.size += len(chunk)
                    if received.size > most:
                        raise TooLong
                    digest.update(chunk)
                    handle.write(chunk)
                handle.flush()
                os.fsync(handle.fileno())
            received.sha256 = digest.hexdigest()
            yield received
        finally:
            received.path.unlink(missing_ok=True)

    def keep(self, received: Received, file_id: str) -> None:
        path = self.path(file_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        received.path.replace(path)

    def keep_preview(self, picture: Path, file_id: str) -> None:
        """Keep a picture made of the file; the one at ``picture`` is used up."""
        path = self.path(file_id, preview=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.replace(path)

    def path(self, file_id: str, *, preview: bool = False) -> Path:
        return self.folder / file_id[-2:] / (f"{file_id}.webp" if preview else file_id)

    def open(self, file_id: str, *, preview: bool = False) -> BinaryIO:
        return self.path(file_id, preview=preview).open("rb")

    def remove(self, file_id: str) -> None:
        for preview in (False, True):
            self.path(file_id, preview=preview).unlink(missing_ok=True)
