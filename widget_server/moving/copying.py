"""An installation moves to another database and another home of files, row by row.

How far each table is stands in the target, in the same transaction as the rows: a copy that was
killed goes on where it was. In the end every table and file of both sides is read and compared.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ..attachments import service as attachments
from ..attachments.storage import Storage
from . import files, findable, progress
from .backup import ensure_current
from .counting import Tally, tally
from .errors import CannotMove, Differs
from .restore import ensure_empty, migrate
from .stores import Store, Table, open_store


@dataclass
class Report:
    """What was copied and found to be the same on both sides."""

    tables: dict[str, Tally] = field(default_factory=dict)
    files: int = 0
    missing: list[str] = field(default_factory=list)


def copy(
    source: Mapping[str, Any],
    target: Mapping[str, Any],
    say: Callable[[str], object] = lambda _: None,
) -> Report:
    """Copy all of ``source`` to ``target``, both as settings; go on with what was begun before.

    Raises :exc:`CannotMove` if the target holds something else, and :exc:`Differs` naming the
    tables and files that are not the same in the end: then somebody wrote meanwhile.
    """
    if source["DATABASE_URL"] == target["DATABASE_URL"]:
        raise CannotMove("Both settings name the same database.")
    ensure_current(source["DATABASE_URL"])
    migrate(target["DATABASE_URL"])
    report = Report()
    with (
        closing(open_store(source["DATABASE_URL"])) as here,
        closing(open_store(target["DATABASE_URL"])) as there,
    ):
        _begin(there, source["DATABASE_URL"])
        here.freeze()
        tables = here.tables()
        for table in tables:
            _copy_table(here, there, table)
            say(f"{table.name}: copied")
        here.commit()
        homes = attachments.home(source), attachments.home(target)
        here.freeze()
        _copy_files(here, *homes, report)
        say("files: copied")
        _compare(here, there, tables, report)
        here.commit()
        there.begin()
        there.set_sequences()
        findable.rebuild(there)
        progress.end(there)
        there.commit()
    return report


def _begin(there: Store, url: str) -> None:
    """Note where the rows come from, or find that it is the same as last time."""
    parts = urlsplit(url)
    origin = f"{parts.hostname or ''}{parts.path}"
    noted = progress.place(there)
    if noted is None:
        ensure_empty(there)
        there.begin()
        progress.begin(there, origin)
        there.commit()
    elif noted != origin:
        raise CannotMove(f"The target holds a copy of {noted} that was not finished.")


def _copy_table(here: Store, there: Store, table: Table) -> None:
    noted = progress.place(there, table.name)
    place = json.loads(noted) if noted else None
    key = [table.columns.index(name) for name in table.key]
    for batch in here.rows(table, after=place):
        there.begin()
        there.add(table, batch)
        progress.note(there, table.name, json.dumps([batch[-1][index] for index in key]))
        there.commit()


def _copy_files(here: Store, source: Storage, target: Storage, report: Report) -> None:
    differing = []
    for piece in files.pieces(here):
        wanted = files.hash_of(source, piece)
        if wanted is None:
            report.missing.append(piece.name)
            continue
        if files.hash_of(target, piece) != wanted:
            with source.open(piece.file_id, preview=piece.preview) as handle:
                files.put(target, piece, handle)
            if files.hash_of(target, piece) != wanted:
                differing.append(piece.name)
        if piece.sha256 not in (None, wanted):
            differing.append(piece.name)
        report.files += 1
    if differing:
        raise Differs(f"These files are damaged: {', '.join(differing[:20])}.")


def _compare(here: Store, there: Store, tables: Iterable[Table], report: Report) -> None:
    there.freeze()
    differing = []
    for table in tables:
        report.tables[table.name] = tally(here, table)
        if tally(there, table, table.columns) != report.tables[table.name]:
            differing.append(table.name)
    there.commit()
    if differing:
        raise Differs(
            f"These tables are not the same: {', '.join(differing)}. Somebody wrote meanwhile: stop"
            " the server and the worker, empty the target and copy again."
        )
