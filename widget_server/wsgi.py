"""What an application server loads: the application, and the worker inside it if embedded."""

import gc
import multiprocessing
import os
import sys
import threading
import time

from . import config

#: Objects made before the collector looks for cycles among them; Python's own 700 is a request's.
YOUNG_OBJECTS = 20_000


def application() -> object:
    """Build the application for one server process."""
    # A tenth of the start: of what is loaded now nothing is let go.
    gc.disable()
    _leave_out_the_driver()
    from . import logs, worker
    from .app import create_app

    app = create_app()
    logs.configure(app.config["LOG_LEVEL"], app.config["LOG_FORMAT"])
    if app.config["WORKER"] == "embedded":
        worker.start_embedded()
    _follow_parent()
    _spare_the_collector()
    return app


def _leave_out_the_driver() -> None:
    """peewee loads PostgreSQL's driver wherever there is one: ten megabytes, unused with SQLite."""
    if config.load()["DATABASE_URL"].startswith("sqlite:") and "peewee" not in sys.modules:
        sys.modules["psycopg"] = None  # type: ignore[assignment]


def _spare_the_collector() -> None:
    """Leave out of garbage collection what stays for good: it took a tenth of each request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    gc.enable()


def _follow_parent() -> None:
    """End when the supervising process was killed, so that its port is free for the next start."""
    made_by = multiprocessing.parent_process()
    # It may have been killed while this was loading: then somebody else is the parent by now.
    parent = made_by.pid if made_by and made_by.pid else os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    if parent > 1:
        threading.Thread(target=watch, name="parent-watch", daemon=True).start()
