"""Jobs that were given up: seen, and tried again."""

import click

from .. import jobs as work
from ..errors import NotFound
from ..jobs import Job
from ..mail import outbox
from .frame import connect

#: Lines a list prints.
SHOWN = 200


@click.group()
def jobs() -> None:
    """Work that waits, fails or was given up."""


@jobs.command("list")
@click.option("--dead", is_flag=True, help="Only those given up.")
def list_jobs(dead: bool) -> None:
    """List jobs with their kind, their state and their last error."""
    connect()
    shown = Job.select().order_by(Job.dead_at.is_null(), Job.run_at)
    if dead:
        shown = shown.where(Job.dead_at.is_null(False))
    for job in shown.limit(SHOWN):
        state = f"given up {job.dead_at}" if job.dead_at else f"due {job.run_at}"
        click.echo(f"{job.id}  {job.kind}  {state}  tries {job.attempts}  {job.last_error or ''}")


@jobs.command("retry")
@click.argument("ids", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="Every job that was given up.")
def retry_jobs(ids: tuple[int, ...], everything: bool) -> None:
    """Try jobs again that were given up; IDS are those `ventanilla jobs list` prints."""
    if not ids and not everything:
        raise click.UsageError("Name the jobs by their numbers, or say --all.")
    connect("jobs.retried")
    dead = Job.select().where(Job.dead_at.is_null(False))
    found = list(dead if everything else dead.where(Job.id.in_(ids)))
    missing = sorted(set(ids) - {job.id for job in found}) if not everything else []
    if missing:
        raise NotFound(f"These jobs were not given up: {', '.join(map(str, missing))}.")
    for job in found:
        if job.kind == "mail.send":
            # A letter knows by itself that it failed, and gets a job of its own.
            outbox.retry(**job.payload)
            Job.delete().where(Job.id == job.id).execute()
        else:
            work.revive(job)
    click.echo(f"{len(found)} will be tried again")
