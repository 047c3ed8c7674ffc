"""A backup: every table and file as they were at one moment, while the server goes on.

Rows are lines of JSON, the same from either database, so that either can take them. The moment is
the start: whatever was answered with a 2xx before is in it.
"""

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from .. import __version__, database, migrations
from ..attachments.storage import Storage
from ..clock import stamp
from . import files, parcels
from .counting import Tally, to_line
from .errors import CannotMove, Differs
from .parcels import Parcel
from .stores import HISTORY, Store, Table, open_store

#: The form of the parcel; a reader refuses one it does not know.
FORM = 1

MANIFEST, FILES = "manifest.json", "files.jsonl"

#: What readers raise at bytes that are not those that were written.
DAMAGES = (EOFError, KeyError, OSError, TypeError, ValueError, zlib.error, tarfile.ReadError)


@dataclass
class Report:
    """What a backup holds. ``missing``: rows that speak of files which are not there."""

    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    missing: list[str] = field(default_factory=list)


def back_up(url: str, storage: Storage, secrets: list[str], target: Path) -> Report:
    """Write a backup to ``target``, a folder, or a file ending in ``.tar``, and read it again.

    Raises :exc:`CannotMove` where something is already, and :exc:`Differs` for a file whose
    bytes are not those that were sent.
    """
    _ensure_free(target, "exists already")
    unfinished = target.with_name(f"{target.name}.part")
    _ensure_free(unfinished, "is left from one that failed")
    ensure_current(url)
    parcel = parcels.create(unfinished, tar=parcels.is_tar(target))
    try:
        with closing(open_store(url)) as store, closing(parcel):
            report = _write(store, storage, secrets, parcel)
        verify(unfinished)
    except BaseException:
        parcels.drop(unfinished)
        raise
    parcels.settle(unfinished, target)
    return report


def _ensure_free(path: Path, why: str) -> None:
    if path.exists():
        raise CannotMove(f"{path} {why}; a backup overwrites nothing. Name another place.")


def ensure_current(url: str) -> None:
    """Raise :exc:`CannotMove` unless the database is as this version has it."""
    opened = database.at(url)
    with opened.connection_context():
        waiting = migrations.pending(opened)
    opened.close_all()
    if waiting:
        raise CannotMove("The database is not up to date; run `ventanilla migrate` first.")


def _write(store: Store, storage: Storage, secrets: list[str], parcel: Parcel) -> Report:
    began = stamp()
    store.freeze()
    report = Report()
    for table in store.tables():
        report.tables[table.name] = _write_table(store, table, parcel)
    wanted = list(files.pieces(store))
    names = [row[0] for row in store.run(f"SELECT name FROM {HISTORY} ORDER BY name")]
    store.commit()
    with parcel.write(FILES) as index:
        for piece in wanted:
            _write_file(store, storage, piece, parcel, index, report)
    with parcel.write(MANIFEST) as handle:
        manifest = {
            "form": FORM,
            "version": __version__,
            "began_at": began,
            "engine": store.engine,
            "migrations": names,
            "secrets": [fingerprint(secret) for secret in secrets],
            "tables": report.tables,
            "files": {"count": report.files, "bytes": report.bytes, "missing": report.missing},
        }
        handle.write(json.dumps(manifest, indent=1).encode())
    return report


def _write_table(store: Store, table: Table, parcel: Parcel) -> dict[str, Any]:
    counted = Tally()
    with (
        parcel.write(rows_name(table.name)) as handle,
        gzip.GzipFile(fileobj=handle, mode="wb", compresslevel=5, mtime=0) as packed,
    ):
        for batch in store.rows(table):
            lines = [to_line(row) for row in batch]
            for line in lines:
                counted.add(line)
            packed.write(("\n".join(lines) + "\n").encode())
    return {"columns": table.columns, "rows": counted.rows, "digest": counted.digest}


def _write_file(
    store: Store,
    storage: Storage,
    piece: files.Piece,
    parcel: Parcel,
    index: BinaryIO,
    report: Report,
) -> None:
    try:
        source = storage.open(piece.file_id, preview=piece.preview)
    except FileNotFoundError:
        if files.still_wanted(store, piece):
            report.missing.append(piece.name)
        return
    with source, parcel.write(file_name(piece.name)) as handle:
        hashed = files.Hashed(source)
        while data := hashed.read():
            handle.write(data)
    if piece.sha256 not in (None, hashed.sha256):
        raise Differs(f"The file {piece.name} is damaged: its bytes are not those that were sent.")
    report.files += 1
    report.bytes += hashed.size
    told = {"id": piece.file_id, "preview": piece.preview, "sha256": hashed.sha256}
    index.write((json.dumps(told) + "\n").encode())


def verify(path: Path) -> dict[str, Any]:
    """Read a backup whole and return its manifest. Raises :exc:`Differs` where it is damaged."""
    try:
        with closing(parcels.find(path)) as parcel:
            manifest = read_manifest(parcel)
            for name, told in manifest["tables"].items():
                counted = Tally()
                for line in read_lines(parcel, name):
                    counted.add(line)
                if counted != Tally(told["rows"], told["digest"]):
                    raise Differs(f"The table {name} in {path} is damaged.")
            count = 0
            for piece, sha256 in read_files(parcel):
                with parcel.open(file_name(piece.name)) as handle:
                    if files.hash_whole(handle) != sha256:
                        raise Differs(f"The file {piece.name} in {path} is damaged.")
                count += 1
            if count != manifest["files"]["count"]:
                raise Differs(f"{path} holds {count} of {manifest['files']['count']} files.")
    except DAMAGES as error:
        raise Differs(f"{path} is damaged or not a backup: {error}") from error
    return manifest


def read_manifest(parcel: Parcel) -> dict[str, Any]:
    """Return what a parcel says of itself. Raises :exc:`CannotMove` if it is of another form."""
    with parcel.open(MANIFEST) as handle:
        manifest: dict[str, Any] = json.load(handle)
    if manifest.get("form") != FORM:
        raise CannotMove(
            f"This backup has form {manifest.get('form')}, and this version {__version__} reads"
            f" form {FORM}. Use the version that made it: {manifest.get('version')}."
        )
    return manifest


def read_lines(parcel: Parcel, table: str) -> Iterator[str]:
    with parcel.open(rows_name(table)) as handle, gzip.GzipFile(fileobj=handle) as packed:
        for line in io.TextIOWrapper(packed, "utf-8", newline="\n"):
            yield line.removesuffix("\n")


def read_files(parcel: Parcel) -> Iterator[tuple[files.Piece, str]]:
    with parcel.open(FILES) as handle:
        for line in handle:
            told = json.loads(line)
            yield files.Piece(told["id"], told["preview"], None), told["sha256"]


def rows_name(table: str) -> str:
    return f"rows/{table}.jsonl.gz"


def file_name(name: str) -> str:
    return f"files/{name.removesuffix('.webp')[-2:]}/{name}"


def fingerprint(secret: str) -> str:
    """Return what tells a secret key from another and nothing else."""
    return hashlib.pbkdf2_hmac("sha256", secret.encode(), b"ventanilla backup", 200_000).hex()[:16]
