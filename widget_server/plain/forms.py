"""What a plain form asks, and what somebody wrote into it: kept as typed, faults and all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError

from ..errors import Invalid
from ..sites.look import BODY, TITLE
from ..sites.models import Category
from ..tickets.forms import LONGEST
from ..tickets.forms import check as check_fields
from ..wire import Email, Input, Line, Prose

MOST = {"title": TITLE, "body": BODY, "email": 254}

#: What a category asks is named apart from what every request has.
FIELD = "field-"

#: Kinds of fields whose fault has a sentence of its own.
SAID = {"number", "url"}


class Essentials(Input):
    title = Line(most=TITLE, required=True)
    body = Prose(most=BODY, required=True)
    email = Email(required=True)


@dataclass
class Written:
    """What was typed by name, what it comes to, and which text says what is wrong with it."""

    typed: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, str]:
        """What was typed into the category's own fields, by their keys."""
        return {
            name.removeprefix(FIELD): text
            for name, text in self.typed.items()
            if name.startswith(FIELD)
        }


def read(form: Mapping[str, str], category: Category | None) -> Written:
    asked = {each["key"]: each for each in (category.fields if category else [])}
    names = [*MOST, *(FIELD + key for key in asked)]
    # Browsers count a line break once, and send it as two characters.
    written = Written({name: form.get(name, "").replace("\r\n", "\n") for name in names})
    try:
        written.data = Essentials().load({name: written.typed[name] for name in MOST})
    except ValidationError as error:
        for name in error.messages:
            written.faults[name] = _fault(written.typed[name], MOST[name], name)
    try:
        check_fields(category, written.answers)
    except Invalid as error:
        for key in error.details["fields"]["fields"]:
            most = longest(asked[key])
            kind = asked[key]["type"] if asked[key]["type"] in SAID else "look"
            empty_is = kind if written.answers[key].strip() else "required"
            written.faults[FIELD + key] = _fault(written.answers[key], most, empty_is)
    return written


def longest(asked: dict[str, Any]) -> int:
    """Return how many characters a category's field takes."""
    return int(asked.get("max_length") or LONGEST.get(asked["type"], 200))


def _fault(text: str, most: int, otherwise: str) -> str:
    return "long" if len(text.strip()) > most else otherwise
