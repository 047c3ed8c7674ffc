"""Sites at the command line."""

from typing import Any

import click

from ..database import transaction
from ..sites import look
from ..sites import service as sites
from .frame import Name, connect


@click.group()
def site() -> None:
    """Sites that show the help button."""


@site.command("add")
@click.argument("name", type=Name(look.NAME))
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
@click.option("--name", type=Name(look.NAME), help="What agents call it.")
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
    with transaction():
        key = sites.rotate_key(found)
        if retire:
            sites.retire_key(found, retire)
    click.echo(f"Key id        {key.kid}")
    click.echo(f"Secret        {key.secret}")
    click.echo(f"In WordPress  {key.kid}.{key.secret}")
    if retire:
        click.echo(f"Retired       {retire}")
