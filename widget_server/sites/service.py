"""Everything that can happen to a site. Knows nothing about HTTP."""

import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from .. import audit
from ..clock import parse, stamp, utcnow
from ..database import fetch, query, transaction
from ..errors import Invalid, NotFound
from ..text import to_tree
from ..wire import ascii_host
from . import beginnings, contact, fields, look, reach
from .models import Category, Site, SiteKey

LANGUAGES = look.LANGUAGES

#: The port of each scheme, which browsers leave out.
PORTS = {"http": 80, "https": 443}


class UnknownSite(NotFound):
    code, message = "unknown_site", "No site has this key. Copy it from the console."


def add_site(
    *,
    name: str,
    origins: list[str],
    settings: dict[str, Any] | None = None,
    categories: list[dict[str, Any]] | None = None,
) -> tuple[Site, SiteKey]:
    """Register a site and return it with its first signing key.

    Raises :exc:`Invalid` for an origin that is not scheme and host.
    """
    now = stamp()
    contact.check(settings or {})
    look.check(settings or {})
    with transaction():
        site = Site.create(
            key=secrets.token_hex(8),
            name=name,
            origins=clean_origins(origins),
            settings=look.complete(settings or {}),
            created_at=now,
            changed_at=now,
        )
        key = rotate_key(site)
        for position, category in enumerate(
            beginnings.CATEGORIES if categories is None else categories
        ):
            fields.check(category)
            Category.create(site_id=site.id, position=position, **look.complete_category(category))
        audit.note("site.added", site_id=site.id, name=name)
    return site, key


def clean_origin(text: str) -> str:
    """Return ``https://host[:port]`` as browsers write it, or raise :exc:`Invalid`."""
    if text == "*":
        return text
    try:
        parts = urlsplit(text.strip())
        usual = PORTS.get(parts.scheme)
        usable = usual and parts.hostname and parts.port != 0
    except ValueError:  # A port that is no number, an address with half a bracket.
        usable = False
    if not usable or set("@ *") & set(parts.netloc):
        raise Invalid(
            f"{text!r} is not an origin. Write scheme and host: https://www.example.com",
            fields={"origins": [text]},
        )
    host = ascii_host(parts.hostname or "")
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def clean_origins(texts: list[str]) -> list[str]:
    """Return each origin once, in the order given. Raises :exc:`Invalid`."""
    return list(dict.fromkeys(clean_origin(text) for text in texts))


def rotate_key(site: Site) -> SiteKey:
    """Add a signing key; the ones before keep working until :func:`retire_key`."""
    with transaction():
        key = SiteKey.create(
            site_id=site.id,
            kid="k" + secrets.token_hex(3),
            secret=secrets.token_urlsafe(32),
            created_at=stamp(),
        )
        audit.note("site.key_added", site_id=site.id, key=key.kid)
    return key


def retire_key(site: Site, kid: str) -> None:
    _turn_key(site, kid, "site.key_retired", was=SiteKey.retired_at.is_null(), retired_at=stamp())


def restore_key(site: Site, kid: str) -> None:
    """Accept a retired key again: the server that signs with it was not ready yet."""
    was = SiteKey.retired_at.is_null(False)
    _turn_key(site, kid, "site.key_restored", was=was, retired_at=None)


def _turn_key(site: Site, kid: str, act: str, *, was: Any, retired_at: str | None) -> None:
    this = (SiteKey.site_id == site.id) & (SiteKey.kid == kid)
    with transaction():
        if not SiteKey.update(retired_at=retired_at).where(this & was).execute():
            raise NotFound(f"The site has no key {kid!r} in use.")
        audit.note(act, site_id=site.id, key=kid)


def keys(site_id: int) -> list[SiteKey]:
    """Return a site's signing keys, the newest first, those in use before the retired."""
    return fetch(
        SiteKey, "site_id = ? ORDER BY retired_at IS NOT NULL, created_at DESC, kid", site_id
    )


def find_site(key: str) -> Site:
    """Return a site. Raises :exc:`UnknownSite`, also out of reach of whoever is being served."""
    site = Site.get_or_none(Site.key == key)
    if site is None or not reach.within(site.id):
        raise UnknownSite()
    return site


def find_open_site(key: str) -> Site:
    """Return a site its pages may use; one that was put away looks like it does not exist."""
    site = find_site(key)
    if site.archived_at:
        raise UnknownSite()
    return site


def archive_site(site: Site) -> None:
    """Put a site away: its pages show no window any more, what was asked there stays."""
    _put(site, "site.archived", stamp())


def restore_site(site: Site) -> None:
    _put(site, "site.restored", None)


def _put(site: Site, act: str, archived_at: str | None) -> None:
    with transaction():
        site.archived_at = archived_at
        Site.update(archived_at=archived_at).where(Site.id == site.id).execute()
        _touch(site)
        audit.note(act, site_id=site.id, name=site.name)


def site_of(site_id: int) -> Site:
    """Return a site that something refers to."""
    return fetch(Site, "id = ?", site_id)[0]


def zone_of(site: Site) -> ZoneInfo:
    """Return the time zone in which a site's days are told."""
    return ZoneInfo(contact.zone(site.settings))


def _today(site: Site) -> str:
    return utcnow().astimezone(zone_of(site)).date().isoformat()


def day_at(site_id: int, at: str) -> str:
    """Return the day a moment falls on by a site's own clocks."""
    return parse(at).astimezone(zone_of(site_of(site_id))).date().isoformat()


def update_site(site: Site, **changes: Any) -> None:
    """Change name, origins or settings; what others changed since ``site`` was read stays.

    Raises :exc:`Invalid` for calendars, channels or a look that make no sense.
    """
    was, wished = site.settings, changes.pop("settings", site.settings)
    parts = [name for name in sorted({*was, *wished}) if was.get(name) != wished.get(name)]
    changed = [name for name in changes if getattr(site, name) != changes[name]] + parts
    with transaction():
        _touch(site)  # Pages fetch it anew, and whoever saves at the same time waits here.
        now = site_of(site.id).settings
        settings = {name: now[name] for name in now if name not in parts}
        settings |= {name: wished[name] for name in parts if name in wished}
        contact.check(settings)
        look.check(settings)
        Site.update(settings=settings, **changes).where(Site.id == site.id).execute()
        site.__data__.update(site_of(site.id).__data__)
        audit.note("site.changed", site_id=site.id, what=changed)


def categories(site_id: int, *, retired: bool = False) -> list[Category]:
    """Return what a site offers; ``retired``: and what it did once."""
    found = Category.select().where(Category.site_id == site_id).order_by(Category.position)
    return list(found if retired else found.where(Category.retired_at.is_null()))


def save_category(site: Site, category_id: str, category: dict[str, Any]) -> str:
    """Change a category, or make one under ``new``; return its id. Raises :exc:`Invalid`."""
    full = look.complete_category(category)
    fields.check(full)
    with transaction():
        if category_id == "new":
            category_id = f"c{secrets.token_hex(4)}"
            ((last,),) = query("SELECT max(position) FROM category WHERE site_id = ?", site.id)
            Category.create(site_id=site.id, id=category_id, position=(last or 0) + 1, **full)
        elif not (
            Category.update(**full)
            .where(Category.site_id == site.id, Category.id == category_id)
            .where(Category.retired_at.is_null())
            .execute()
        ):
            raise NotFound("The site has no such category.")
        _touch(site)
        audit.note("category.saved", site_id=site.id, category=category_id, name=full["name"])
    return category_id


def retire_category(site: Site, category_id: str) -> None:
    """Offer a category no longer; its tickets keep it."""
    with transaction():
        Category.update(retired_at=stamp()).where(
            Category.site_id == site.id, Category.id == category_id
        ).execute()
        _touch(site)
        audit.note("category.retired", site_id=site.id, category=category_id)


def _touch(site: Site) -> None:
    """Let pages know that the configuration is another."""
    site.changed_at = stamp()
    Site.update(changed_at=site.changed_at).where(Site.id == site.id).execute()


def version(key: str) -> str | None:
    """Return a text that changes with what is public; by notices and hours, with each day."""
    found = fetch(Site, "key = ? AND archived_at IS NULL", key)
    return f"{found[0].changed_at} {_today(found[0])}" if found else None


def public_config(
    site: Site, server: str, *, file_bytes: int, assets: dict[str, Any]
) -> dict[str, Any]:
    """Return what any visitor of the site may know. Listed here, nothing is masked elsewhere."""
    settings = look.complete(site.settings)
    config = {
        "key": site.key,
        "server": server,
        "name": site.name,
        "languages": settings["languages"],
        "default_language": settings["default_language"],
        "labels": assets.get("labels", {}) | settings["labels"],
        "greeting": settings["greeting"],
        "look": settings["look"],
        "categories": [_public(site, category) for category in categories(site.id)],
        "limits": {
            "files": look.FILES,
            "file_bytes": file_bytes,
            "title": look.TITLE,
            "body": look.BODY,
            "accept": list(look.ACCEPT),
        },
        "contact": {name: settings["contact"][name] for name in ("email", "answer_hours")},
        "channels": contact.channels(settings),
        "assets": {name: assets[name] for name in ("panel", "lang") if name in assets},
    }
    digest = hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()
    return config | {"version": digest[:12]}


def notice_of(site: Site, category: Category) -> dict[str, Any] | None:
    """Return a category's notice on the days it names, both included; on any if it names none."""
    notice, today = category.notice or {}, _today(site)
    current = (notice.get("from") or today) <= today <= (notice.get("until") or today)
    return notice if notice and current else None


def _public(site: Site, category: Category) -> dict[str, Any]:
    public = {"id": category.id, "icon": category.icon, "name": category.name}
    notice = notice_of(site, category)
    if notice:
        content = {language: to_tree(text) for language, text in notice["text"].items()}
        notice = {"tone": notice["tone"], "content": content}
    optional = {"hint": category.hint, "notice": notice, "fields": category.fields}
    return public | {name: value for name, value in optional.items() if value}


def all_sites() -> list[Site]:
    """Return the sites within reach of whoever is being served, by name."""
    return [site for site in Site.select().order_by(Site.name) if reach.within(site.id)]


def open_sites() -> list[Site]:
    """Return the sites that were not put away."""
    return [site for site in all_sites() if not site.archived_at]
