"""From a letter to what SMTP carries: text and HTML in the reader's language and site's look."""

import json
import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime as rfc_date
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import css_inline
from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..clock import parse, utcnow
from ..sites import colour
from ..text import plain_to_html, to_html
from ..wire import ascii_host
from .automatic import LOOP_HEADER
from .letters import Letter, Turn
from .quotes import ABOVE

FOLDER = Path(__file__).parent
LANGUAGES = ("es", "en", "it", "fr", "de", "pt")

REQUESTER = {
    "received", "answered", "moved", "closed", "reopened", "confirm",
    "quoted", "ordered", "accepted", "order_moved", "paid", "refunded", "part_refunded",
}  # fmt: skip
TEAM = {
    "agent_opened", "agent_replied", "agent_soon_late", "agent_late",
    "agent_accepted", "agent_declined", "agent_paid", "agent_surplus", "agent_rule",
}  # fmt: skip
KINDS = REQUESTER | TEAM | {"link", "test", "refused", "reset", "invite", "hook_off"}

#: Kinds whose subject answers the ticket's, as a mail program would write it.
ANSWERS = {
    "answered", "agent_replied", "moved", "closed", "reopened",
    "quoted", "ordered", "accepted", "order_moved", "paid", "refunded", "part_refunded",
}  # fmt: skip

#: Facts a letter has a sentence more for, if its words have one.
MORE = ("due", "total", "delivery", "said")

#: The ground a letter's text stands on.
SHEET = "#ffffff"

#: Characters of a subject; longer ones are cut by every program.
SUBJECT = 150


@cache
def words(language: str) -> dict[str, str]:
    """Return every text of a language by its key."""
    texts: dict[str, str] = json.loads((FOLDER / "locales" / f"{language}.json").read_text("utf-8"))
    return texts


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    # Media queries cannot be inlined; they stay in <style>, for the programs that read it.
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def compose(letter: Letter) -> EmailMessage:
    """Return the letter ready to send. Raises :exc:`ValueError` for a kind there is none of."""
    if letter.kind not in KINDS:
        raise ValueError(f"There is no letter {letter.kind!r}.")
    said = _Said(letter)
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit", max_line_length=998))
    message.set_content(said.text(), cte="quoted-printable")
    message.add_alternative(said.html(), subtype="html", cte="quoted-printable")
    _head(message, letter, said)  # Last: the parts take Content- headers over.
    return message


def phrases(locale: str) -> list[str]:
    """Return the fixed texts of our letters, to recognise them where they are quoted."""
    return list(words(language(locale)).values())


class _Said:
    """A letter in words."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self.language = language(letter.locale)
        self._words = words(self.language)
        self._values = {
            "site": letter.look.name,
            "number": str(letter.number or ""),
            "title": letter.title,
            "author": letter.turn.author if letter.turn else "",
            **{name: _flat(value) for name, value in letter.facts.items()},
        }
        state = letter.facts.get("state")
        if state:
            self._values["state"] = self._words.get(f"state.{state}", state)
        if letter.facts.get("due"):
            self._values["due"] = self.when(parse(letter.facts["due"]))
        stage = letter.facts.get("order_state")
        if stage:
            self._values["order_state"] = self._words.get(f"order_state.{stage}", stage)
        reason = letter.facts.get("reason")
        if reason:
            self._values["reason"] = self._words.get(f"reason.{reason}", reason)

    def __call__(self, key: str) -> str:
        return self._words[key].format_map(_Blank(self._values))

    def has(self, key: str) -> bool:
        return key in self._words

    def when(self, at: datetime) -> str:
        try:
            zone = ZoneInfo(self.letter.zone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("UTC")
        text = format_datetime(at.astimezone(zone), "medium", locale=self.language)
        return re.sub(r"(\d\d:\d\d):\d\d", r"\1", str(text))

    def subject(self) -> str:
        letter = self.letter
        if letter.number is None:
            return self(f"{letter.kind}.subject")
        ticket = f"[#{letter.number}] {letter.title}"
        return f"Re: {ticket}" if letter.kind in ANSWERS else ticket

    def lead(self) -> str:
        """The sentence that says what happened."""
        kind = self.letter.kind
        more = [f"{kind}.{name}" for name in MORE if self._values.get(name)]
        return " ".join(map(self, [f"{kind}.text", *filter(self.has, more)]))

    def why(self) -> str:
        group = "team" if self.letter.kind in TEAM else "requester"
        return self(f"why.{group}") if self.letter.number is not None else self("why.once")

    def text(self) -> str:
        return _templates().get_template("letter.txt").render(**self._context(_plain))

    def html(self) -> str:
        page = _templates().get_template("letter.html").render(**self._context(_rich))
        return _inliner().inline(page)

    def _context(self, body: object) -> dict[str, object]:
        letter = self.letter
        accent = colour.known(letter.look.accent)
        return {
            "letter": letter,
            "t": self,
            "above": ABOVE[self.language] if letter.reply_to else None,
            "accent": accent,
            "on_accent": colour.text_on(accent),
            "link": colour.readable(accent, SHEET),
            "body": body,
            "language": self.language,
        }


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _head(message: EmailMessage, letter: Letter, said: _Said) -> None:
    message["From"] = _person(letter.sender_name, letter.sender)
    message["To"] = _person(letter.to_name or "", letter.to)
    message["Subject"] = _flat(said.subject())[:SUBJECT]
    message["Date"] = rfc_date(utcnow().astimezone(UTC))
    message["Message-ID"] = _flat(letter.message_id)
    if letter.reply_to:
        message["Reply-To"] = _person(letter.sender_name, letter.reply_to)
    if letter.references:
        message["In-Reply-To"] = _flat(letter.references[-1])
        message["References"] = _flat(" ".join(letter.references))
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message[LOOP_HEADER] = "1"
    message["Content-Language"] = said.language
    if letter.stop_url:
        message["List-Unsubscribe"] = f"<{_flat(letter.stop_url)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _person(name: str, address: str) -> Address:
    """Return an address for a header; nothing in a name can end the header it stands in."""
    local, _, host = _flat(address).rpartition("@")
    return Address(_flat(name)[:120], local, ascii_host(host))


def _flat(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]", " ", text).split())


def _rich(turn: Turn) -> Markup:
    # Both return sanitised HTML.
    return Markup(to_html(turn.body) if turn.markdown else f"<p>{plain_to_html(turn.body)}</p>")


def _plain(turn: Turn) -> Markup:
    return Markup(turn.body.replace("\r", "").strip())


def language(locale: str) -> str:
    """Return the language letters to a reader of ``locale`` are written in."""
    return locale[:2].lower() if locale[:2].lower() in LANGUAGES else "en"
