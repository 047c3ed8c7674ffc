"""What an application server loads: the application, and the worker inside it if embedded."""

import os
import threading
import time

from . import logs, worker
from .app import create_app


def application() -> object:
    """Build the application for one server process."""
    app = create_app()
    logs.configure(app.config["LOG_LEVEL"], app.config["LOG_FORMAT"])
    if app.config["WORKER"] == "embedded":
        worker.start_embedded()
    _follow_parent()
    return app


def _follow_parent() -> None:
    """End when the supervising process was killed, so that its port is free for the next start."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    if parent > 1:
        threading.Thread(target=watch, name="parent-watch", daemon=True).start()
