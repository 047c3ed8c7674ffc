"""How a site's window looks, beside the window itself; the line that embeds it; its keys."""

import json
import secrets
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from flask import Response, current_app, g, make_response, redirect, request, url_for

from ...agents.guards import administrators, confirmed
from ...assets import HOLE
from ...errors import Invalid, NotFound, Unauthenticated
from ...identity.tokens import Tokens
from ...limits import limited
from ...sites import logos
from ...sites import service as sites
from ...sites.look import POSITIONS, ROUNDEST, THEMES, complete
from ...sites.models import Site, SiteKey
from ..presenters import inbox, sample
from ..presenters import look as presenter
from .frame import POLICY, bp, page
from .inbox import shell
from .settings import chosen_site

#: Seconds a preview of what was never saved can be looked at.
DRAFT_SECONDS = 86_400

#: The frame may hold a page of ours, and nothing else.
FRAMED = POLICY + "; frame-src 'self'"

#: The window with made-up requests: it reaches no server, reads no cookie, and is framed by us.
PREVIEWED = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src {images};"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self';"
    " sandbox allow-scripts allow-forms"
)


@bp.get("/look")
@administrators
def look() -> Any:
    """Show a site's look with its window beside it, how to embed it, and its keys."""
    site = chosen_site()
    if site is None:
        return redirect(url_for("console.new_site"), 303)
    return _look(site)


@bp.post("/look/<site_key>")
@administrators
def update_look(site_key: str) -> Any:
    """Save; what makes no sense is said beside its field, all else stays as typed."""
    site = sites.find_site(site_key)
    typed, faults = _typed(site)
    try:
        changes = presenter.read(site, typed)
    except Invalid as error:
        faults = {**error.details["fields"], **faults}
    if faults:
        return _look(site, typed, faults, status=422)
    sites.update_site(site, **changes)
    return redirect(url_for("console.look", site=site.key, saved=site.key), 303)


@bp.post("/look/<site_key>/draft")
@administrators
def create_look_draft(site_key: str) -> Any:
    """Answer what is being typed with its faults, its colours, and the address of its preview."""
    site = sites.find_site(site_key)
    typed, faults = _typed(site)
    address = None
    try:
        changes = presenter.read(site, typed)
        address = _address(site, changes["settings"], changes["name"])
    except Invalid as error:
        faults = {**error.details["fields"], **faults}
    return page("_look_state.html", **_shown(site, typed, faults), address=address, oob=True)


@bp.get("/look/<site_key>/preview")
@administrators
def look_preview(site_key: str) -> Response:
    """Show the real window in unsaved settings, on a page of its own that can reach nothing."""
    site = sites.find_site(site_key)
    draft = _draft(site)
    name = draft["name"]
    shown = Site(id=site.id, key=site.key, name=name, settings=site.settings | draft)
    assets = current_app.extensions["widget_assets"]
    config = sites.public_config(
        shown,
        request.url_root.rstrip("/"),
        file_bytes=current_app.config["FILE_BYTES"],
        assets=assets.manifest(),
    )
    logo, nonce = config["look"]["logo"], secrets.token_urlsafe(16)
    response = make_response(
        page(
            "look_preview.html",
            site=shown,
            spoken=config["default_language"],
            loader=assets.loader().replace(HOLE, _literal(config)),
            answers=sample.answers(config["default_language"], g.agent.name),
            opened="open" in request.args,
            nonce=nonce,
        )
    )
    images = f"'self' data: {_origin(logo)}".rstrip()
    response.headers["Content-Security-Policy"] = PREVIEWED.format(nonce=nonce, images=images)
    return response


@bp.post("/look/<site_key>/keys")
@administrators
@confirmed
@limited("30 per hour", by=lambda: f"agent {g.agent.id}")
def create_site_key(site_key: str) -> Any:
    """Add a signing key and show it this one time; those before keep working."""
    site = sites.find_site(site_key)
    return _look(site, made=sites.rotate_key(site))


@bp.post("/look/<site_key>/keys/<kid>/retirement")
@administrators
@confirmed
def retire_site_key(site_key: str, kid: str) -> Any:
    """Accept a key no more; the page that follows can take it back."""
    site = sites.find_site(site_key)
    sites.retire_key(site, kid)
    return redirect(url_for("console.look", site=site.key, retired=kid) + "#signing", 303)


@bp.post("/look/<site_key>/keys/<kid>/restoration")
@administrators
def restore_site_key(site_key: str, kid: str) -> Any:
    site = sites.find_site(site_key)
    sites.restore_key(site, kid)
    return redirect(url_for("console.look", site=site.key) + "#signing", 303)


def _draft(site: Site) -> dict[str, Any]:
    """Return the settings in the address, which only we can have put there."""
    try:
        draft = _drafts().read(request.args.get("draft", ""), ttl=DRAFT_SECONDS)
    except Unauthenticated as error:
        raise NotFound("This preview is no more.") from error
    if draft["key"] != site.key:
        raise NotFound("This preview is another site's.")
    return {name: value for name, value in draft.items() if name != "key"}


def _typed(site: Site) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what was typed, a sent picture taken in, and what is wrong with that picture."""
    typed = presenter.typed(request.form)
    sent = request.files.get("picture")
    if "no_logo" in request.form:
        typed["logo"] = ""
    elif sent:
        with closing(sent):
            content = sent.stream.read(logos.LARGEST + 1)
        try:
            typed["logo"] = current_app.config["SERVER_URL"] + logos.keep(site, content)
        except logos.UnusablePicture:
            return typed, {"logo": ["picture"]}
    return typed, {}


def _look(
    site: Site,
    typed: dict[str, Any] | None = None,
    faults: Mapping[str, Any] | None = None,
    *,
    made: SiteKey | None = None,
    status: int = 200,
) -> Response:
    keys = sites.keys(site.id)
    retired = request.args.get("retired")
    response = make_response(
        page(
            "look.html",
            **_shown(site, typed or presenter.form(site), faults or {}),
            address=_address(site, site.settings, site.name),
            positions=POSITIONS,
            themes=THEMES,
            roundest=ROUNDEST,
            spoken=presenter.SPOKEN,
            builtin=current_app.extensions["widget_assets"].manifest()["labels"],
            server=current_app.config["SERVER_URL"],
            keys=keys,
            in_use=sum(not each.retired_at for each in keys),
            made=made,
            retired=retired
            if any(each.kid == retired and each.retired_at for each in keys)
            else None,
            saved=request.args.get("saved"),
            **shell(),
        ),
        status,
    )
    elsewhere = f"img-src 'self' data: {_origin(complete(site.settings)['look']['logo'])}"
    response.headers["Content-Security-Policy"] = FRAMED.replace("img-src 'self' data:", elsewhere)
    return response


def _shown(site: Site, typed: dict[str, Any], faults: Mapping[str, Any]) -> dict[str, Any]:
    accent = inbox.accent(typed["accent"].strip())
    return {
        "owner": site,
        "form": typed,
        "faults": faults,
        "contrasts": [] if "accent" in faults else presenter.contrasts(accent),
        "colour": accent,
        "server_url": current_app.config["SERVER_URL"],
    }


def _address(site: Site, settings: dict[str, Any], name: str) -> str:
    """Return the address of a preview; what it shows is in the address, signed by us."""
    draft = presenter.draft(site, settings) | {"key": site.key, "name": name}
    token = _drafts().issue(draft)
    return url_for("console.look_preview", site_key=site.key, draft=token)


def _drafts() -> Tokens:
    return Tokens(current_app.config["SECRET_KEY"], "look-draft")


def _literal(config: dict[str, Any]) -> str:
    """Return the configuration as a literal that cannot end the script it stands in."""
    text = json.dumps(config)
    return text.replace("<", "\\u003c")


def _origin(address: str | None) -> str:
    return "/".join(address.split("/")[:3]) if address else ""
