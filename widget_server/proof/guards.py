"""What a visitor's request passes before it is filed. Whoever is vouched for passes freely."""

from typing import Any

from flask import current_app

from ..counting import Bound
from ..errors import Invalid, RateLimited
from ..identity.service import Caller
from ..limits import address_key, limiter
from .service import Proofs

#: Requests of unproven visitors: from one address of the network, and to one whole site.
PER_ADDRESS, PER_SITE = Bound(30, 3_600), Bound(60, 60)


def init_app(app: Any) -> None:
    config = app.config
    app.extensions["proofs"] = Proofs(
        config["SECRET_KEY"], config["PROOF_COST"], config["PROOF_SECONDS"]
    )


def proofs() -> Proofs:
    found: Proofs = current_app.extensions["proofs"]
    return found


def admit(caller: Caller, proof: dict[str, Any] | None, website: str) -> None:
    """Let a visitor file, once for each ``proof``.

    ``website`` is a field no person sees. What it holds is refused by name rather than swallowed:
    a browser may have filled it in, and the panel empties it and keeps what was written.
    """
    if caller.kind == "identified" or caller.proven:
        return
    if website:
        raise Invalid(fields={"website": ["Leave this empty."]})
    # Counted after the proof: who has not worked must not use up what everyone shares.
    proofs().spend(caller, proof)
    who = (PER_ADDRESS, address_key()), (PER_SITE, "")
    wait = max(limiter().hit(limit, "file", f"{caller.site_id} {key}") for limit, key in who)
    if wait:
        raise RateLimited(retry_after=wait)
