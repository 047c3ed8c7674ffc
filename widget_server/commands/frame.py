"""What commands share: reading the settings, opening the database, signing what they change."""

import getpass
from typing import Any

from .. import audit, config, database, logs, migrations, worker


def connect(act: str = "") -> dict[str, Any]:
    """Read the settings, open the database and bring it up to date.

    ``act``: what the log of agents' acts calls it; it is written with what the command changes.
    """
    settings = config.load()
    migrations.migrate(database.open_as(settings))
    if act:
        logs.configure(settings["LOG_LEVEL"], settings["LOG_FORMAT"])
        worker.furnish(settings)
        audit.enter(audit.Acting(None, _whoever(), audit.COMMAND, act))
    return settings


def _whoever() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "ventanilla"
