"""What commands share: reading the settings, opening the database, signing what they change."""

import getpass
from typing import Any

import click
from marshmallow import ValidationError

from .. import audit, config, database, logs, migrations, worker
from ..wire import Line


class Name(click.ParamType):
    """What people are shown: a line that says something, as the console takes it."""

    name = "text"

    def __init__(self, most: int) -> None:
        self._line = Line(most=most)

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        try:
            return str(self._line.deserialize(value))
        except ValidationError as error:
            self.fail(str(error.messages[0]), param, ctx)


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
