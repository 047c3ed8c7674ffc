"""Backups and moves: `ventanilla backup`, `restore` and `copy`."""

import shlex
import sys
from pathlib import Path

import click

from .. import config
from ..attachments import service as attachments
from ..moving import backup as backups
from ..moving import copying
from ..moving import restore as restoring


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Write all tables and files to a new folder, or to a file ending in .tar, while serving."""
    settings = config.load()
    report = backups.back_up(
        settings["DATABASE_URL"], attachments.home(settings), settings["SECRET_KEY"], target
    )
    rows = sum(each["rows"] for each in report.tables.values())
    click.echo(f"{rows} rows and {report.files} files ({report.bytes} bytes) are in {target}.")
    click.echo("It was read again and is whole. Keep VENTANILLA_SECRET_KEY in another place.")
    _complain(report.missing)


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
def restore(source: Path) -> None:
    """Bring a backup into an empty installation: the one the settings name."""
    settings = config.load()
    manifest = restoring.restore(source, settings)
    rows = sum(each["rows"] for each in manifest["tables"].values())
    click.echo(f"{rows} rows and {manifest['files']['count']} files of {manifest['began_at']}.")
    ours = {backups.fingerprint(secret) for secret in settings["SECRET_KEY"]}
    if not ours & set(manifest["secrets"]):
        click.echo(
            "VENTANILLA_SECRET_KEY is not the one of the backup: sessions, second steps and keys of"
            " payment providers cannot be opened with it. Put the old one behind the new, after a"
            " comma.",
            err=True,
        )
    _complain(manifest["files"]["missing"])


@click.command()
@click.argument("target", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def copy(target: Path) -> None:
    """Move this installation to the database and files that the settings in file TARGET name."""
    here = config.load()
    there = config.load(_environment(target))
    if not set(here["SECRET_KEY"]) & set(there["SECRET_KEY"]):
        raise config.ConfigurationError(
            f"{config.PREFIX}SECRET_KEY: {target} has none of those in use here, with which second"
            " steps and keys of payment providers are sealed; put them there, a new one in front"
        )
    report = copying.copy(here, there, say=click.echo)
    for name, tally in sorted(report.tables.items()):
        click.echo(f"{name:24} {tally.rows:10} {tally.digest[:16]}  the same")
    click.echo(f"{report.files} files are the same. Serve with the settings in {target} from now.")
    _complain(report.missing)


def _environment(path: Path) -> dict[str, str]:
    """Read lines of ``NAME=value``, as systemd's EnvironmentFile has them."""
    found = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = line.strip().removeprefix("export ")
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        try:
            value = " ".join(shlex.split(value)) if value[:1] in "'\"" else value.strip()
        except ValueError:
            equals = ""  # A quotation that does not end.
        if not equals:
            raise config.ConfigurationError(f"{path}:{number}: write NAME=value")
        found[name.strip()] = value
    return found


def _complain(missing: list[str]) -> None:
    if missing:
        click.echo(f"{len(missing)} files were not where rows say: {missing[:10]}", err=True)
        sys.exit(1)
