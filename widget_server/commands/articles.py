"""Help articles at the command line."""

from pathlib import Path

import click

from ..articles import imports
from ..assistant import gathering as gathering
from ..sites import service as sites
from .frame import connect


@click.command("import-articles")
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
