"""A person's data on paper, or gone: for requests that reach whoever runs the server."""

import json
from pathlib import Path

import click

from .. import persons
from ..errors import NotFound
from ..sites import service as sites
from ..sites.models import Site
from ..wire import as_kept
from .frame import connect


@click.command("export-person")
@click.argument("site_key")
@click.argument("who")
@click.option("--output", type=click.Path(path_type=Path), help="A new file instead of the screen.")
def export_person(site_key: str, who: str, output: Path | None) -> None:
    """Write all that is kept of a person as JSON. WHO: an e-mail address or your id of the user."""
    connect("person.exported")
    site = sites.find_site(site_key)
    found = [
        persons.export(site.id, requester_id, filed_as=filed_as)
        for requester_id, filed_as in _found(site, who)
    ]
    text = json.dumps(found, ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
        return
    try:
        output.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise click.ClickException(f"{output} exists already; name a new file.") from error
    output.write_text(text + "\n", "utf-8")
    click.echo(f"written to {output}")


@click.command("erase-person")
@click.argument("site_key")
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_person(site_key: str, who: str, yes: bool) -> None:
    """Remove a person and all they sent, files included; it cannot be undone."""
    connect("person.erased")
    site = sites.find_site(site_key)
    found = _found(site, who)
    if not yes:
        click.confirm(f"Remove {who} from {site.name} for good?", abort=True)
    gone = sum(
        persons.erase(site.id, requester_id, filed_as=filed_as) for requester_id, filed_as in found
    )
    click.echo(f"{who} and {gone} requests are gone. Backups made before still hold them.")


def _found(site: Site, who: str) -> list[tuple[str, str | None]]:
    email = as_kept(who) if "@" in who else None
    found = persons.known_as(site.id, sub=who, email=email)
    found += persons.under_address(site.id, email) if email else []
    if not found:
        raise NotFound(f"Nobody is known as {who} on {site.name}.")
    return list(dict.fromkeys(found))
