"""What a plain request passes. No script works for it, so few are taken, and mail proves the rest.

A form carries a slip we signed: for which site, and since when it is open. A slip is used once.
"""

from math import ceil
from typing import Any

from flask import current_app

from ..clock import utcnow
from ..counting import Bound
from ..errors import RateLimited, Unauthenticated
from ..identity.tokens import Tokens
from ..ids import new_id
from ..limits import address_key, limiter
from ..mail.routes import PER_MAILBOX
from ..sites.models import Site

#: Plain requests from one address of the network, and to one whole site: apart from the panel's,
#: which has worked for its own.
PER_ADDRESS, PER_SITE = Bound(5, 3_600), Bound(60, 3_600)

#: Seconds a form may lie open.
LIFE = 86_400


def slip(site: Site) -> str:
    """Return what a form sends along."""
    return _slips().issue([site.id, new_id(), utcnow().timestamp()])


def read_slip(site: Site, given: str) -> str:
    """Return what tells one form from all others.

    Raises :exc:`Unauthenticated` for a slip that is too old or not ours, and :exc:`RateLimited` for
    a form that was filled in faster than a person can.
    """
    claims: Any = _slips().read(given, ttl=LIFE)
    site_id, mark, issued = claims
    if site_id != site.id:
        raise Unauthenticated()
    early = issued + current_app.config["PROOF_SECONDS"] - utcnow().timestamp()
    if early > 0:
        raise RateLimited(retry_after=ceil(early))
    return str(mark)


def count(site: Site, email: str) -> None:
    """Count a request, and the letter it sends to an address somebody typed.

    What one address of the network is refused is not taken from the site's, nor from a mailbox's.
    """
    counted = (
        (PER_ADDRESS, "plain", f"{site.id} {address_key()}"),
        (PER_SITE, "plain", str(site.id)),
        (PER_MAILBOX, "mail-link", f"{site.id} {email}"),
    )
    for bound, *keys in counted:
        if wait := limiter().hit(bound, *keys):
            raise RateLimited(retry_after=wait)


def _slips() -> Tokens:
    return Tokens(current_app.config["SECRET_KEY"], "plain-request")
