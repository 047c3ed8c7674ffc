"""The full-text entries of tickets, made anew: each database keeps them in a form of its own."""

import json
from collections.abc import Iterator
from typing import Any

from ..tickets import search
from .stores import SEARCH, Store, Table

OWN = ("site_id", "id")
TICKETS = Table("ticket", ("site_id", "id", "merged_into", "number", "title", "email"), OWN)
MESSAGES = Table("message", ("site_id", "ticket_id", "author_name", "body"), OWN)
ORDERS = Table("purchase", ("site_id", "id", "ticket_id", "number", "quote_number"), OWN)
QUOTES = Table("quote", ("site_id", "order_id", "title", "lines"), OWN)


def rebuild(store: Store) -> int:
    """Write all entries in the transaction that is open; return how many."""
    store.run(f"DELETE FROM {SEARCH}")
    plain = store.engine == "sqlite"
    statement = search.INSERT_SQLITE if plain else search.INSERT_POSTGRESQL
    count = 0
    for site_id, ticket_id, text in _entries(store):
        store.run(statement, site_id, ticket_id, text if plain else search.words(text))
        count += 1
    return count


def _entries(store: Store) -> Iterator[tuple[int, str, str]]:
    """Yield what can be found of each ticket, in the words it was written in when it happened."""
    for site_id, ticket_id, merged_into, number, title, email in _rows(store, TICKETS):
        yield site_id, merged_into or ticket_id, f"#{number} {title} {email or ''}"
    for site_id, ticket_id, author, body in _rows(store, MESSAGES):
        yield site_id, ticket_id, f"{author} {body}"
    orders = {}
    for site_id, order_id, ticket_id, number, quote_number in _rows(store, ORDERS):
        orders[site_id, order_id] = ticket_id, quote_number or number or ""
        if number:
            yield site_id, ticket_id, number
    for site_id, order_id, title, lines in _rows(store, QUOTES):
        ticket_id, number = orders[site_id, order_id]
        said = [number, title, *(line.get("text", "") for line in json.loads(lines))]
        yield site_id, ticket_id, " ".join(said)


def _rows(store: Store, table: Table) -> Iterator[tuple[Any, ...]]:
    for batch in store.rows(table):
        yield from batch
