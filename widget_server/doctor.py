"""Check every setting and connection, and say what to do about what is wrong."""

import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import click

from . import checkups, config, database, migrations
from .assets import Assets, NotBuilt
from .attachments import service as attachments
from .attachments.storage import OURS
from .errors import Unavailable
from .ids import new_id
from .orders import typefaces
from .payments import accounts as tills
from .payments import service as payments
from .sites import service as sites

Check = Callable[[dict[str, Any]], str]

OK, ADVICE, WRONG, SKIPPED = "ok", "advice", "wrong", "skipped"
SIGNS = {OK: "✓", ADVICE: "!", WRONG: "✗", SKIPPED: "–"}


@dataclass(frozen=True)
class Finding:
    """What one check found: its state, and what is so or what to do."""

    name: str
    state: str
    says: str


def examine(*, as_json: bool = False) -> int:
    """Print what every check found; return 0 if nothing is wrong, 1 otherwise."""
    findings = list(_findings())
    healthy = all(each.state != WRONG for each in findings)
    if as_json:
        told = {"healthy": healthy, "checks": [asdict(each) for each in findings]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for each in findings:
            click.echo(f"{SIGNS[each.state]} {each.name:10} {each.says}")
    return 0 if healthy else 1


def _findings() -> Iterator[Finding]:
    try:
        settings = config.load()
    except config.ConfigurationError as error:
        yield from (Finding("settings", WRONG, fault) for fault in str(error).splitlines())
        return
    yield Finding("settings", OK, "all there and readable")
    alone: dict[str, Check] = {
        "secret": checkups.secret,
        "files": _files,
        "widget": _widget,
        "documents": _documents,
        "limits": _limits,
        "signals": _signals,
        "address": _address,
        "proxies": checkups.proxies,
        "reachable": checkups.reachable,
        "sending": checkups.sending,
        "receiving": checkups.receiving,
    }
    in_database: dict[str, Check] = {
        "clock": checkups.clock,
        "people": checkups.people,
        "worker": checkups.worker,
        "leftovers": checkups.leftovers,
        "payments": _payments,
        "pdf": checkups.documents,
    }
    first = _try("database", _database, settings)
    yield first
    yield from (_try(name, check, settings) for name, check in alone.items())
    for name, check in in_database.items():
        if first.state == WRONG:
            yield Finding(name, SKIPPED, "needs the database")
        else:
            yield _try(name, check, settings)
    database.release()


def _try(name: str, check: Check, settings: dict[str, Any]) -> Finding:
    try:
        return Finding(name, OK, check(settings))
    except checkups.Advice as advice:
        return Finding(name, ADVICE, str(advice))
    except Exception as error:
        return Finding(name, WRONG, " ".join(str(error).split()) or type(error).__name__)


def _database(settings: dict[str, Any]) -> str:
    opened = database.open_as(settings)
    opened.connect(reuse_if_open=True)
    waiting = migrations.pending(opened)
    opened.close()
    if waiting:
        raise RuntimeError(f"{len(waiting)} migrations are pending; run `ventanilla migrate`")
    return f"{settings['DATABASE_URL'].split(':')[0]} answers and is up to date"


def _files(settings: dict[str, Any]) -> str:
    if settings["FILES_URL"]:
        return _bucket(settings)
    folder = settings["FILES_DIR"]
    os.makedirs(folder, mode=OURS, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder):
        free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    if free < 1 << 30:
        raise RuntimeError(f"only {free >> 20} MB are free in {folder}; make room")
    if Path(folder).stat().st_mode & 0o007:
        raise checkups.Advice(f"anybody on this machine can read {folder}; chmod 750 it")
    return f"{folder} can be written, {free >> 30} GB free"


def _bucket(settings: dict[str, Any]) -> str:
    try:
        _try_bucket(attachments.home(settings))
    except (FileNotFoundError, Unavailable) as error:
        raise RuntimeError(
            f"{settings['FILES_URL']}: {error.__cause__}; look at VENTANILLA_FILES_URL,"
            " _ENDPOINT, _REGION, _KEY and _SECRET"
        ) from error
    return f"{settings['FILES_URL']} keeps and gives back"


def _try_bucket(home: attachments.Storage) -> None:
    file_id, said = new_id(), b"ventanilla doctor"
    with home.receive(io.BytesIO(said), file_id=file_id, most=len(said)) as received:
        home.keep(received, file_id)
    try:
        with home.open(file_id) as handle:
            if handle.read() != said:
                raise RuntimeError("the bucket answers something else than what was put in")
        address = home.address(file_id, "doctor.txt")
        if address:
            with urlopen(address, timeout=10) as answer:
                told = answer.headers.get("Content-Disposition", "")
            if not told.startswith("attachment"):
                raise RuntimeError(
                    "the bucket does not say that files are downloads;"
                    " set VENTANILLA_FILES_DOWNLOADS=proxied"
                )
    finally:
        home.remove(file_id)


def _widget(settings: dict[str, Any]) -> str:
    try:
        languages = Assets().manifest()["lang"]
    except NotBuilt as error:
        raise RuntimeError(str(error)) from error
    return f"built, in {', '.join(sorted(languages))}"


def _documents(settings: dict[str, Any]) -> str:
    typefaces.furnish(settings["DOCUMENT_FONT"])
    found = typefaces.Typeface.extra
    return (
        f"letters of other alphabets are set in {found}"
        if found
        else "Chinese, Japanese and Korean are printed as ?; install Noto Sans CJK"
        f" (fonts-noto-cjk), or name a font in {config.PREFIX}DOCUMENT_FONT"
    )


def _payments(settings: dict[str, Any]) -> str:
    tills.furnish(settings)
    found = [(site, each) for site in sites.all_sites() for each in tills.enabled(site.id)]
    for site, each in found:
        wrong = payments.check(site.id, each.way)
        if wrong:
            raise RuntimeError(f"{site.name}, {each.way}: {wrong}; see Payments in the console")
    return f"ways to pay that answer: {len(found)}" if found else "no site takes any"


def _limits(settings: dict[str, Any]) -> str:
    if settings["RATE_LIMIT_URL"].startswith("memory"):
        if settings["PROCESSES"] > 1:
            raise RuntimeError("several processes count alone; set VENTANILLA_RATE_LIMIT_URL")
        return "counted in this process"
    import redis

    redis.Redis.from_url(settings["RATE_LIMIT_URL"], socket_timeout=3).ping()
    return "Redis answers"


def _signals(settings: dict[str, Any]) -> str:
    if not settings["REDIS_URL"]:
        return "none; several machines look for news by themselves"
    import redis

    redis.Redis.from_url(settings["REDIS_URL"], socket_timeout=3).ping()
    return "Redis answers"


def _address(settings: dict[str, Any]) -> str:
    url = settings["SERVER_URL"]
    local = url.startswith(("http://127.0.0.1", "http://localhost"))
    if url.startswith("http://") and not local:
        raise RuntimeError(f"{url} is not encrypted; browsers need https:// on other machines")
    return f"browsers reach us at {url}"
