"""How far a move is, kept in the target beside what has arrived: a killed one goes on there."""

from .stores import PROGRESS, Store

#: The row that says where everything comes from.
ORIGIN = "*"

CREATE = f"CREATE TABLE {PROGRESS} (name TEXT PRIMARY KEY, place TEXT NOT NULL)"
NOTE = (
    f"INSERT INTO {PROGRESS} (name, place) VALUES (?, ?)"
    " ON CONFLICT (name) DO UPDATE SET place = excluded.place"
)


def begin(store: Store, origin: str) -> None:
    """Note what is being moved here, in the transaction that is open."""
    store.run(CREATE)
    note(store, ORIGIN, origin)


def note(store: Store, name: str, place: str) -> None:
    store.run(NOTE, name, place)


def place(store: Store, name: str = ORIGIN) -> str | None:
    """Return how far something is; ``None`` if it was not begun."""
    if not store.has(PROGRESS):
        return None
    rows = store.run(f"SELECT place FROM {PROGRESS} WHERE name = ?", name)
    return rows[0][0] if rows else None


def end(store: Store) -> None:
    store.run(f"DROP TABLE {PROGRESS}")
