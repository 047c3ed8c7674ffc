"""An answer to one person made fit for everybody: what names or reaches anyone is taken out.

Rather too much than too little: an agent sees what was taken before anything is published, and
can write it back.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

#: What stands for what was taken out, by language.
KINDS = ("name", "email", "phone", "order", "address", "link", "code")
MARKS = {
    language: dict(zip(KINDS, marks.split(), strict=True))
    for language, marks in {
        "es": "nombre correo teléfono número dirección enlace código",
        "it": "nome e-mail telefono numero indirizzo link codice",
        "en": "name email phone number address link code",
        "fr": "nom e-mail téléphone numéro adresse lien code",
        "de": "Name E-Mail Telefon Nummer Adresse Link Code",
        "pt": "nome e-mail telefone número morada ligação código",
    }.items()
}

GREETINGS = (
    "hola|buenos días|buenas tardes|buenas noches|buenas|estimad[oa]s?|querid[oa]s?|hi|hello|hey|"
    "dear|good (?:morning|afternoon|evening)|ciao|salve|buongiorno|buonasera|gentile|car[oa]|"
    "bonjour|bonsoir|salut|cher|chère|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|moin|"
    "sehr geehrte[rs]?|olá|oi|bom dia|boa (?:tarde|noite)|prezad[oa]|caro"
)
FAREWELLS = (
    "(?:un (?:cordial )?|muchos )?(?:saludos?|abrazos?)|atentamente|cordialmente|gracias|"
    "(?:kind |best |warm )?regards|best wishes|best|cheers|sincerely|thanks|thank you|"
    "yours (?:sincerely|faithfully|truly)|"
    "(?:cordiali |distinti )?saluti|a presto|grazie|"
    "(?:bien )?cordialement|bien à vous|merci|"
    "(?:mit )?(?:freundlichen|besten|lieben|herzlichen|viele|beste|liebe|herzliche) grüßen?|danke|"
    "(?:com os melhores )?cumprimentos|atenciosamente|obrigad[oa]|abraços?"
)

#: A first line that only greets, and last lines that only take leave and sign.
TITLED = r"(?:\b(?:mrs?|ms|dra?|sra?|srta|sig(?:ra)?|mme|prof|d)\.|[^\n.:?])"
GREETING = re.compile(rf"\A\s*(?:{GREETINGS})\b{TITLED}{{0,60}}[,.:!…]*[ \t]*(?:\n+|\Z)", re.I)
FAREWELL = re.compile(
    rf"\n[ \t]*(?:{FAREWELLS})\b[^\n.?:]{{0,30}}[,.!…]*[ \t]*(?:\n[^\n]{{0,60}}){{0,4}}\s*\Z", re.I
)
#: "Hola, Ada: el pedido…" greets within a line.
GREETED = re.compile(rf"\A(\s*)(?:{GREETINGS})\b[^\n.:?]{{0,40}}[,:!][ \t]+(?=\S)", re.I)

#: Each pattern looks at a place once: what may be long starts where nothing like it stands before.
EMAIL = re.compile(r"(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.I)
ABROAD = re.compile(r"(?<![\w.,/#-])(?:\+|00)\d(?:[ .\-/()\u00a0]{0,2}\d){6,14}(?![\w-])")
PHONE = re.compile(r"(?<![\w.,/#-])\(?\d(?:[ .\-/()\u00a0]{0,2}\d){7,14}(?![\w-])")
DATE = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{2,4}|\d{4}-\d{2}-\d{2}")
#: Card and account numbers, orders, tickets: anything of letters and digits that counts somebody.
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}\b")
CARD = re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])")
DASHED = re.compile(r"(?<![\w#&-])\d{2,4}-\d{3,}(?:[-/]\d+)*(?![\w]|[.,]\d)")
ORDER = re.compile(
    r"(?<![\w#&-])(?:#[ ]?\d{2,}|[A-Za-z]{1,5}-?\d{4,}(?:[-/]\d+)*|\d{6,})(?![\w]|[.,]\d)"
)
#: Words before a number that make it somebody's.
COUNTED = re.compile(
    r"\b(pedidos?|orders?|ordin[ei]|commandes?|bestellung(?:en)?|encomendas?|facturas?|invoices?|"
    r"fatture?|factures?|rechnung(?:en)?|faturas?|tickets?|solicitud|cliente|customer|kunden?|"
    r"referencia|reference|ref|número|numero|number|nummer|numéro|n\.?[º°o]|nº|no\.)"
    r"([\s:.#]{1,3}(?:n\.?[º°o]\.?\s|número\s|number\s|nummer\s)?)"
    r"([A-Za-z]{0,6}[-/]?\d[\w/-]*)",
    re.I,
)
DOCUMENT = re.compile(r"\b(?:\d{8}-?[A-Za-z]|[XYZxyz]-?\d{7}-?[A-Za-z]|[A-HJ-NP-SUVW]-?\d{8})\b")
IP = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
#: Long runs of letters and digits together: tokens, keys, tracking codes.
CODE = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{12,}(?![\w-])")
STREET = re.compile(
    r"(?<!\w)(?i:c/|calle|avda?\.?|avenida|plaza|paseo|camino|carretera|ronda|via|viale|piazza|"
    r"corso|rue|boulevard|place|chemin|rua|travessa|praça|largo|estrada)\s+"
    r"(?:[\w'’.ªº-]{1,30}\s+){0,5}?[\w'’.ªº-]{1,30},?\s+(?:n[.º°]*\s*)?\d{1,4}\b"
    r"(?:[^\n;]{0,40}?\b\d{4,5}(?:-\d{3})?\b(?:\s+[A-ZÀ-Ý][\w'’-]{1,30}){0,3})?"
    r"|(?<!\w)[A-ZÄÖÜ][\w-]{0,40}(?:straße|strasse|str\.|weg|platz|allee|gasse)\s+\d{1,4}\s?[a-z]?\b"
    r"(?:,?\s+\d{5}\s+[A-ZÄÖÜ][\w-]{1,30})?"
    r"|(?<![\w.,])\d{1,4}(?:\s?(?:bis|ter))?,?\s+"
    r"(?i:rue|avenue|boulevard|bd|place|chemin|quai|allée|impasse|cours)\s+"
    r"(?:(?:de|du|des|la|le|les)\s+|[dl]['’]){0,3}[A-ZÀ-Ý][\w'’-]{1,30}"
    r"(?:\s+[A-ZÀ-Ý][\w'’-]{1,30}){0,3}(?:,?\s+\d{5}\s+[A-ZÀ-Ý][\w'’-]{1,30})?"
    r"|(?<![\w.,])\d{1,5}\s+(?:[A-Z][\w'’]{1,30}\s+){1,3}"
    r"(?i:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|square|court|way)\b\.?"
    r"(?:,?\s+[A-Z][\w ]{2,30},?\s+[A-Z0-9]{2,4}\s?[A-Z0-9]{3,5})?"
)

#: Letters of names that are written with their marks or without, above all in capitals.
ALIKE = (
    "aàáâãäå", "cç", "eèéêë", "iìíîï", "lł", "nñ", "oòóôõöø", "sš", "uùúûü", "yýÿ", "zž",
)  # fmt: skip
LETTERS = {letter: f"[{alike}]" for alike in ALIKE for letter in alike}

#: Shorter parts of names are ordinary words too often.
SHORT = 3


@dataclass(frozen=True)
class Taken:
    """What was taken out, and what stands there now (nothing for a greeting)."""

    kind: str
    text: str
    left: str


@dataclass(frozen=True)
class Stripped:
    text: str
    taken: tuple[Taken, ...]


def strip(
    text: str,
    *,
    locale: str,
    names: Iterable[str | None] = (),
    private: Iterable[str | None] = (),
    public: Iterable[str | None] = (),
) -> Stripped:
    """Return ``text`` without what is personal, and what that was.

    ``names``: of the people in the conversation; ``private``: what else is theirs, such as an
    order number; ``public``: addresses and numbers of the site itself, which stay.
    """
    return _Stripper(locale, names, private, public).run(text)


class _Stripper:
    def __init__(
        self,
        locale: str,
        names: Iterable[str | None],
        private: Iterable[str | None],
        public: Iterable[str | None],
    ) -> None:
        self.marks = MARKS.get(locale, MARKS["en"])
        self.names = _alternatives(_parts(names))
        self.private = _alternatives(text for text in private if text and len(text) >= SHORT)
        self.public = {_bare(text) for text in public if text}
        self.taken: list[Taken] = []

    def run(self, text: str) -> Stripped:
        for pattern, left in ((GREETING, ""), (GREETED, r"\1"), (FAREWELL, "")):
            text = self._cut(pattern, text, left)
        text = URL.sub(self._link, text)
        searched: tuple[tuple[str, re.Pattern[str] | None], ...] = (
            ("email", EMAIL),
            ("order", self.private),
            ("code", IBAN),
            ("address", STREET),
            ("phone", ABROAD),
            ("code", CARD),
            ("code", DOCUMENT),
            ("code", IP),
            ("order", DASHED),
            ("phone", PHONE),
            ("code", CODE),
            ("order", ORDER),
        )
        for kind, each in searched:
            if each is not None:
                text = each.sub(self._mark(kind), text)
        text = COUNTED.sub(self._number, text)
        if self.names is not None:
            text = self.names.sub(self._mark("name"), text)
        return Stripped(text.strip(), tuple(dict.fromkeys(self.taken)))

    def _cut(self, pattern: re.Pattern[str], text: str, left: str) -> str:
        match = pattern.search(text)
        if match is None or match.group().strip() == text.strip():
            return text
        self.taken.append(Taken("greeting", match.group().strip(), ""))
        rest = match.expand(left) if left else ""
        text = text[: match.start()] + rest + text[match.end() :]
        return text if pattern is FAREWELL else _capital(text)

    def _mark(self, kind: str) -> Callable[[re.Match[str]], str]:
        def put(match: re.Match[str]) -> str:
            found = match.group()
            if self._is_public(found) or DATE.fullmatch(found):
                return found
            return self._take(kind, found)

        return put

    def _is_public(self, found: str) -> bool:
        """Is it the site's own? A number may be written without its country."""
        bare = _bare(found)
        own = bare.isdigit() and len(bare) > 7
        return any(bare == each or (own and each.endswith(bare)) for each in self.public)

    def _number(self, match: re.Match[str]) -> str:
        return match[1] + match[2] + self._take("order", match[3])

    def _link(self, match: re.Match[str]) -> str:
        """Keep an address that is the same for everybody: no query, no token in its path."""
        found = match.group()
        url = found.rstrip(".,;:!?)]}'\"*_~")
        rest = found[len(url) :]
        try:
            parts = urlsplit(url if "//" in url[:8] else f"//{url}")
        except ValueError:  # Brackets of an address that is none: nobody can tell what it says.
            return self._take("link", url) + rest
        personal = parts.query or parts.fragment or "@" in parts.netloc
        if personal or any(_is_token(part) for part in re.split("[/=;]", parts.path)):
            return self._take("link", url) + rest
        return found

    def _take(self, kind: str, found: str) -> str:
        left = f"[{self.marks[kind]}]"
        self.taken.append(Taken(kind, found, left))
        return left


def _is_token(part: str) -> bool:
    """Is a part of a path somebody's: a number of an order, a key, something random?"""
    digits = sum(each.isdigit() for each in part)
    return digits >= 4 or (digits > 0 and len(part) >= 10) or len(part) > 60 or "@" in part


def _parts(names: Iterable[str | None]) -> set[str]:
    """Return names whole and in their parts; one of an address is its part before the @."""
    found = set()
    for name in names:
        whole = unicodedata.normalize("NFC", name or "").partition("@")[0]
        words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", whole)
        found |= {word for word in words if len(word) >= SHORT}
        found |= {" ".join(words)} if len(words) > 1 else set()
    return found


def _alternatives(texts: Iterable[str]) -> re.Pattern[str] | None:
    longest = sorted({text.strip() for text in texts} - {""}, key=len, reverse=True)
    if not longest:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_spelled, longest))})(?!\w)", re.I)


def _spelled(text: str) -> str:
    return "".join(LETTERS.get(letter.lower(), re.escape(letter)) for letter in text)


def _bare(text: str) -> str:
    """Return what makes two ways of writing a number or an address the same."""
    return re.sub(r"[^\w@.]", "", text).casefold().removeprefix("00")


def _capital(text: str) -> str:
    text = text.lstrip()
    return text[:1].upper() + text[1:]
