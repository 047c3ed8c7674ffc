"""Which server writes answers for a site, if any: its address, its model, its key sealed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ..clock import stamp
from ..database import execute, fetch, insert, query, transaction
from ..errors import Invalid
from ..jobs import enqueue
from ..vault import Vault
from .models import Writer

#: Answers a day, for everybody on one site together, if nothing else was chosen.
DAILY = 500
MOST_DAILY = 1_000_000

#: Where an OpenAI-compatible server takes questions.
EXAMPLE = "https://api.openai.com/v1"


@dataclass(frozen=True)
class Endpoint:
    """A server to ask, with its key opened. ``patience``: milliseconds until its first word."""

    url: str
    model: str
    key: str
    patience: int


@dataclass(frozen=True)
class Card:
    """A site's choice as the console shows it. ``kept``: a key is there; it is not shown."""

    on: bool
    url: str
    model: str
    daily: int
    kept: bool
    embeds: bool
    embedder: str
    #: The server's own settings answer for what is left empty here.
    from_environment: bool


class Writing:
    """What writing answers needs from outside."""

    vault: Vault
    environment: dict[str, str] = {}
    patience = 2_500
    #: Answers written at the same time by one process: the others' requests need threads too.
    at_once = 1


def furnish(settings: Mapping[str, Any]) -> None:
    Writing.vault = Vault(settings["SECRET_KEY"], "assistant")
    Writing.patience = settings["ANSWER_MS"]
    Writing.at_once = settings["THREADS"] // 2
    Writing.environment = {
        name: settings[f"ANSWER_{name.upper()}"] for name in ("url", "model", "key")
    }


def of_site(site_id: int) -> Endpoint | None:
    """Return whom to ask for a site; ``None`` if its switch is off or nobody was named."""
    writer = _writer(site_id)
    return endpoint_of(writer) if writer and writer.enabled_at else None


def endpoint_of(writer: Writer) -> Endpoint | None:
    """Return whom a choice names, switched on or not. What it leaves open the server's own says.

    The server's own key goes to the server's own address only.
    """
    known = Writing.environment
    own = writer.url in ("", known["url"])
    return _endpoint(writer, writer.model_name or (known["model"] if own else ""))


def embedder_of(site_id: int) -> Endpoint | None:
    """Return whom to ask what texts mean; ``None`` if that is off, as it is unless chosen."""
    writer = _writer(site_id)
    return _endpoint(writer, writer.embedder) if writer and writer.embeds_at else None


def _endpoint(writer: Writer, model: str) -> Endpoint | None:
    known = Writing.environment
    url = writer.url or known["url"]
    own = json.loads(Writing.vault.open(writer.sealed))["key"] if writer.sealed else ""
    key = own or (known["key"] if url == known["url"] else "")
    return Endpoint(url, model, key, Writing.patience) if url and model else None


def named(site_id: int) -> Endpoint | None:
    """Return whom a site would ask, for trying it out."""
    writer = _writer(site_id)
    return endpoint_of(writer) if writer else None


def card(site_id: int) -> Card:
    writer = _writer(site_id)
    return Card(
        on=bool(writer and writer.enabled_at),
        url=writer.url if writer else "",
        model=writer.model_name if writer else "",
        daily=writer.daily if writer else DAILY,
        kept=bool(writer and writer.sealed),
        embeds=bool(writer and writer.embeds_at),
        embedder=writer.embedder if writer else "",
        from_environment=bool(Writing.environment.get("url")),
    )


def choose(
    site_id: int,
    *,
    on: bool,
    url: str,
    model: str,
    key: str,
    daily: str,
    embeds: bool = False,
    embedder: str = "",
) -> None:
    """Change whom a site asks. An empty key leaves the kept one, unless the address is another.

    Raises :exc:`Invalid` naming what is wrong.
    """
    known = _writer(site_id)
    url, model, key = url.strip().rstrip("/"), model.strip(), key.strip()
    faults: dict[str, list[str]] = {}
    if url and not _is_address(url):
        faults["url"] = [f"The server's address up to its version, such as {EXAMPLE}."]
    if not daily.strip().isdecimal() or not 1 <= int(daily.strip()[:9]) <= MOST_DAILY:
        faults["daily"] = [f"A whole number from 1 to {MOST_DAILY:,}."]
    environment = Writing.environment
    if (on or embeds) and not url and not environment["url"]:
        faults["url"] = ["Fill this in to switch it on."]
    if on and not model and not (environment["model"] and url in ("", environment["url"])):
        faults["model"] = ["Fill this in to switch it on."]
    if embeds and not embedder.strip():
        faults["embedder"] = ["Fill this in to switch it on."]
    if faults:
        raise Invalid(fields=faults)
    # A key goes to the address it was given for and to no other.
    sealed = known.sealed if known and known.url == url else None
    values: dict[str, Any] = {
        "url": url,
        "model_name": model,
        "sealed": Writing.vault.seal(json.dumps({"key": key})) if key else sealed,
        "daily": int(daily.strip()),
        "enabled_at": ((known and known.enabled_at) or stamp()) if on else None,
        "embedder": embedder.strip(),
        "embeds_at": ((known and known.embeds_at) or stamp()) if embeds else None,
        "changed_at": stamp(),
    }
    with transaction():
        insert(Writer, or_ignore=True, site_id=site_id, **values)
        Writer.update(**values).where(Writer.site_id == site_id).execute()
        if embeds:
            enqueue("assistant.embed_all", site_id=site_id)


def spend(site_id: int) -> bool:
    """Count one answer of today's; False once the day's are spent."""
    today = stamp()[:10]
    with transaction():
        rows = query(
            "INSERT INTO assistant_spent (site_id, day, asked, written) VALUES (?, ?, 1, 0)"
            " ON CONFLICT (site_id, day) DO UPDATE SET asked = assistant_spent.asked + 1"
            " WHERE assistant_spent.asked <"
            " (SELECT daily FROM assistant_writer WHERE site_id = ?) RETURNING asked",
            site_id, today, site_id,
        )  # fmt: skip
    return bool(rows)


def wrote(site_id: int) -> None:
    """Count one answer that had something to say."""
    execute(
        "UPDATE assistant_spent SET written = written + 1 WHERE site_id = ? AND day = ?",
        site_id, stamp()[:10],
    )  # fmt: skip


def spent(site_id: int, since: str) -> tuple[int, int]:
    """Return how often the server was asked since a moment, and how often it could answer."""
    rows = query(
        "SELECT coalesce(sum(asked), 0), coalesce(sum(written), 0) FROM assistant_spent"
        " WHERE site_id = ? AND day >= ?",
        site_id, since[:10],
    )  # fmt: skip
    asked, written = rows[0]
    return int(asked), int(written)


def _writer(site_id: int) -> Writer | None:
    found = fetch(Writer, "site_id = ?", site_id)
    return found[0] if found else None


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query
    except ValueError:
        return False
