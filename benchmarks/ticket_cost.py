"""`python -m benchmarks.ticket_cost`: what one ticket costs a PostgreSQL database.

A ticket as most are: filed by somebody known, answered by an agent, answered back, closed; mail to
both sides. Printed: rows, bytes with their indexes, statements' worth of log, by table.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from flask import Flask

from tests.support.postgres import Cluster
from tests.support.visitor import ORIGIN, Visitor, open_session, sign
from widget_server import database, jobs
from widget_server.agents import service as agents
from widget_server.app import create_app
from widget_server.database import query
from widget_server.sites import service as sites
from widget_server.tickets import service as tickets
from widget_server.tickets.ledger import Actor

BODY = "It has not arrived, and the tracking page says it was delivered on Monday. " * 4
TICKETS = 300


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ticket_cost", description=__doc__)
    parser.add_argument("--tickets", type=int, default=TICKETS, help="how many to file")
    many = parser.parse_args().tickets
    server = Cluster().start()
    try:
        with tempfile.TemporaryDirectory(prefix="ventanilla-cost-") as folder:
            measure(server.create("cost"), Path(folder), many)
    finally:
        database.db.obj.close_all()
        server.stop()
        server.remove()
    return 0


def measure(url: str, folder: Path, many: int) -> None:
    app = create_app(
        {
            "SECRET_KEY": ["benchmark-" * 4], "DATABASE_URL": url, "FILES_DIR": folder / "files",
            "SMTP_URL": f"folder:{folder}/mail", "MAIL_FROM": "Shop <help@shop.example>",
        }
    )  # fmt: skip
    app.extensions["limits"].enabled = False
    site, site.signing = sites.add_site(name="Shop", origins=[ORIGIN])
    ines = agents.add_agent(email="ines@team.example", name="Inés", password="0123456789")
    actor = Actor("agent", str(ines.id), ines.name)
    _live(app, site, actor, 0)  # What the first one brings into being is not a ticket's cost.
    before, log = _sizes(), _log()
    for number in range(1, many + 1):
        _live(app, site, actor, number)
    after, written = _sizes(), _log() - log
    print(f"{'table':<18} {'rows':>8} {'writes':>8} {'bytes':>9}   a ticket, of {many:,}")
    each = {
        name: [(now - was) / many for now, was in zip(after[name], before[name], strict=True)]
        for name in after
    }
    for name in sorted(each, key=lambda name: -each[name][2]):
        if any(each[name]):
            _line(name, each[name])
    _line("all", [sum(column) for column in zip(*each.values(), strict=True)])
    print(f"log written (WAL), bytes    {written / many:18,.0f}")


def _line(name: str, values: list[float]) -> None:
    rows, writes, size = values
    print(f"{name:<18} {rows:8.2f} {writes:8.2f} {size:9,.0f}")


def _live(app: Flask, site: sites.Site, actor: Actor, number: int) -> None:
    client = app.test_client()
    claims = {"email": f"p{number}@mail.example", "email_verified": True, "name": "Ada Ferrer"}
    word = sign(site.signing, sub=f"p{number}", **claims)  # type: ignore[attr-defined]
    person = Visitor(client, open_session(client, site, word).json)
    made = person.open(title="My parcel has not arrived", body=BODY)
    ticket = tickets.find_by_id(site.id, made["id"])
    tickets.post_message(ticket, actor, body=BODY, files=[])
    person.post(f"/tickets/{made['id']}/messages", body="Thank you, it was with the neighbour.")
    person.put(f"/tickets/{made['id']}/closure")
    jobs.run_due()


def _sizes() -> dict[str, tuple[int, int, int]]:
    """Return of each table its rows, the writes to them so far, and its bytes, indexes included."""
    database.execute("VACUUM ANALYZE")
    database.execute("SELECT pg_stat_force_next_flush()")
    writes = query("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables")
    return {
        name: (
            int(query(f'SELECT count(*) FROM "{name}"')[0][0]),
            int(written),
            int(query("SELECT pg_total_relation_size(?::regclass)", f'"{name}"')[0][0]),
        )
        for name, written in writes
    }


def _log() -> int:
    return int(query("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")[0][0])


if __name__ == "__main__":
    sys.exit(main())
