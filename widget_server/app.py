"""Build the application: the table of contents of the server."""

import logging
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request
from flask.sessions import SessionInterface
from flask_cors import CORS
from werkzeug.middleware.proxy_fix import ProxyFix

from . import (
    __version__,
    assets,
    config,
    database,
    edge,
    errors,
    limits,
    logs,
    migrations,
    openapi,
    packing,
    polls,
    routing,
    signals,
    site_routes,
    turns,
)
from .agent_api import routes as agent_api
from .agent_api import telling
from .agents import teams as teams
from .agents.service import mates, team
from .articles import routes as articles
from .articles import search as article_search
from .articles.pages import routes as help_pages
from .assistant import endpoints as writers
from .assistant import gathering as gathering
from .assistant import routes as suggestions
from .assistant import service as assistant
from .attachments import routes as attachments
from .attachments import service as files
from .attachments import upkeep as upkeep
from .console import routes as console
from .desk import sending
from .figures import marks as marks
from .hosts import routes as hosts
from .identity import greeting, guards
from .identity import routes as sessions
from .identity.service import Caller
from .mail import notices as notices
from .mail import post as mail
from .mail import routes as mail_links
from .mail.pages.routes import pages
from .orders import routes as orders
from .payments import accounts as tills
from .payments import routes as payments
from .payments import watching as watching
from .plain.routes import bp as plain
from .proof import guards as effort
from .proof import routes as challenges
from .rules import running as running
from .tickets import joining as joining
from .tickets import routes as tickets
from .tickets import snoozing as snoozing
from .tickets import thread
from .vitals import routes as vitals
from .vitals.traffic import Watch
from .webhooks import listening as listening
from .webhooks import service as webhooks

log = logging.getLogger(__name__)

API = "/api/v1"

#: A JSON body is at most this long; files have their own limit and are streamed.
JSON_BYTES = 1 << 20
UPLOADS = {
    "attachments.create_attachment", "agent.agent_create_attachment", "agent.agent_create_logo",
}  # fmt: skip


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Build the application. Tests pass ``overrides``; production reads the environment.

    Raises :exc:`~.config.ConfigurationError` naming every setting that is missing or wrong.
    """
    app = Flask(__name__, static_folder=None)
    app.url_rule_class = routing.Lately
    app.config.update(config.load(overrides=overrides))
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.session_interface = _NoSession()
    # Nothing here is a coroutine; Flask asks about each of a dozen functions at every request.
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]

    database.open_as(app.config)
    signals.connect(app.config["REDIS_URL"])
    migrations.migrate(database.db.obj)
    errors.init_app(app)
    _excuse_the_database(app)
    guards.init_app(app)
    effort.init_app(app)
    files.furnish(app.config)
    mail.furnish(app.config, team, mates)
    sending.furnish(app.config)
    webhooks.furnish(app.config, telling.describe)
    article_search.search_with(assistant.search)
    writers.furnish(app.config)
    orders.init_app(app)
    tills.furnish(app.config)
    app.extensions["widget_assets"] = assets.Assets()
    CORS(
        app,
        resources=[f"{API}/*", "/files/*"],
        send_wildcard=True,
        max_age=86_400,
        expose_headers=["ETag", "Retry-After", logs.HEADER],
    )
    _mount(app)
    vitals.init_app(app)
    app.before_request(_refuse_nul)
    app.before_request(_limit_json)
    app.teardown_request(lambda _: database.release())
    # The last to be asked is the first here: headers are set on what is then packed.
    app.after_request(packing.pack)
    app.after_request(_headers)

    longest = max(app.config["SESSION_TTL"], app.config["VISITOR_TTL"])
    app.wsgi_app = polls.QuietPolls(  # type: ignore
        app.wsgi_app, guards.session_tokens(app), longest
    )
    if database.is_sqlite():
        app.wsgi_app = turns.Turns(app.wsgi_app)  # type: ignore
    limits.init_app(app)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore
    app.wsgi_app = Watch(edge.Edge(app.wsgi_app, app))  # type: ignore
    return app


def _mount(app: Flask) -> None:
    app.config |= {
        "API_TITLE": "Ventanilla",
        "API_VERSION": __version__,
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": API,
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {
            "components": {
                "securitySchemes": {
                    "session": {"type": "http", "scheme": "bearer"},
                    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "vnt_…"},
                }
            },
            "security": [{"session": []}],
        },
    }
    greeting.greet_with(_first_list)
    api = openapi.Api(app)
    # flask-smorest brings its own handler for HTTP errors; ours is the one shape.
    app.register_error_handler(errors.HTTPException, errors.from_http)
    api.register_blueprint(agent_api.bp, url_prefix=f"{API}/agent")
    api.register_blueprint(sessions.bp, url_prefix=f"{API}/sessions")
    api.register_blueprint(site_routes.bp, url_prefix=f"{API}/site")
    api.register_blueprint(challenges.bp, url_prefix=f"{API}/challenges")
    api.register_blueprint(tickets.bp, url_prefix=f"{API}/tickets")
    api.register_blueprint(orders.bp, url_prefix=f"{API}/tickets")
    api.register_blueprint(tickets.updates, url_prefix=f"{API}/updates")
    api.register_blueprint(articles.bp, url_prefix=f"{API}/articles")
    api.register_blueprint(attachments.bp, url_prefix=f"{API}/attachments")
    api.register_blueprint(mail_links.bp, url_prefix=f"{API}/mail-links")
    api.register_blueprint(suggestions.bp, url_prefix=f"{API}/suggestions")
    api.register_blueprint(payments.bp, url_prefix=f"{API}/payments")
    api.register_blueprint(hosts.bp, url_prefix=f"{API}/hosts")
    app.register_blueprint(attachments.files)
    app.register_blueprint(site_routes.pages)
    app.register_blueprint(help_pages.bp)
    app.register_blueprint(plain)
    app.register_blueprint(mail_links.post)
    app.register_blueprint(orders.pages)
    app.register_blueprint(payments.pages)
    app.register_blueprint(pages)
    app.register_blueprint(console.bp, url_prefix="/console")


def _excuse_the_database(app: Flask) -> None:
    """A database that restarts is no fault of the request: it is told to come again."""

    def away(error: Exception) -> Any:
        found = errors.trouble(error, away=True) or errors.Unavailable(retry_after=2)
        answer = errors.from_domain(found)
        if not request.path.startswith(API):
            # Pages look up their site and language, which is what cannot be done now.
            answer.set_data(str(found))
            answer.content_type = "text/plain; charset=utf-8"
        return answer

    for kind in database.lost():
        app.register_error_handler(kind, away)


class _NoSession(SessionInterface):
    """Flask's cookie session, which nothing here uses, costs a tenth of a list of tickets."""

    def open_session(self, app: Flask, request: Any) -> None:
        return None

    def save_session(self, app: Flask, session: Any, response: Any) -> None:
        return None


def _first_list(caller: Caller, language: str) -> dict[str, Any]:
    return {"home": thread.home(caller, language)}


def _refuse_nul() -> None:
    # PostgreSQL takes no NUL in a text, so nothing can be found by one.
    if "\0" in request.path or b"%00" in request.query_string:
        raise errors.NotFound()


def _limit_json() -> None:
    if request.content_type != "application/octet-stream" and request.endpoint not in UPLOADS:
        request.max_content_length = JSON_BYTES


def _headers(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.path.startswith(API):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
