"""What a backup is kept in: a folder, or one tar file with the same inside."""

import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from .errors import CannotMove

#: Whoever can read a backup can read every request.
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


class Parcel(Protocol):
    """Named streams of bytes; written once, then read."""

    def write(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Yield where the bytes of ``name`` go; they are in the parcel after the block."""

    def open(self, name: str) -> BinaryIO:
        """Return the bytes of ``name``; raise :exc:`FileNotFoundError` if there are none."""

    def close(self) -> None: ...


def create(path: Path, *, tar: bool) -> Parcel:
    return TarParcel(path, "w") if tar else FolderParcel(path, new=True)


def find(path: Path) -> Parcel:
    """Open what was made by :func:`create`."""
    if path.is_dir():
        return FolderParcel(path)
    if path.is_file() and tarfile.is_tarfile(path):
        return TarParcel(path, "r")
    raise CannotMove(f"{path} is not a backup: neither a folder nor a tar file.")


def is_tar(path: Path) -> bool:
    return path.suffix == ".tar"


class FolderParcel:
    """Each stream is a file."""

    def __init__(self, path: Path, *, new: bool = False) -> None:
        self._path = path
        if new:
            path.mkdir(mode=PRIVATE_FOLDER, parents=True)

    @contextmanager
    def write(self, name: str) -> Iterator[BinaryIO]:
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())

    def open(self, name: str) -> BinaryIO:
        return (self._path / name).open("rb")

    def close(self) -> None:
        pass


class TarParcel:
    """Each stream is a member; nothing is compressed twice."""

    def __init__(self, path: Path, mode: Literal["r", "w"]) -> None:
        self._path, self._written = path, mode == "w"
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR if self._written else os.O_RDONLY
        self._handle = os.fdopen(os.open(path, flags, PRIVATE_FILE), f"{mode}b")
        self._tar = tarfile.TarFile(fileobj=self._handle, mode=mode)

    @contextmanager
    def write(self, name: str) -> Iterator[BinaryIO]:
        # A member's length stands in front of it, so it is written aside first.
        with tempfile.TemporaryFile(dir=self._path.parent) as aside:
            yield aside  # type: ignore[misc]
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode = aside.tell(), int(time.time()), PRIVATE_FILE
            aside.seek(0)
            self._tar.addfile(member, aside)

    def open(self, name: str) -> BinaryIO:
        try:
            handle = self._tar.extractfile(name)
        except KeyError:
            handle = None
        if handle is None:
            raise FileNotFoundError(f"{name} is not in {self._path}.")
        return handle  # type: ignore[return-value]

    def close(self) -> None:
        self._tar.close()
        if self._written:
            self._handle.flush()
            os.fsync(self._handle.fileno())
        self._handle.close()


def settle(unfinished: Path, finished: Path) -> None:
    """Give a finished parcel its name: it is there whole, or not at all."""
    unfinished.rename(finished)
    folder = os.open(finished.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def drop(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
