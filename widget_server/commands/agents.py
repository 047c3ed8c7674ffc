"""Agents at the command line."""

import os

import click

from ..agents import passes, people
from ..agents import service as agents
from ..agents.models import ADMINISTRATOR, AGENT, ROLES
from ..console.language import LANGUAGES, supported
from ..sites import service as sites
from .frame import Name, connect


@click.group()
def agent() -> None:
    """People who answer."""


@agent.command("add")
@click.argument("email")
@click.option("--name", prompt=True, type=Name(80))
@click.option("--role", type=click.Choice(ROLES), help="The first is an administrator.")
@click.option("--locale", type=click.Choice(LANGUAGES), help="Else the shell's, or English.")
@click.option(
    "--site", "keys", multiple=True, metavar="SITE_KEY", help="Only this site; may be given again."
)
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
