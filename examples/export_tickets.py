"""Write all tickets to a CSV, one line each, snoozed and completed ones too.

VENTANILLA_TOKEN=vnt_… python export_tickets.py https://help.example.com > tickets.csv
"""

import csv
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import requests

COLUMNS = ("site", "number", "title", "state", "progress", "email", "name", "assignee",
           "updated_at", "due_at")  # fmt: skip


def main(server: str) -> None:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {os.environ['VENTANILLA_TOKEN']}"
    writer = csv.DictWriter(sys.stdout, COLUMNS)
    writer.writeheader()
    for view in ("open", "snoozed", "completed"):
        for ticket in tickets(session, server, view):
            row = {name: ticket[name] for name in COLUMNS if name in ticket}
            row |= {
                "site": ticket["site"]["key"],
                "email": ticket["requester"]["email"],
                "name": ticket["requester"]["name"],
                "assignee": (ticket["assignee"] or {}).get("name"),
            }
            writer.writerow({name: harmless(value) for name, value in row.items()})


def tickets(session: requests.Session, server: str, view: str) -> Iterator[dict[str, Any]]:
    """Yield every ticket of a view, page by page."""
    query = {"view": view, "limit": "100"}
    while True:
        answer = session.get(f"{server}/api/v1/agent/tickets", params=query, timeout=30)
        if answer.status_code == 429:
            time.sleep(int(answer.headers["Retry-After"]))
            continue
        answer.raise_for_status()
        page = answer.json()
        yield from page["tickets"]
        if page["next"] is None:
            return
        query["after"] = page["next"]


def harmless(value: Any) -> Any:
    """Keep a spreadsheet from running what somebody typed as a formula."""
    return (
        f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value
    )


if __name__ == "__main__":
    if len(sys.argv) != 2 or "VENTANILLA_TOKEN" not in os.environ:
        sys.exit(__doc__)
    main(sys.argv[1])
