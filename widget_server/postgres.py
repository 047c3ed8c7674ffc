"""PostgreSQL's side of the connection: the pool, its limits, a server that comes and goes."""

import logging
import select
import time
from typing import Any
from urllib.parse import urlsplit

from peewee import OperationalError
from playhouse.pool import PooledPostgresqlDatabase

log = logging.getLogger(__name__)

#: Seconds a request waits for a free connection, and until a server that does not answer is away.
POOL_PATIENCE, CONNECT_PATIENCE = 20, 5

#: Seconds an idle connection is kept, and a transaction may stand idle before the server ends it.
STALE, IDLE = 300, 60

#: A start waits so many seconds for a server that is starting itself.
START_PATIENCE = 30.0

#: What a server says, or the network in its place, while it is not there yet.
COMING = (
    "refused",
    "starting up",
    "not yet accepting",
    "shutting down",
    "No such file",
    "timeout",
    "recovery mode",
)


class Pool(PooledPostgresqlDatabase):
    """A pool that hands out no connection whose server has gone since.

    Playhouse's own would ask each time, which is a round trip more for every request.
    """

    def _is_closed(self, conn: Any) -> bool:
        if not conn.closed and _hung_up(conn):
            conn.close()
        return bool(conn.closed)


def _hung_up(conn: Any) -> bool:
    """An idle connection has nothing to read, unless the server said goodbye or is no more."""
    line = select.poll()
    line.register(conn.pgconn.socket, select.POLLIN)
    return bool(line.poll(0))


def connect(url: str, *, pool: int, timeout: int) -> Pool:
    parts = urlsplit(url)
    # keepalives: a server whose machine is gone never hangs up.
    options: dict[str, Any] = {
        "application_name": "ventanilla",
        "connect_timeout": CONNECT_PATIENCE,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    if timeout and "options=" not in parts.query:
        options["options"] = (
            f"-c statement_timeout={timeout}s -c idle_in_transaction_session_timeout={IDLE}s"
        )
    return Pool(
        url if parts.netloc or parts.query else parts.path.lstrip("/"),
        max_connections=pool,
        stale_timeout=STALE,
        timeout=POOL_PATIENCE,
        prefer_psycopg3=True,
        **options,
    )


def errors() -> tuple[type[Exception], ...]:
    """Return the driver's own errors of a server that is away."""
    import psycopg

    return (psycopg.OperationalError, psycopg.InterfaceError)


def wait(database: Pool) -> None:
    """Return once the server answers; one that is only starting is given time."""
    deadline, warned = time.monotonic() + START_PATIENCE, False
    while True:
        try:
            with database.connection_context():
                return
        except OperationalError as error:
            coming = any(word in str(error) for word in COMING)
            if not coming or time.monotonic() > deadline:
                raise
            if not warned:
                log.warning("PostgreSQL is not there yet; trying again: %s", error)
            warned = True
            time.sleep(0.3)
