"""Sites for programs: new ones, their look, keys, and how long they keep things."""

from typing import Any

from flask import Response, current_app, request

from ...retention import finding
from ...retention import policy as keeping
from ...sites import logos, service
from ...sites.look import complete
from ...sites.models import Site
from .. import answers, sites
from ..guards import allowed, everywhere, site_of
from .frame import BYTES, TOKEN, answer, bp, seldom
from .settings import WRITE, told

ONE = "/sites/<site_key>"
KEYS = f"{ONE}/keys"


@bp.post("/sites")
@allowed(WRITE)
@seldom
@bp.arguments(sites.NewSite())
@bp.alt_response(201, schema=answers.AgentSite)
@bp.doc(**TOKEN)
def agent_create_site(data: dict[str, Any]) -> Response:
    """Add a site; its first key's secret is in this answer and nowhere else."""
    everywhere()
    site, key = service.add_site(**data)
    return answer(told(site) | {"signing_key": sites.key(key) | {"secret": key.secret}}, 201)


@bp.put(f"{ONE}/archive")
@allowed(WRITE)
@bp.alt_response(200, schema=answers.AgentSite)
@bp.doc(**TOKEN)
def agent_archive_site(site_key: str) -> Response:
    """Put a site away: its pages show no window any more, what was asked there stays."""
    site = site_of(site_key)
    service.archive_site(site)
    return answer(told(site))


@bp.delete(f"{ONE}/archive")
@allowed(WRITE)
@bp.alt_response(200, schema=answers.AgentSite)
@bp.doc(**TOKEN)
def agent_restore_site(site_key: str) -> Response:
    """Bring a site back."""
    site = site_of(site_key)
    service.restore_site(site)
    return answer(told(site))


@bp.put(f"{ONE}/look")
@allowed(WRITE)
@bp.arguments(sites.SiteLook())
@bp.alt_response(200, schema=answers.AgentSite)
@bp.doc(**TOKEN)
def agent_update_look(data: dict[str, Any], site_key: str) -> Response:
    """Change a site's name, origins and look; what is left out stays."""
    site = site_of(site_key)
    changes = {name: data.pop(name) for name in ("name", "origins") if name in data}
    if "origins" in changes:
        changes["origins"] = service.clean_origins(changes["origins"])
    if "look" in data:
        data["look"] = complete(site.settings)["look"] | data["look"]
    service.update_site(site, settings=site.settings | data, **changes)
    return answer(told(site))


@bp.post(f"{ONE}/logo")
@allowed(WRITE, act="agent_create_attachment")
@bp.alt_response(201, schema=answers.Logo)
@bp.doc(**TOKEN, **BYTES)
def agent_create_logo(site_key: str) -> Response:
    """Send a picture, up to 2 MB; the look takes the address it gets."""
    site = site_of(site_key)
    path = logos.keep(site, request.stream.read(logos.LARGEST + 1))
    return answer({"logo": current_app.config["SERVER_URL"] + path}, 201)


@bp.get(KEYS)
@allowed(WRITE)
@bp.alt_response(200, schema=sites.Keys)
@bp.doc(**TOKEN)
def agent_site_keys(site_key: str) -> Response:
    """List a site's signing keys; their secrets are not shown again."""
    return answer({"keys": [sites.key(each) for each in service.keys(site_of(site_key).id)]})


@bp.post(KEYS)
@allowed(WRITE)
@seldom
@bp.alt_response(201, schema=sites.KeyView)
@bp.doc(**TOKEN)
def agent_create_site_key(site_key: str) -> Response:
    """Add a signing key; those before keep working. Its secret is in this answer only."""
    made = service.rotate_key(site_of(site_key))
    return answer(sites.key(made) | {"secret": made.secret}, 201)


@bp.delete(f"{KEYS}/<kid>")
@allowed(WRITE)
@bp.response(204)
@bp.doc(**TOKEN)
def agent_retire_site_key(site_key: str, kid: str) -> None:
    """Accept a key no more."""
    service.retire_key(site_of(site_key), kid)


@bp.post(f"{KEYS}/<kid>/restoration")
@allowed(WRITE)
@bp.response(204)
@bp.doc(**TOKEN)
def agent_restore_site_key(site_key: str, kid: str) -> None:
    """Accept a retired key again."""
    service.restore_key(site_of(site_key), kid)


@bp.get(f"{ONE}/retention")
@allowed(WRITE)
@bp.alt_response(200, schema=sites.RetentionView)
@bp.doc(**TOKEN)
def agent_retention(site_key: str) -> Response:
    """Return how long a site keeps things, and what would go now."""
    return _kept(site_of(site_key))


@bp.put(f"{ONE}/retention")
@allowed(WRITE)
@bp.arguments(sites.RetentionInput())
@bp.alt_response(200, schema=sites.RetentionView)
@bp.doc(**TOKEN)
def agent_update_retention(data: dict[str, Any], site_key: str) -> Response:
    """Change it; nothing goes within a day of the change."""
    site = site_of(site_key)
    keeping.set_policy(site, keeping.policy(site)._replace(**data))
    return _kept(site)


def _kept(site: Site) -> Response:
    chosen = keeping.policy(site)
    would = finding.would(site.id, chosen)._asdict()
    return answer(chosen._asdict() | {"would": would})
