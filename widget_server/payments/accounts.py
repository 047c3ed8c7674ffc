"""How a site takes money: what it chose for each way, its secrets sealed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..clock import stamp
from ..database import execute, fetch, insert, transaction
from ..errors import Invalid
from ..identity.tokens import Tokens
from ..sites.models import SiteKey
from ..vault import Vault
from . import iban
from .links import Links, check_template
from .models import LINK, SHOP, STRIPE, TRANSFER, Account
from .shops import Shops
from .stripe import Stripe
from .ways import Chosen, Provider

#: In the order a payer is offered them.
WAYS = (STRIPE, SHOP, LINK, TRANSFER)

#: What each asks, beside its secrets.
SETTINGS = {
    STRIPE: (),
    SHOP: ("url",),
    LINK: ("template", "label"),
    TRANSFER: ("holder", "iban", "bic", "bank", "prefix", "note"),
}

#: What of each is a secret.
SECRETS = {STRIPE: ("key", "hook_secret"), LINK: ("secret",)}


@dataclass(frozen=True)
class Card:
    """A way as the console shows it. ``kept``: which secrets are there; they are not shown."""

    way: str
    on: bool
    settings: dict[str, Any]
    kept: tuple[str, ...]
    from_environment: bool
    heard_at: str | None


class Till:
    """What taking money needs from outside."""

    vault: Vault
    server_url = ""
    #: Signs where somebody goes on after paying.
    returns: Tokens
    providers: dict[str, Provider] = {}
    stripe: Stripe
    #: Stripe's key and webhook secret for sites that have none of their own.
    environment: dict[str, str] = {}


def furnish(settings: Mapping[str, Any]) -> None:
    Till.vault = Vault(settings["SECRET_KEY"], "payments")
    Till.returns = Tokens(settings["SECRET_KEY"], "payment-return")
    Till.server_url = settings["SERVER_URL"]
    Till.stripe = Stripe(settings["STRIPE_URL"])
    Till.providers = {STRIPE: Till.stripe, LINK: Links(), SHOP: Shops()}
    Till.environment = {
        "key": settings["STRIPE_KEY"],
        "hook_secret": settings["STRIPE_HOOK_SECRET"],
    }


def accounts(site_id: int) -> dict[str, Account]:
    return {each.way: each for each in fetch(Account, "site_id = ?", site_id)}


def enabled(site_id: int) -> list[Account]:
    """Return the ways a site takes money now, in the order they are offered."""
    known = accounts(site_id)
    return [known[way] for way in WAYS if way in known and known[way].enabled_at]


def cards(site_id: int) -> list[Card]:
    """Return every way, set up or not."""
    known = accounts(site_id)
    return [_card(way, known.get(way)) for way in WAYS]


def _card(way: str, account: Account | None) -> Card:
    kept = tuple(_secrets(account)) if account else ()
    return Card(
        way=way,
        on=bool(account and account.enabled_at),
        settings=account.settings if account else {},
        kept=kept,
        from_environment=way == STRIPE and "key" not in kept and bool(Till.environment["key"]),
        heard_at=account.heard_at if account else None,
    )


def chosen(account: Account) -> Chosen:
    """Return a way with its secrets opened."""
    secrets = _secrets(account)
    if account.way == STRIPE:
        secrets = {name: value for name, value in Till.environment.items() if value} | secrets
    if account.way == SHOP:
        # Until somebody has pasted a new key into the shop, it knows the one before.
        secrets = {key.kid: key.secret for key in shop_keys(account.site_id)}
    return Chosen(account.way, account.settings, secrets)


def shop_keys(site_id: int) -> list[SiteKey]:
    """Return the keys shared with the host, the newest last."""
    return fetch(
        SiteKey, "site_id = ? AND retired_at IS NULL ORDER BY created_at, kid", site_id
    )  # fmt: skip


def set_up(
    site_id: int, way: str, *, on: bool, secrets: Mapping[str, str], settings: Mapping[str, str]
) -> None:
    """Change how a site takes money one way. An empty secret leaves the one that is kept.

    Raises :exc:`Invalid` naming what is wrong, for what is switched on and for what was filled in.
    """
    known = accounts(site_id).get(way)
    kept = (_secrets(known) if known else {}) | {
        name: value.strip() for name, value in secrets.items() if value.strip()
    }
    chosen, faults = _checked(way, settings, kept, on=on)
    if faults:
        raise Invalid(fields=faults)
    values: dict[str, Any] = {
        "settings": chosen,
        "sealed": Till.vault.seal(json.dumps(kept)) if kept else None,
        "enabled_at": (known and known.enabled_at) or stamp() if on else None,
        "changed_at": stamp(),
    }
    with transaction():
        insert(Account, or_ignore=True, site_id=site_id, way=way, **values)
        Account.update(**values).where(Account.site_id == site_id, Account.way == way).execute()


def heard(site_id: int, way: str) -> None:
    """Note that a provider's call came and was right: its half is set up well."""
    execute(
        "UPDATE payment_account SET heard_at = ? WHERE site_id = ? AND way = ?",
        stamp(), site_id, way,
    )  # fmt: skip


def _secrets(account: Account) -> dict[str, str]:
    return dict(json.loads(Till.vault.open(account.sealed))) if account.sealed else {}


def _checked(
    way: str, given: Mapping[str, str], secrets: Mapping[str, str], *, on: bool
) -> tuple[dict[str, str], dict[str, list[str]]]:
    settings = {name: value.strip() for name, value in given.items() if value.strip()}
    faults: dict[str, list[str]] = {}

    def tidy(name: str, check: Any) -> None:
        if name in settings:
            try:
                settings[name] = check(settings[name])
            except ValueError as error:
                faults[name] = [str(error)]

    tidy("iban", iban.read_iban)
    tidy("bic", iban.read_bic)
    tidy("template", check_template)
    tidy("url", _shop_address)
    everything = {**settings, **secrets}
    if way == STRIPE:
        everything = {name: value for name, value in Till.environment.items() if value} | everything
        _check_stripe(secrets, faults)
    for name in REQUIRED[way] if on else ():
        if name not in everything:
            faults.setdefault(name, ["Fill this in to switch it on."])
    return settings, faults


#: What has to be there before a way can be switched on.
REQUIRED = {
    STRIPE: ("key", "hook_secret"),
    LINK: ("template",),
    TRANSFER: ("holder", "iban"),
    SHOP: ("url",),
}


def _check_stripe(secrets: Mapping[str, str], faults: dict[str, list[str]]) -> None:
    key, hook = secrets.get("key", "sk_"), secrets.get("hook_secret", "whsec_")
    if not key.startswith(("sk_", "rk_")):
        faults["key"] = ["This is not a secret key: it begins with sk_ or rk_."]
    if not hook.startswith("whsec_"):
        faults["hook_secret"] = ["The signing secret begins with whsec_."]


def _shop_address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("The address of the WordPress site: https://www.example.com")
    return text.rstrip("/")
