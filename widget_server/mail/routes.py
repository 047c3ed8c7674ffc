"""Mailed links over HTTP, providers' webhooks, and the way out of a ticket's mails."""

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint as Pages
from flask import (
    Response,
    current_app,
    make_response,
    render_template,
    request,
    send_from_directory,
)
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError, fields, validates_schema
from werkzeug.formparser import MultiPartParser

from ..clock import utcnow
from ..counting import Bound
from ..errors import NotFound, RateLimited, Unavailable
from ..identity import service as identity
from ..identity.guards import requester_required
from ..identity.routes import SessionView, answer
from ..identity.service import Caller, WrongOrigin
from ..limits import address_key, limited, limiter
from ..sites.models import Site
from ..sites.service import find_site, site_of
from ..tickets import service as tickets
from ..wire import Email, Input, Line
from . import hooks, links, outbox, receiving
from .post import Post
from .stopping import WORDS

bp = Blueprint("mail_links", __name__, description="Proving an address by mail.")
post = Pages("mail", __name__, template_folder="web")

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'"

#: Letters with a link to one address, and asked for from one address of the network.
PER_MAILBOX, PER_ADDRESS = Bound(5, 3_600), Bound(20, 3_600)


class AskLink(Input):
    """A site and an address, or an old link whose address gets a new one."""

    site_key = Line(most=64)
    email = Email()
    locale = Line(most=35, load_default=None, allow_none=True)
    token = Line(most=200)

    @validates_schema
    def _either(self, data: dict[str, Any], **_: Any) -> None:
        if "token" not in data and not {"site_key", "email"} <= set(data):
            raise ValidationError("Send site_key and email, or the token of an old link.")


class Redeem(Input):
    """The token of a link; or a site, an address and the code; or a site and a hand-over."""

    token = Line(most=200)
    site_key = Line(most=64)
    email = Email()
    code = Line(most=12)
    handoff = Line(most=200)

    @validates_schema
    def _one(self, data: dict[str, Any], **_: Any) -> None:
        forms = ({"token"}, {"site_key", "email", "code"}, {"site_key", "handoff"})
        if set(data) not in forms:
            raise ValidationError(
                "Send token, or site_key with email and code, or site_key with handoff."
            )


class LinkAsked(Schema):
    sent_to = fields.String()
    expires_at = fields.String(metadata={"format": "date-time"})


class Redeemed(SessionView):
    ticket = fields.String(allow_none=True)


class HandedOver(Schema):
    handoff = fields.String()
    url = fields.String(allow_none=True)


@bp.post("")
@bp.arguments(AskLink())
@bp.alt_response(202, schema=LinkAsked)
@bp.doc(security=[])
def create(data: dict[str, Any]) -> tuple[dict[str, str], int]:
    """Have a link and a code mailed. The answer is the same whether the address is known."""
    if not outbox.on():
        raise Unavailable("This help desk does not send mail yet.")
    if "token" in data:
        sent_to, expires_at = ask_again(data["token"], locale=data["locale"])
    else:
        sent_to = data["email"].lower()
        expires_at = _ask(_site(data["site_key"]), sent_to, data["locale"])
    return {"sent_to": sent_to, "expires_at": expires_at}, 202


def ask_again(token: str, *, locale: str | None) -> tuple[str, str]:
    """Have another link mailed to where an old one went; return that hidden, and its end.

    Raises :exc:`NotFound` for a token that never was, and :exc:`RateLimited`.
    """
    link = links.find(token)
    return _hidden(link.email), _ask(site_of(link.site_id), link.email, locale)


def _ask(site: Site, email: str, locale: str | None) -> str:
    for limit, key in ((PER_ADDRESS, address_key()), (PER_MAILBOX, f"{site.id} {email}")):
        wait = limiter().hit(limit, "mail-link", key)
        if wait:
            raise RateLimited(retry_after=wait)
    return links.ask(site, email, locale=locale)


@bp.post("/redemption")
@bp.arguments(Redeem())
@bp.alt_response(201, schema=Redeemed)
@bp.doc(security=[])
@limited("30 per minute", by=address_key)
def create_redemption(data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Exchange a mailed link, a code or a hand-over for a session."""
    ticket = None
    if "token" in data:
        owner, ticket = links.redeem(data["token"])
    elif "code" in data:
        owner = links.redeem_code(_site(data["site_key"]), data["email"].lower(), data["code"])
    else:
        owner = links.redeem_handoff(data["handoff"], _site(data["site_key"]))
    session = identity.start_session(
        owner,
        origin=request.headers.get("Origin", ""),
        ttl=current_app.config["VISITOR_TTL"],
    )
    return {**answer(*session), "ticket": ticket}, 201


@bp.post("/handoff")
@bp.alt_response(201, schema=HandedOver)
@requester_required
def create_handoff(caller: Caller) -> tuple[dict[str, Any], int]:
    """Return a token that takes this session to the host's page."""
    if not caller.stored:
        raise NotFound("There is nothing to take along.")
    return {"handoff": links.hand_over(caller), "url": links.host_page(caller)}, 201


@post.route("/mail/stop/<token>", methods=["GET", "POST"])
def stop(token: str) -> Any:
    """Stop mails about one ticket: mail programs post here at one click (RFC 8058)."""
    claims = Post.stop.read(token)
    ticket = tickets.find_by_id(claims["s"], claims["t"])
    if ticket.email != claims["e"]:
        raise NotFound("This address gets no mail about this ticket.")
    if request.method == "POST":
        tickets.set_notify(ticket, "again" in request.form)
        ticket = tickets.find_by_id(claims["s"], claims["t"])
    locale = ticket.locale if ticket.locale in WORDS else "en"
    response = make_response(
        render_template(
            "stop.html",
            ticket=ticket,
            site=site_of(ticket.site_id),
            stopped=not ticket.notify,
            words=WORDS[locale],
            locale=locale,
        )
    )
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@post.get("/mail/style.css")
def style() -> Response:
    """The page's look."""
    return send_from_directory(post.root_path, "web/stop.css", max_age=86_400)


@post.post("/hooks/mail/<path:provider>")
@limited("600 per minute", by=address_key)
def receive(provider: str) -> tuple[dict[str, str], int]:
    """Take a mail a provider received for us: Mailgun, Postmark or SendGrid."""
    config = current_app.config
    given = request.args.get("secret", "") or (
        request.authorization.password or "" if request.authorization else ""
    )
    request.max_content_length = request.max_form_memory_size = receiving.LARGEST * 2
    provider = provider.removesuffix("/mime")  # How Mailgun is told to send the raw mail.
    if provider == "mailgun":
        # A call that is repeated brings a mail that was taken in before; the token is not kept.
        raw, _ = hooks.mailgun(_form(), config["MAILGUN_KEY"], utcnow())
    elif provider == "postmark":
        raw = hooks.postmark(request.get_data(), given, config["MAIL_HOOK_SECRET"])
    elif provider == "sendgrid":
        raw = hooks.sendgrid(_form(), given, config["MAIL_HOOK_SECRET"])
    else:
        raise NotFound("Providers are mailgun, postmark and sendgrid.")
    return {"state": receiving.receive(raw, source=provider)}, 200


class _Bytewise(MultiPartParser):
    """Reads every field so that not a byte of it is lost, whatever its letters are."""

    def get_part_charset(self, headers: Any) -> str:
        return "latin-1"


def _form() -> dict[str, str]:
    """Return the form a provider posts; what in a mail is no UTF-8 stays as halves of pairs."""
    if request.mimetype != "multipart/form-data":
        text = request.get_data().decode("utf-8", "surrogateescape")
        return dict(parse_qsl(text, keep_blank_values=True, errors="surrogateescape"))
    parser = _Bytewise(max_form_memory_size=request.max_form_memory_size, max_form_parts=1_000)
    boundary = request.mimetype_params.get("boundary", "").encode("ascii", "ignore")
    try:
        posted, _ = parser.parse(request.stream, boundary, request.content_length)
    except ValueError:
        return {}
    return {
        name: text.encode("latin-1").decode("utf-8", "surrogateescape")
        for name, text in posted.items()
    }


def _site(key: str) -> Site:
    """Return a site whose pages, or our own, may ask this."""
    site = find_site(key)
    origin = request.headers.get("Origin")
    if not site.allows(origin) and origin != Post.server_url:
        raise WrongOrigin(f"{origin or 'A page without origin'} is not one of the site's origins.")
    return site


def _hidden(email: str) -> str:
    local, _, host = email.partition("@")
    return f"{local[:1]}•••@{host}"
