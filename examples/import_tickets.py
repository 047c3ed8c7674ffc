"""File tickets from a CSV: email, title, body, and if you like name, category, locale, state.

    VENTANILLA_TOKEN=vnt_… python import_tickets.py https://help.example.com SITE_KEY old.csv

Run again after an interruption, it files nothing twice: each row's key is made of its content.
"""

import csv
import hashlib
import os
import sys
import time
from typing import Any

import requests

REQUIRED, OPTIONAL = ("email", "title", "body"), ("name", "category", "locale")


def main(server: str, site: str, path: str) -> int:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {os.environ['VENTANILLA_TOKEN']}"
    tickets, failed, seen = f"{server}/api/v1/agent/tickets", 0, {}
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        missing = sorted(set(REQUIRED) - set(rows.fieldnames or ()))
        if missing:
            sys.exit(f"{path} has no column {', '.join(missing)}; commas stand between columns.")
        for line, row in enumerate(rows, 2):
            text = "\x1f".join(str(value) for value in row.values())
            # Two rows that are the same are two tickets.
            seen[text] = seen.get(text, 0) + 1
            key = hashlib.sha256(f"{seen[text]}\x1f{text}".encode()).hexdigest()
            body = {name: row[name] for name in REQUIRED} | {"site": site}
            body |= {name: row[name] for name in OPTIONAL if row.get(name)}
            answer = send(session, "POST", tickets, json=body, headers={"Idempotency-Key": key})
            if not answer.ok:
                failed += 1
                print(f"line {line}: {answer.json()['error']}", file=sys.stderr)
                continue
            number = answer.json()["number"]
            if row.get("state"):
                place = f"{tickets}/{site}/{number}/state"
                send(session, "PUT", place, json={"state": row["state"]}).raise_for_status()
            print(f"line {line}: #{number}")
    return 1 if failed else 0


def send(session: requests.Session, method: str, url: str, **options: Any) -> requests.Response:
    """Send a request; wait where the server asks to."""
    while True:
        answer = session.request(method, url, timeout=30, **options)
        if answer.status_code != 429:
            return answer
        time.sleep(int(answer.headers["Retry-After"]))


if __name__ == "__main__":
    if len(sys.argv) != 4 or "VENTANILLA_TOKEN" not in os.environ:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:4]))
