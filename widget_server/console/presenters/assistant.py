"""The assistant as administrators set it up and writers read it."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...assistant import endpoints, outcomes
from ...assistant.endpoints import EXAMPLE
from ...sites.models import Site

FIELDS = ("url", "model", "key", "daily", "embedder")

#: What a form may say and our words for it, by field.
FAULTS = {name: f"assistant.fault.{name}" for name in ("url", "model", "daily", "embedder")}


def site(
    place: Site, since: str, until: str, typed: Mapping[str, str], wrong: Sequence[str]
) -> dict[str, Any]:
    """Return a site's figures, what its writers have to do, and who writes its answers."""
    card = endpoints.card(place.id)
    asked, written = endpoints.spent(place.id, since)
    kept = {
        "url": card.url,
        "model": card.model,
        "daily": str(card.daily),
        "embedder": card.embedder,
        "key": "",
    }
    return {
        "site": place,
        "figures": outcomes.figures(place.id, since, until),
        "questions": questions(outcomes.unanswered(place.id, since)),
        "useful": outcomes.usefulness(place.id, since),
        "asked": asked,
        "written": written,
        "card": card,
        "form": kept | {name: typed[name] for name in FIELDS if name in typed},
        "faults": {name: FAULTS[name] for name in wrong if name in FAULTS},
        "example": EXAMPLE,
    }


def questions(found: Sequence[tuple[str, str, str, int | None]]) -> list[dict[str, Any]]:
    """Return what nothing answered; asked alike, it is one, with the latest's id and ticket."""
    told: dict[str, dict[str, Any]] = {}
    for showing, text, at, number in found:
        said = " ".join(text.split())
        row = told.setdefault(
            said.casefold(),
            {"ids": [], "text": said, "title": text.partition("\n")[0], "at": at, "tickets": []},
        )
        row["ids"].append(showing)
        row["tickets"] += [number] if number else []
    return list(told.values())


def typed(form: Mapping[str, str]) -> dict[str, str]:
    """Return what was sent, to be shown again if it is refused; a key is never shown."""
    return {name: form.get(name, "")[:500] for name in FIELDS}
