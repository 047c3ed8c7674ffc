"""A backup becomes an installation again: an empty one, on either database."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from .. import __version__, database, migrations
from ..attachments import service as attachments
from ..attachments.storage import Storage
from . import backup, files, findable, parcels, progress
from .counting import Tally, from_line, tally
from .errors import CannotMove, Differs
from .parcels import Parcel
from .stores import BATCH, Row, Store, Table, open_store


def restore(source: Path, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Bring a backup in and return its manifest. Rows come in one transaction, the files before
    it: one that is cut off can be begun again.

    The tables are made as they were in the backup, filled, and then changed as an upgrade does.

    Raises :exc:`CannotMove` if the installation is not empty or the versions do not fit, and
    :exc:`Differs` if the backup is damaged; nothing is written then.
    """
    manifest = backup.verify(source)
    names = manifest["migrations"]
    unknown = sorted(set(names) - set(migrations.known()))
    if unknown:
        raise CannotMove(
            f"This backup was made by version {manifest['version']} and this is {__version__}:"
            f" it does not know {', '.join(unknown)}. Install that version or a newer one."
        )
    url = settings["DATABASE_URL"]
    if not _arrived(url, manifest):
        _prepare(url, names)
        storage = attachments.home(settings)
        with closing(parcels.find(source)) as parcel, closing(open_store(url)) as store:
            ensure_empty(store)
            _bring_files(parcel, storage)
            store.begin()
            _bring_rows(parcel, manifest, store)
            progress.begin(store, manifest["began_at"])
            store.commit()
    migrate(url)
    with closing(open_store(url)) as store:
        store.begin()
        findable.rebuild(store)
        progress.end(store)
        store.commit()
    return manifest


def _arrived(url: str, manifest: dict[str, Any]) -> bool:
    """Are all rows of this backup here, from a time that was cut off just after?"""
    opened = database.at(url)
    opened.connect()
    opened.close_all()
    with closing(open_store(url)) as store:
        return progress.place(store) == manifest["began_at"]


def _prepare(url: str, names: list[str]) -> None:
    """Make the tables as they were in the backup."""
    opened = database.at(url)
    with opened.connection_context():
        more = sorted(set(migrations.applied(opened)) - set(names))
    opened.close_all()
    if more:
        raise CannotMove(
            f"This database is newer than the backup ({more[0]}). Restore into one that nothing"
            " has been done to yet; it is brought up to date afterwards."
        )
    migrate(url, last=names[-1])


def migrate(url: str, *, last: str | None = None) -> None:
    opened = database.at(url)
    migrations.migrate(opened, last=last)
    opened.close_all()


def ensure_empty(store: Store) -> None:
    """Raise :exc:`CannotMove` if any table holds a row."""
    for table in store.tables():
        if store.run(f'SELECT 1 FROM "{table.name}" LIMIT 1'):
            raise CannotMove(
                f"There is an installation here already (its table {table.name} has rows)."
                " Name an empty database in VENTANILLA_DATABASE_URL."
            )


def _bring_files(parcel: Parcel, storage: Storage) -> None:
    for piece, sha256 in backup.read_files(parcel):
        there = files.hash_of(storage, piece)
        if there not in (None, sha256):
            raise CannotMove(f"Another file is in the place of {piece.name}; name an empty folder.")
        if there is None:
            with parcel.open(backup.file_name(piece.name)) as handle:
                files.put(storage, piece, handle)
            if files.hash_of(storage, piece) != sha256:
                raise Differs(f"The file {piece.name} did not arrive as it was sent.")


def _bring_rows(parcel: Parcel, manifest: dict[str, Any], store: Store) -> None:
    told = manifest["tables"]
    tables = store.tables()
    lost = sorted(set(told) - {table.name for table in tables})
    if lost:
        raise CannotMove(f"There is no place for the tables {', '.join(lost)}.")
    for table in tables:
        if table.name not in told:
            continue
        columns = tuple(told[table.name]["columns"])
        for batch in _batches(parcel, table):
            store.add(table._replace(columns=columns), batch)
        wanted = Tally(told[table.name]["rows"], told[table.name]["digest"])
        if tally(store, table, columns) != wanted:
            raise Differs(f"The table {table.name} did not arrive as it was sent.")
    store.set_sequences()


def _batches(parcel: Parcel, table: Table) -> Iterator[list[Row]]:
    lines = backup.read_lines(parcel, table.name)
    while batch := [from_line(line) for line in islice(lines, BATCH)]:
        yield batch
