"""What of a reply is new, and what is the letter it answers.

Nothing new may be hidden, so a line is folded only on evidence: it is marked as quoted under a line
that says who wrote it, or it is what we ourselves sent. In a quotation without marks (Outlook,
Yahoo) whatever is not ours is taken for an answer written in between, and shown.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

NEW, QUOTE, SIGNATURE = "new", "quote", "signature"

#: The first line of our letters.
ABOVE = {
    "es": "— Escribe por encima de esta línea —",
    "en": "— Please reply above this line —",
    "it": "— Scrivi sopra questa riga —",
    "fr": "— Répondez au-dessus de cette ligne —",
    "de": "— Bitte über dieser Zeile antworten —",
    "pt": "— Responda acima desta linha —",
}

#: Lines looked at for the end of "On …, Ana wrote:"; clients break it.
ATTRIBUTION_LINES = 4

#: Characters of a line that are looked at: nobody introduces a quotation with more.
LOOKED_AT = 400

_WROTE = (
    r"wrote|writes|escribi[oó]|ha escrito|ha scritto|a [ée]crit|schrieb|hat geschrieben"
    r"|escreveu|skrev|schreef"
)
_ATTRIBUTION = re.compile(rf"(?:{_WROTE})\b(?:[^:]|(?<=\d):(?=\d)){{0,120}}:\s*$", re.IGNORECASE)
_SCHRIEB = re.compile(r"\bschrieb\b.{0,160}:\s*$", re.IGNORECASE)
_WHEN = re.compile(r"\d{1,4}[./ :-]\s?(?:\d{1,2}|\w{3,12})|\d{4}|@")
_OPENER = re.compile(r"(?:on|at|el|il|le|am|em|às|op|den|in data|no dia)\b|a \d", re.IGNORECASE)
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d[./-]\d{1,2}[./-]\d\d")
_TIME = re.compile(r"\d[:h]\d\d")
_NAMED = re.compile(rf"[^<>@]{{1,120}}<[^<>\s]+@[^<>\s]+>\)?\s*(?:(?:{_WROTE})\b|$)", re.IGNORECASE)
_SAID = re.compile(rf"(?:{_WROTE})\b", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^[-_*\s]{2,}\s*(?:original message|mensaje original|messaggio originale|message d'origine"
    r"|message d’origine|message original|urspr[üu]ngliche nachricht|originalnachricht"
    r"|mensagem original|reply message)\s*[-_*\s]{2,}$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^[-\s]*(?:(?:begin )?forwarded message|mensaje reenviado|messaggio inoltrato"
    r"|inizio messaggio inoltrato|message transf[ée]r[ée]|d[ée]but du message transf[ée]r[ée]"
    r"|weitergeleitete nachricht|anfang der weitergeleiteten (?:nachricht|e-mail)"
    r"|mensagem (?:encaminhada|reencaminhada)|in[íi]cio da mensagem (?:re)?encaminhada"
    r"|comienzo del mensaje reenviado|inicio del mensaje reenviado)[-:\s]*$",
    re.IGNORECASE,
)
_HEADER = {
    "from": r"from|de|da|von|desde|mittente|remitente|exp[ée]diteur|absender",
    "sent": r"sent|date|enviado(?: el)?|enviada(?: em)?|fecha|data|inviato|envoy[ée]|gesendet"
    r"|datum",
    "to": r"to|para|a|à|an|cc|cci|destinatario|destinataire",
    "subject": r"subject|asunto|oggetto|objet|betreff|assunto",
}
_HEADERS = {
    name: re.compile(rf"^[*_\s]*(?:{words})\s?[*_]*\s?:", re.IGNORECASE)
    for name, words in _HEADER.items()
}
_MOBILE = re.compile(
    r"^(?:sent (?:from|with|via)|enviado (?:desde|con)|enviado do|enviada do|inviato da"
    r"|envoy[ée] (?:de|depuis)|von meinem .{1,40} gesendet|gesendet (?:von|mit)"
    r"|get outlook for|obtener outlook para|obtenez outlook pour|ottieni outlook per"
    r"|outlook f[üu]r .{1,20} beziehen|obter o? ?outlook para)\b.{0,80}$",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_LINK = re.compile(r"<?\b(?:https?://|mailto:)[^\s>]{0,2000}>?|\[[^\]\n]{0,300}\]")


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines of one kind, as they came."""

    kind: str
    text: str


class _Ours:
    """Recognises our own words, however a mail program has wrapped them."""

    def __init__(self, sent: Sequence[str]) -> None:
        self._text = " " + " ".join(_words(text) for text in (*sent, *ABOVE.values())) + " "
        self._lines = {_words(line) for text in sent for line in text.splitlines()} - {""}
        self._links = {link.strip("<>") for text in sent for link in _LINK.findall(text)}

    def knows(self, line: str) -> bool:
        words = _words(line)
        if not words:
            links = _LINK.findall(line)
            return bool(links) and all(link.strip("<>") in self._links for link in links)
        if words.count(" ") < 3 and len(words) < 24:
            return words in self._lines  # A word or two may well be somebody's answer.
        return f" {words} " in self._text


def split(text: str, *, sent: Sequence[str] = ()) -> list[Segment]:
    """Return segments whose texts together are exactly ``text``.

    ``sent``: what we mailed in this conversation, to recognise it wherever it comes back.
    """
    lines = text.splitlines(keepends=True)
    kinds = _classify([_clean(line) for line in lines], _Ours(sent))
    segments: list[Segment] = []
    for line, kind in zip(lines, kinds, strict=True):
        if segments and segments[-1].kind == kind:
            segments[-1] = Segment(kind, segments[-1].text + line)
        else:
            segments.append(Segment(kind, line))
    return segments


def fold(text: str, *, sent: Sequence[str] = ()) -> tuple[str, str]:
    """Return what is shown and what is folded away; if nothing would be shown, everything is."""
    lines = text.splitlines(keepends=True)
    kinds = _classify([_clean(line) for line in lines], _Ours(sent))
    shown = "".join(line for line, kind in zip(lines, kinds, strict=True) if kind != QUOTE)
    if not _clean(shown):
        return text, ""
    return shown, "".join(line for line, kind in zip(lines, kinds, strict=True) if kind == QUOTE)


def _classify(lines: list[str], ours: _Ours) -> list[str]:
    kinds = [NEW] * len(lines)
    introduced = False
    place = 0
    while place < len(lines):
        line = lines[place]
        if _FORWARDED.match(line[:LOOKED_AT]):
            break  # What is passed on is what they want to say.
        if line.startswith(">"):
            end = _marked(lines, place)
            if introduced or any(ours.knows(each.lstrip("> ")) for each in lines[place:end]):
                introduced = True
                kinds[place:end] = [QUOTE] * (end - place)
            place = end
            continue
        length = _attribution(lines, place)
        if length:
            after = _next(lines, place + length)
            if after < len(lines) and lines[after].startswith(">"):
                introduced = True
                kinds[place:after] = [QUOTE] * (after - place)
                place = after
                continue
        length = length or _headers(lines, place) or _opening(lines, place)
        if length and _unmarked(lines, kinds, place, length, ours):
            break
        if _MOBILE.match(line[:LOOKED_AT]) and not _new_below(lines, place + 1) or line == "--":
            kinds[place] = SIGNATURE
        place += 1
    _blanks(lines, kinds)
    return kinds


def _marked(lines: list[str], place: int) -> int:
    """Return where a run of marked lines ends; blank lines inside belong to it."""
    end = place
    while end < len(lines) and (lines[end].startswith(">") or not lines[end]):
        end += 1
    while not lines[end - 1]:
        end -= 1
    return end


def _attribution(lines: list[str], place: int) -> int:
    """Return how many lines say who wrote what follows, from here; 0 if none does."""
    joined = ""
    for count in range(1, ATTRIBUTION_LINES + 1):
        if place + count > len(lines):
            return 0
        line = lines[place + count - 1]
        if not line or line.startswith(">") or len(line) > LOOKED_AT:
            return 0
        joined = f"{joined} {line}".strip()
        if line.endswith(":") and (_ATTRIBUTION.search(joined) or _SCHRIEB.search(joined)):
            whole = count == 1 or _broken(lines[place : place + count])
            return count if whole and _WHEN.search(joined) else 0
    return 0


def _broken(lines: list[str]) -> bool:
    """Are these one attribution that was broken, rather than the end of an answer and one?"""
    first, *others = lines
    dated = _OPENER.match(first) and _DATE.search(first) and _TIME.search(first)
    named = _NAMED.match(first) and (_SAID.search(first) or _SAID.match(others[0]))
    return (
        bool(dated or named)
        and any("@" in line for line in lines)
        and not any(line.endswith((".", "!", "?")) for line in lines[:-1])
        and not any(_OPENER.match(line) or _NAMED.match(line) for line in others)
    )


def _headers(lines: list[str], place: int) -> int:
    """Return how many lines of From, Sent, To, Subject begin here; 0 if it is no such block."""
    if not _HEADERS["from"].match(lines[place][:LOOKED_AT]):
        return 0
    found, end = {"from"}, place + 1
    while end < min(place + 9, len(lines)):
        name = next((n for n, p in _HEADERS.items() if p.match(lines[end][:LOOKED_AT])), None)
        if name is None or name == "from":
            break
        found.add(name)
        end += 1
    # Every program that writes such a block names the subject; whoever lists a journey does not.
    return end - place if found >= {"from", "sent", "subject"} else 0


def _opening(lines: list[str], place: int) -> int:
    """Return how many lines announce a quotation without marks: a rule, or our own first line."""
    if _ORIGINAL.match(lines[place][:LOOKED_AT]):
        after = _next(lines, place + 1)
        return after - place + (_headers(lines, after) if after < len(lines) else 0)
    if re.fullmatch(r"[_-]{10,}", lines[place][:LOOKED_AT]):
        after = _next(lines, place + 1)
        headers = _headers(lines, after) if after < len(lines) else 0
        return after - place + headers if headers else 0
    words = _words(lines[place][:LOOKED_AT])
    return 1 if words and words in {_words(text) for text in ABOVE.values()} else 0


def _unmarked(lines: list[str], kinds: list[str], place: int, length: int, ours: _Ours) -> bool:
    """Fold what is ours after an opening without marks; False if it introduces nothing of ours."""
    rest = range(place + length, len(lines))
    if not _introduces(lines, rest, ours):
        return False
    known = [number for number in rest if ours.knows(lines[number].lstrip("> "))]
    for number in (*range(place, place + length), *known):
        kinds[number] = QUOTE
    return True


def _introduces(lines: list[str], rest: range, ours: _Ours) -> bool:
    """Do words of ours follow, before a quotation that is marked or has an opening of its own?"""
    for number in rest:
        if lines[number].startswith(">"):
            return False
        if ours.knows(lines[number]):
            return True
        if _attribution(lines, number) or _headers(lines, number) or _opening(lines, number):
            return False
    return False


def _blanks(lines: list[str], kinds: list[str]) -> None:
    """Blank lines and rules between quoted ones are quoted; so is what ends a mail after them."""
    following = QUOTE
    below = [QUOTE] * len(lines)
    for number in range(len(lines) - 1, -1, -1):
        below[number] = following
        if re.search(r"\w", lines[number]):
            following = kinds[number]
    last = NEW
    for number, line in enumerate(lines):
        if re.search(r"\w", line):
            last = kinds[number]
        elif last == below[number] == QUOTE:
            kinds[number] = QUOTE


def _next(lines: list[str], place: int) -> int:
    while place < len(lines) and not lines[place]:
        place += 1
    return place


def _new_below(lines: list[str], place: int) -> bool:
    """Does unmarked text follow that is no opening of a quotation?"""
    after = _next(lines, place)
    return not (
        after == len(lines)
        or lines[after].startswith(">")
        or _attribution(lines, after)
        or _headers(lines, after)
        or _opening(lines, after)
    )


def _clean(line: str) -> str:
    return _INVISIBLE.sub("", line).replace("\u00a0", " ").strip()


def _words(text: str) -> str:
    """Return the letters and digits of a text, folded, between single spaces."""
    plain = unicodedata.normalize("NFKC", _LINK.sub(" ", _INVISIBLE.sub("", text))).casefold()
    return " ".join(re.findall(r"\w+", plain))
