"""Suggestions over HTTP. Whatever goes wrong here, nobody's request waits for it."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ..articles.pages.places import article_path
from ..counting import bounds
from ..database import release
from ..identity.guards import requester_required
from ..identity.service import Caller
from ..limits import address_key, limited, limiter
from ..sites.models import Site
from ..sites.service import site_of
from ..wire import Input, Line, Prose
from . import endpoints, outcomes, service
from .asking import EndpointFailed

log = logging.getLogger(__name__)

bp = Blueprint("suggestions", __name__, description="Answers before a request is filed.")

#: A key the browser makes for one request being written.
KEY = validate.Regexp(r"^[A-Za-z0-9_-]{8,64}$")

#: Answers written for one visitor, and for all who share an address: sessions cost nothing.
BUDGET = bounds("12 per hour; 40 per day")
ADDRESS_BUDGET = bounds("240 per day")

#: Answers being written by this process.
_room = threading.Lock()
_writing = 0


class AskSuggestions(Input):
    title = Line(most=200, least=0, load_default="")
    body = Prose(most=10_000, least=0, load_default="")
    category = Line(most=60, load_default=None, allow_none=True)
    locale = Line(most=35, load_default=None, allow_none=True)
    showing = fields.String(
        load_default=None, allow_none=True, validate=KEY,
        metadata={"description": "Names the request being written, so that it counts once"},
    )  # fmt: skip


class SuggestionView(Schema):
    id = fields.String()
    title = fields.String()
    text = fields.String(metadata={"description": "The passage that fits"})
    locale = fields.String()
    url = fields.String()


class SuggestionsView(Schema):
    suggestions = fields.List(fields.Nested(SuggestionView))
    answer = fields.Boolean(metadata={"description": "An answer may be written from them"})


class AskAnswer(Input):
    locale = Line(most=35, load_default=None, allow_none=True)


class Outcome(Input):
    outcome = fields.String(
        required=True, validate=validate.OneOf([outcomes.SOLVED_IT, outcomes.NOT_QUITE])
    )
    article = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))


@bp.post("")
@bp.arguments(AskSuggestions)
@bp.response(200, SuggestionsView)
@requester_required
@limited("60 per minute")
def create(caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
    """Return what may answer the request being written; often nothing."""
    site = site_of(caller.site_id)
    locale = _language(data["locale"])
    found = service.suggest(site, data["title"], data["body"], locale)
    if data["showing"] and service.is_question(data["title"], data["body"]):
        outcomes.show(
            caller.site_id, caller.id, data["showing"], f"{data['title']}\n{data['body']}",
            data["category"], [each["id"] for each in found],
        )  # fmt: skip
    server = current_app.config["SERVER_URL"]
    return {
        "suggestions": [each | {"url": server + each["url"]} for each in found],
        "answer": bool(found and data["showing"] and endpoints.of_site(site.id)),
    }


@bp.post("/<showing>/answer")
@bp.arguments(AskAnswer)
@bp.alt_response(200, description="Server-sent events: `sentence`, several, then `done`.",
                 content_type="text/event-stream")  # fmt: skip
@bp.alt_response(204, description="Nothing is written: not switched on, nothing fits, or enough.")
@requester_required
def create_answer(caller: Caller, data: dict[str, Any], showing: str) -> Response:
    """Write a short answer to the last question; each sentence names the article it is from."""
    question = outcomes.question_of(caller.site_id, caller.id, showing)
    site = site_of(caller.site_id)
    leave = _enter() if endpoints.of_site(site.id) and _affordable(caller) else None
    if leave is None:
        return Response(status=204)
    written = None
    try:
        written = service.write_answer(site, question, _language(data["locale"]))
    finally:
        if written is None:
            leave()
    if written is None:
        return Response(status=204)
    told = _tell(site, caller, showing, written, current_app.config["SERVER_URL"], leave)
    response = Response(told, mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(leave)  # Who goes away before the first word never begins.
    return response


@bp.put("/<showing>/outcome")
@bp.arguments(Outcome)
@bp.response(204)
@requester_required
@limited("60 per minute")
def put_outcome(caller: Caller, data: dict[str, Any], showing: str) -> None:
    """Say whether what was shown solved it; said again, the last word counts."""
    outcomes.settle(caller.site_id, caller.id, showing, data["outcome"], data["article"])


def _tell(
    site: Site,
    caller: Caller,
    showing: str,
    written: service.Written,
    server: str,
    leave: Callable[[], None],
) -> Iterator[str]:
    """Yield sentences as events; whatever happens, what was shown is remembered."""
    said: list[str] = []
    try:
        for sentence in written.sentences:
            said.append(sentence.text)
            sources = [written.articles[ref] for ref in sentence.sources]
            yield _event(
                "sentence",
                {
                    "text": sentence.text,
                    "sources": [
                        {
                            "id": each.id,
                            "title": each.title,
                            "url": server + article_path(site.key, each.locale, each.slug),
                        }
                        for each in sources
                    ],
                },
            )
    except EndpointFailed as error:
        log.warning("No answer was written for site %s: %s", site.key, error)
    finally:
        leave()
        if said:
            outcomes.wrote(site.id, caller.id, showing, " ".join(said))
            endpoints.wrote(site.id)
        release()
    yield _event("done", {})


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _affordable(caller: Caller) -> bool:
    """Count one against this visitor; past the budget there are articles, and no answer."""
    counters = limiter()
    waits = [counters.hit(bound, "answer", str(caller.site_id), caller.id) for bound in BUDGET]
    waits += [counters.hit(bound, "answer", address_key()) for bound in ADDRESS_BUDGET]
    return not any(waits)


def _enter() -> Callable[[], None] | None:
    """Return how to leave again; ``None`` while so many are written that others would wait."""
    global _writing
    with _room:
        if _writing >= endpoints.Writing.at_once:
            return None
        _writing += 1
    left = threading.Event()

    def leave() -> None:
        global _writing
        with _room:
            if not left.is_set():
                left.set()
                _writing -= 1

    return leave


def _language(locale: str | None) -> str | None:
    return (locale or "")[:2].lower() or None
