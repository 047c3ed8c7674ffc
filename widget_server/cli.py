"""The `ventanilla` command.

What serves is the parent of its processes and stays in memory as long as they do. So nothing is
imported here that only other commands need; each comes when it is asked for.
"""

import sys
from importlib import import_module
from typing import Any

import click

from . import __version__, config

#: Commands that live in modules of ``commands``.
ELSEWHERE = {
    "agent": "agents",
    "backup": "moving",
    "copy": "moving",
    "erase-person": "persons",
    "export-person": "persons",
    "import-articles": "articles",
    "jobs": "jobs",
    "restore": "moving",
    "site": "sites",
}


class Group(click.Group):
    """Says what is wrong in a line instead of a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.commands, *ELSEWHERE})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in ELSEWHERE and name not in self.commands:
            module = import_module(f".commands.{ELSEWHERE[name]}", __package__)
            self.add_command(getattr(module, name.replace("-", "_")))
        return super().get_command(ctx, name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except config.ConfigurationError as error:
            click.echo(f"These settings need another look:\n{error}", err=True)
            sys.exit(2)
        except BrokenPipeError:
            raise  # Whoever read what we print has read enough.
        except Exception as error:
            click.echo(_told(error), err=True)
            sys.exit(1)


def _told(error: Exception) -> str:
    """Return what to say of an error; one that only we can mend is raised again."""
    from peewee import OperationalError

    from .errors import VentanillaError
    from .moving.errors import CannotMove

    if isinstance(error, OperationalError):
        said = " ".join(str(error).split())
        return f"The database does not do it: {said}. `ventanilla doctor` looks at everything."
    if not isinstance(error, VentanillaError | CannotMove | OSError):
        raise error
    return str(error)


@click.group(cls=Group)
@click.version_option(__version__)
def main() -> None:
    """Ventanilla: a help window for any website."""


@main.command()
def serve() -> None:
    """Serve the API, the console and the widget; runs jobs too unless told otherwise."""
    from . import server

    settings = config.load()
    if sys.stderr.isatty():
        click.echo(f"The console is at {settings['SERVER_URL']}/console/", err=True)
    server.run(settings)


@main.command("worker")
def run_worker() -> None:
    """Run jobs in a process of its own."""
    from . import logs, worker
    from .commands.frame import connect

    settings = connect()
    logs.configure(settings["LOG_LEVEL"], settings["LOG_FORMAT"])
    worker.furnish(settings)
    worker.run()


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    from . import database, migrations

    settings = config.load()
    applied = migrations.migrate(database.open_as(settings))
    click.echo("\n".join(f"applied {name}" for name in applied) or "nothing to do")


@main.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65_534),
    default=8700,
    envvar="PORT",
    help="First of two ports.",
)
@click.option("--folder", type=click.Path(), default=".demo", help="Where the demo keeps its data.")
@click.option("--fresh", is_flag=True, help="Start over with new sample data.")
@click.option("--lang", type=click.Choice(["en", "es"]), default="en", help="Of the sample data.")
def demo(port: int, folder: str, fresh: bool, lang: str) -> None:
    """Start a demo: server, console, an example site and sample data."""
    from . import demo as show

    show.run(port=port, folder=folder, fresh=fresh, lang=lang)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> None:
    """Check every setting and connection and say what to do."""
    from . import doctor as physician

    sys.exit(physician.examine(as_json=as_json))


if __name__ == "__main__":
    main()
