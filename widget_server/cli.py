"""The `ventanilla` command."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from . import __version__, config, database, logs, migrations, worker
from .agents import passes, people
from .agents import service as agents
from .agents.models import ADMINISTRATOR, AGENT, ROLES
from .articles import imports
from .assistant import gathering as gathering
from .commands import jobs, moving, persons
from .commands.frame import connect
from .console.language import LANGUAGES, supported
from .errors import VentanillaError
from .moving.errors import CannotMove
from .sites import service as sites


class Group(click.Group):
    """Says what is wrong in a line instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except config.ConfigurationError as error:
            click.echo(f"These settings need another look:\n{error}", err=True)
            sys.exit(2)
        except (VentanillaError, CannotMove) as error:
            click.echo(str(error), err=True)
            sys.exit(1)


@click.group(cls=Group)
@click.version_option(__version__)
def main() -> None:
    """Ventanilla: a help window for any website."""


for each in (moving.backup, moving.restore, moving.copy, persons.export_person,
             persons.erase_person, jobs.jobs):  # fmt: skip
    main.add_command(each)


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
    settings = connect()
    logs.configure(settings["LOG_LEVEL"], settings["LOG_FORMAT"])
    worker.furnish(settings)
    worker.run()


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    settings = config.load()
    applied = migrations.migrate(database.open_as(settings))
    click.echo("\n".join(f"applied {name}" for name in applied) or "nothing to do")


@main.command()
@click.option("--port", type=int, default=8700, envvar="PORT", help="First of two ports.")
@click.option("--folder", type=click.Path(), default=".demo", help="Where the demo keeps its data.")
@click.option("--fresh", is_flag=True, help="Start over with new sample data.")
@click.option("--lang", type=click.Choice(["en", "es"]), default="en", help="Of the sample data.")
def demo(port: int, folder: str, fresh: bool, lang: str) -> None:
    """Start a demo: server, console, an example site and sample data."""
    from . import demo as show

    show.run(port=port, folder=folder, fresh=fresh, lang=lang)


@main.command("import-articles")
@click.argument("site_key")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--language", default="", help="Of files that do not say theirs.")
@click.option("--draft", is_flag=True, help="Publish none that does not say so itself.")
def import_articles(site_key: str, path: Path, language: str, draft: bool) -> None:
    """Import help articles: a folder of Markdown, or a CSV file."""
    connect()
    done = imports.bring_in(
        sites.find_site(site_key),
        imports.from_folder(path),
        author="import",
        language=language,
        publish=not draft,
    )
    click.echo(f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> None:
    """Check every setting and connection and say what to do."""
    from . import doctor as physician

    sys.exit(physician.examine(as_json=as_json))


@main.group()
def site() -> None:
    """Sites that show the help button."""


@site.command("add")
@click.argument("name")
@click.argument("origins", nargs=-1, required=True)
def add_site(name: str, origins: tuple[str, ...]) -> None:
    """Register a site and print what its owner needs. ORIGINS such as https://example.com."""
    settings = connect()
    added, key = sites.add_site(name=name, origins=list(origins))
    click.echo(f"Site key      {added.key}")
    click.echo(f"Key id        {key.kid}")
    click.echo(f"Secret        {key.secret}")
    click.echo(f"In WordPress  {key.kid}.{key.secret}")
    click.echo(
        f'Embed with    <script async src="{settings["SERVER_URL"]}/w/{added.key}.js"></script>'
    )


@site.command("list")
def list_sites() -> None:
    """List the sites with their keys and origins."""
    connect()
    for each in sites.all_sites():
        click.echo(f"{each.key}  {each.name}  {' '.join(each.origins)}")


@site.command("change")
@click.argument("site_key")
@click.option("--name", help="What agents call it.")
@click.option("--origin", "origins", multiple=True, help="In place of all; may be repeated.")
def change_site(site_key: str, name: str | None, origins: tuple[str, ...]) -> None:
    """Change a site's name or the origins of its pages."""
    if not name and not origins:
        raise click.UsageError("Say what to change: --name or --origin.")
    connect("site.changed")
    found = sites.find_site(site_key)
    changes: dict[str, Any] = {"name": name} if name else {}
    if origins:
        changes["origins"] = [sites.clean_origin(origin) for origin in origins]
    sites.update_site(found, **changes)
    click.echo(f"{found.key}  {found.name}  {' '.join(found.origins)}")


@site.command("keys")
@click.argument("site_key")
def list_keys(site_key: str) -> None:
    """List a site's signing keys by their ids, without the secrets."""
    connect()
    for key in sites.keys(sites.find_site(site_key).id):
        state = f"retired {key.retired_at}" if key.retired_at else "in use"
        click.echo(f"{key.kid}  made {key.created_at}  {state}")


@site.command("rotate-key")
@click.argument("site_key")
@click.option("--retire", metavar="KEY_ID", help="Also stop accepting this older key.")
def rotate_key(site_key: str, retire: str | None) -> None:
    """Add a signing key; the older ones keep working until retired."""
    connect()
    found = sites.find_site(site_key)
    key = sites.rotate_key(found)
    click.echo(f"Key id        {key.kid}")
    click.echo(f"Secret        {key.secret}")
    click.echo(f"In WordPress  {key.kid}.{key.secret}")
    if retire:
        sites.retire_key(found, retire)
        click.echo(f"Retired       {retire}")


@main.group()
def agent() -> None:
    """People who answer."""


@agent.command("add")
@click.argument("email")
@click.option("--name", prompt=True)
@click.option("--role", type=click.Choice(ROLES), help="The first is an administrator.")
@click.option("--locale", type=click.Choice(LANGUAGES), help="Else the shell's, or English.")
@click.option("--site", "keys", multiple=True, metavar="SITE_KEY", help="Only this site; again.")
@click.password_option(envvar="AGENT_PASSWORD")
def add_agent(
    email: str,
    name: str,
    role: str | None,
    locale: str | None,
    keys: tuple[str, ...],
    password: str,
) -> None:
    """Register an agent who may sign in to the console."""
    settings = connect()
    places = [sites.find_site(key).id for key in keys]
    role = role or (AGENT if people.everyone() else ADMINISTRATOR)
    locale = locale or supported(os.environ.get("LANG")) or "en"
    added = agents.add_agent(email=email, name=name, role=role, password=password, locale=locale)
    people.limit(added, places)
    click.echo(f"{added.email} may sign in as {added.role}: {settings['SERVER_URL']}/console/")


@agent.command("list")
def list_agents() -> None:
    """List the agents with their roles, and who cannot sign in."""
    connect()
    for each in people.everyone():
        state = "left" if each.disabled_at else "invited" if each.invited else "active"
        second = "second step" if each.totp else "password only"
        click.echo(f"{each.email}  {each.name}  {each.role}  {state}  {second}")


@agent.command("reset")
@click.argument("email")
@click.option("--second-step", is_flag=True, help="Also lift the second step.")
def reset_agent(email: str, second_step: bool) -> None:
    """Print a link to choose a new password."""
    settings = connect()
    found = people.find_by_email(email)
    if second_step:
        people.lift_second_factor(found)
    secret = passes.issue(found, passes.RESET)
    click.echo(f"{settings['SERVER_URL']}/console/password/{secret}")
    click.echo("It works once and for 30 minutes.")


if __name__ == "__main__":
    main()
