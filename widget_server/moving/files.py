"""The files that rows speak of: which there are, and taking them from one home to another."""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from ..attachments.storage import CHUNK, Storage
from ..mail.receiving import raw_id
from .stores import Store


class Piece(NamedTuple):
    """One file as a row has it; ``sha256`` where the row knows it."""

    file_id: str
    preview: bool
    sha256: str | None

    @property
    def name(self) -> str:
        return f"{self.file_id}.webp" if self.preview else self.file_id


class Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle, self._digest = handle, hashlib.sha256()
        self.size = 0

    def read(self, size: int = CHUNK, /) -> bytes:
        data = self._handle.read(size)
        self._digest.update(data)
        self.size += len(data)
        return data

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def pieces(store: Store) -> Iterator[Piece]:
    """Yield every file that a row of the database speaks of."""
    for file_id, sha256, preview_at in store.run(
        "SELECT id, sha256, preview_at FROM attachment ORDER BY id"
    ):
        yield Piece(file_id, False, sha256)
        if preview_at is not None:
            yield Piece(file_id, True, None)
    for (mail_id,) in store.run("SELECT id FROM incoming WHERE raw_at IS NOT NULL ORDER BY id"):
        yield Piece(raw_id(mail_id), False, None)


def still_wanted(store: Store, piece: Piece) -> bool:
    """Does a row speak of the file now? One that was erased meanwhile is not missing."""
    return bool(
        store.run("SELECT 1 FROM attachment WHERE id = ?", piece.file_id)
        or store.run(
            "SELECT 1 FROM incoming WHERE id = ? AND raw_at IS NOT NULL",
            piece.file_id.removeprefix(raw_id("")),
        )
    )


def put(storage: Storage, piece: Piece, source: BinaryIO) -> str:
    """Keep a file's bytes under its name; return their hash."""
    # One that came in is judged by size; this one was judged when it came.
    with storage.receive(source, file_id=piece.name, most=1 << 62) as received:
        if piece.preview:
            storage.keep_preview(received.path, piece.file_id)
        else:
            storage.keep(received, piece.file_id)
        return received.sha256


def hash_whole(handle: BinaryIO) -> str:
    """Read a file to its end and return its hash."""
    hashed = Hashed(handle)
    while hashed.read():
        pass
    return hashed.sha256


def hash_of(storage: Storage, piece: Piece) -> str | None:
    """Return the hash of what a home holds; ``None`` if it holds nothing."""
    try:
        with storage.open(piece.file_id, preview=piece.preview) as handle:
            return hash_whole(handle)
    except FileNotFoundError:
        return None
