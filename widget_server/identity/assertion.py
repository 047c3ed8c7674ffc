"""The host's word for who its user is: a short-lived HS256 JWT (RFC 7519)."""

from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from ..clock import stamp, utcnow
from ..errors import Unauthenticated
from ..sites.models import Site, SiteKey
from ..wire import UNUSABLE, address
from .models import UsedToken

#: Seconds between ``iat`` and ``exp`` at most, and how far the host's clock may be off.
LONGEST_LIFE, SKEW = 300, 60

SUB_LENGTH, NAME_LENGTH, TOKEN_LENGTH = 128, 200, 4_096

#: Claims of the host's own that agents are shown: how many, and how long each.
CLAIMS, CLAIM_LENGTH = 12, 200

#: Whom the host's server names when it speaks for itself. What it signs for a page lacks it.
AUDIENCE = "ventanilla:host"

_KNOWN = {
    "sub",
    "iat",
    "exp",
    "nbf",
    "iss",
    "aud",
    "jti",
    "email",
    "email_verified",
    "name",
    "locale",
}


class IdentityRefused(Unauthenticated):
    code, message = "identity_refused", "The site's word for its user cannot be trusted."


@dataclass(frozen=True)
class Identity:
    """What the host vouches for."""

    sub: str
    email: str | None
    email_verified: bool
    name: str | None
    locale: str | None
    claims: dict[str, str]


def read(site: Site, token: str) -> Identity:
    """Return who the token speaks of; raise :exc:`IdentityRefused` saying what is wrong with it."""
    claims = _verified(site, token, ("exp", "iat", "sub"))
    if claims.get("aud") == AUDIENCE:
        raise IdentityRefused("This token speaks for the host's server, not for a user.")
    sub = _subject(claims)
    _use_once(site, claims)
    email = _email(claims.get("email"))
    return Identity(
        sub=sub,
        email=email,
        email_verified=email is not None and claims.get("email_verified") is True,
        name=_short(claims.get("name"), NAME_LENGTH),
        locale=_short(claims.get("locale"), 35),
        claims=_own(claims),
    )


def read_host(site: Site, token: str) -> dict[str, Any]:
    """Return what the host's server signed for this server to act on.

    Raises :exc:`IdentityRefused`, for a user's token too: those are in pages.
    """
    claims = _verified(site, token, ("exp", "iat", "aud"), audience=AUDIENCE)
    if "sub" in claims:
        _subject(claims)
    _use_once(site, claims)
    return claims


def _verified(
    site: Site, token: str, required: tuple[str, ...], *, audience: str | None = None
) -> dict[str, Any]:
    import jwt  # It brings all of cryptography, which only hosts that sign ask for.

    if len(token) > TOKEN_LENGTH:
        raise IdentityRefused(f"The token is longer than {TOKEN_LENGTH} characters.")
    try:
        kid = str(jwt.get_unverified_header(token).get("kid"))
    except (jwt.PyJWTError, ValueError) as error:
        raise IdentityRefused("This is not a JWT.") from error
    own = (SiteKey.site_id == site.id, SiteKey.kid == kid, SiteKey.retired_at.is_null())
    key = None if UNUSABLE.search(kid) else SiteKey.get_or_none(*own)
    if key is None:
        raise IdentityRefused("kid names none of the site's keys in use.")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key.secret,
            algorithms=["HS256"],
            leeway=SKEW,
            audience=audience,
            options={
                "require": list(required),
                "verify_aud": audience is not None,
                "verify_sub": False,
            },
        )
    except jwt.PyJWTError as error:
        raise IdentityRefused(f"{error}.".replace("..", ".")) from error
    if not all(type(claims[name]) in (int, float) for name in ("exp", "iat")):
        raise IdentityRefused("exp and iat must be numbers.")
    if claims["exp"] - claims["iat"] > LONGEST_LIFE:
        raise IdentityRefused(f"exp may be at most {LONGEST_LIFE} seconds after iat.")
    return claims


def _subject(claims: dict[str, Any]) -> str:
    sub = claims["sub"]
    if not isinstance(sub, str) or not 1 <= len(sub) <= SUB_LENGTH or UNUSABLE.search(sub):
        raise IdentityRefused(f"sub must be a text of 1 to {SUB_LENGTH} characters.")
    return sub


def _use_once(site: Site, claims: dict[str, Any]) -> None:
    jti = claims.get("jti")
    if jti is None:
        return
    if not isinstance(jti, str) or not 1 <= len(jti) <= SUB_LENGTH or UNUSABLE.search(jti):
        raise IdentityRefused(f"jti must be a text of 1 to {SUB_LENGTH} characters.")
    life = max(claims["exp"] + SKEW - utcnow().timestamp(), 0)
    fresh = (
        UsedToken.insert(site_id=site.id, jti=jti, expires_at=stamp(seconds=life))
        .on_conflict_ignore()
        .as_rowcount()
        .execute()
    )
    if not fresh:
        raise IdentityRefused("This token was used before; its jti allows one use.")


def _email(value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        return address(value)
    except (ValidationError, AttributeError, TypeError) as error:
        if isinstance(value, str) and "@" in value:
            return None  # Nobody can be reached there, which is no reason to keep its user out.
        raise IdentityRefused("email is not an address.") from error


def _short(value: Any, most: int) -> str | None:
    if not isinstance(value, str):
        return None
    return UNUSABLE.sub("", value).strip()[:most] or None


def _own(claims: dict[str, Any]) -> dict[str, str]:
    """Return the claims agents are shown as texts; what is neither plain nor a list is left out."""
    own: dict[str, str] = {}
    for name, value in claims.items():
        many = value if isinstance(value, list) else [value]
        if name in _KNOWN or not all(isinstance(each, str | int | float) for each in many):
            continue
        text = ", ".join(str(each) for each in many)
        label, shown = _short(name, 40), _short(text, CLAIM_LENGTH)
        if label and shown and len(own) < CLAIMS:
            own[label] = shown
    return own
