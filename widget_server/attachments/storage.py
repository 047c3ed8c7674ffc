"""Where bytes are kept: what any home of them can do, and the one on disk.

A home keeps a file and, once the worker made one, its preview. What comes in lies on this machine's
disk first, since it is judged by its bytes before anything refers to it.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
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


class Storage(Protocol):
    """A home of files: :class:`DiskStorage` or :class:`~.bucket.BucketStorage`."""

    def spare(self, name: str) -> Path:
        """Return where something unfinished may lie; :meth:`tidy` finds it when forgotten."""

    def receive(
        self, source: Source, *, file_id: str, most: int
    ) -> AbstractContextManager[Received]:
        """Stream ``source`` in and yield it for inspection; gone after the block unless kept."""

    def keep(self, received: Received, file_id: str) -> None:
        """Keep what came in, whole or not at all."""

    def keep_preview(self, picture: Path, file_id: str) -> None:
        """Keep a picture made of the file; the one at ``picture`` is used up."""

    def open(self, file_id: str, *, preview: bool = False) -> BinaryIO:
        """Return the bytes, to read from any place, or raise :exc:`FileNotFoundError`."""

    def at_hand(self, file_id: str) -> AbstractContextManager[Path]:
        """Yield a path on this machine with the file's bytes."""

    def address(self, file_id: str, name: str) -> str | None:
        """Return a short-lived address where a browser may fetch the file; ``None``: from us."""

    def remove(self, file_id: str) -> None:
        """Remove a file and its preview; one that is not there is no error."""

    def older(self, seconds: float) -> Iterator[str]:
        """Yield the id of everything kept for longer than so many seconds."""

    def tidy(self, seconds: float) -> None:
        """Remove what was on its way in when its process died, so many seconds ago or more."""


#: What may be done with a folder of files: nothing by anybody else on the machine.
OURS = 0o750


class Anteroom:
    """The folder where files lie while they come in."""

    def __init__(self, folder: Path) -> None:
        self.incoming = folder / "incoming"

    def spare(self, name: str) -> Path:
        self.incoming.parent.mkdir(mode=OURS, parents=True, exist_ok=True)
        self.incoming.mkdir(exist_ok=True)
        return self.incoming / name

    @contextmanager
    def receive(self, source: Source, *, file_id: str, most: int) -> Iterator[Received]:
        """Stream ``source`` to disk and yield it for inspection; removed unless kept.

        Raises :exc:`TooLong` after ``most`` bytes.
        """
        received = Received(self.spare(file_id))
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

    def tidy(self, seconds: float) -> None:
        for path in self.incoming.glob("*"):
            if _age(path) > seconds:
                path.unlink(missing_ok=True)


class DiskStorage(Anteroom):
    """Keeps each file under ``folder/xx/ID`` and its preview beside it as ``ID.webp``."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def keep(self, received: Received, file_id: str) -> None:
        self._move(received.path, self.path(file_id))

    def keep_preview(self, picture: Path, file_id: str) -> None:
        self._move(picture, self.path(file_id, preview=True))

    def path(self, file_id: str, *, preview: bool = False) -> Path:
        return self.folder / file_id[-2:] / (f"{file_id}.webp" if preview else file_id)

    def open(self, file_id: str, *, preview: bool = False) -> BinaryIO:
        return self.path(file_id, preview=preview).open("rb")

    @contextmanager
    def at_hand(self, file_id: str) -> Iterator[Path]:
        yield self.path(file_id)

    def address(self, file_id: str, name: str) -> str | None:
        return None

    def remove(self, file_id: str) -> None:
        for preview in (False, True):
            self.path(file_id, preview=preview).unlink(missing_ok=True)

    def older(self, seconds: float) -> Iterator[str]:
        for path in self.folder.glob("??/*"):
            if _age(path) > seconds:
                yield path.name.removesuffix(".webp")

    @staticmethod
    def _move(source: Path, target: Path) -> None:
        """A 2xx is on disk, and so is the name under which the bytes are found."""
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0
