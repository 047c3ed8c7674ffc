"""Which host's server is calling? Answered once, before the view runs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request

from ..errors import Unauthenticated
from ..identity.assertion import read_host
from ..sites.service import find_site


def host_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Pass the site and what its server signed to the view as its first arguments."""

    @wraps(view)
    def guarded(*args: Any, site_key: str, **kwargs: Any) -> Any:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("Send Authorization: Bearer with a JWT of the host's server.")
        site = find_site(site_key)
        return view(site, read_host(site, token), *args, **kwargs)

    return guarded
