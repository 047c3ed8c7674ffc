"""Quotes and orders on paper: one PDF per version, in its reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from ..clock import parse
from ..database import fetch
from ..money import number, percent, shown
from ..sites.look import complete
from ..sites.models import Site
from ..sites.service import site_of
from ..tickets.models import Ticket
from . import book, delivery, logos, wording
from .models import ACCEPTED, Decision, Order, Quote
from .typefaces import set_up, settable
from .views import Documents
from .wording import LANGUAGES, words

#: Millimetres and points of the page.
MARGIN, BODY, SMALL, SMALLEST, LARGE = 20, 9.5, 8, 6.5, 20
INK, QUIET, HAIRLINE = (26, 29, 38), (91, 97, 112), (221, 224, 230)

#: Millimetres: the page between its margins, the least of each column of numbers and of the words,
#: and what a cell keeps free on both sides.
WIDTH, COLUMNS, WORDS, FREE = 170, (20, 24, 16, 24), 60, 4


@dataclass(frozen=True)
class Document:
    name: str
    content: bytes


def of(order: Order, quote: Quote, language: str | None = None) -> Document:
    """Return the document of a version: the order once it was accepted, else the quote."""
    Documents.ensure()
    ticket = book.ticket_of(order)
    site = site_of(order.site_id)
    chosen = (language or ticket.locale)[:2].lower()
    sheet = _Sheet(order, quote, ticket, site, chosen if chosen in LANGUAGES else "en")
    kind = sheet.kind.lower().replace(" ", "-")
    return Document(f"{kind}-{sheet.number}.pdf", sheet.drawn())


class _Sheet:
    """One document being drawn."""

    def __init__(
        self, order: Order, quote: Quote, ticket: Ticket, site: Site, language: str
    ) -> None:
        # A third of a second to load, and only whoever downloads a document needs it.
        from fpdf import FPDF

        self.order, self.quote, self.ticket, self.site = order, quote, ticket, site
        self.language, self.words = language, words(language)
        self.settings = complete(site.settings)
        self.ordered = order.number is not None and order.quote_id == quote.id
        self.number = str(order.number if self.ordered else order.quote_number)
        self.kind = self.say("order" if self.ordered else "quote")
        say, foot = self.say, settable(f"{site.name} · {self.kind}")

        class Page(FPDF):
            def footer(self) -> None:
                self.set_y(-15)
                self.set_font("Noto", size=SMALL)
                self.set_text_color(*QUIET)
                told = say("page", page=self.page_no(), of="{nb}")
                self.cell(0, 5, f"{foot} · {told}", align="C")

        self.pdf = pdf = Page()
        set_up(pdf, self._texts())
        pdf.set_margins(MARGIN, MARGIN, MARGIN)
        pdf.set_auto_page_break(True, margin=22)
        pdf.set_title(f"{self.kind} {self.number}")
        pdf.set_author(site.name)
        pdf.set_lang(language)
        pdf.set_creation_date(parse(quote.sent_at))

    def say(self, key: str, **values: object) -> str:
        return self.words[key].format_map(values)

    def _texts(self) -> list[str]:
        """Return everything people wrote that will be drawn."""
        said = [line["text"] for line in self.quote.lines]
        usual = (self.settings["orders"]["seller"], self.settings["orders"]["terms"])
        named = (self.site.name, book.customer(self.ticket), self.quote.title, self.quote.note)
        # Whoever accepted may be called otherwise since.
        return [*said, *usual, *named, *(each.name for each in self._decisions())]

    def drawn(self) -> bytes:
        self.pdf.add_page()
        for part in (self._head, self._parties, self._lines, self._totals, self._promise,
                     self._notes, self._proof):  # fmt: skip
            part()
        return bytes(self.pdf.output())

    def _text(
        self,
        text: str,
        *,
        width: float = 0,
        bold: bool = False,
        size: float = BODY,
        colour: tuple[int, int, int] = INK,
        align: str = "L",
        height: float = 5,
    ) -> None:
        self._face(bold, size)
        self.pdf.set_text_color(*colour)
        said = settable(text)
        self.pdf.multi_cell(width, height, said, align=align, new_x="LMARGIN", new_y="NEXT")

    def _face(self, bold: bool, size: float) -> None:
        pdf = self.pdf
        pdf.set_font("Noto", "B" if bold else "", size)
        if pdf.text_shaping:
            # fpdf2 loses a font whose first line begins with letters of another: this is the first.
            pdf.cell(1, 0, " ", new_x="LEFT", new_y="TOP")

    def _head(self) -> None:
        pdf = self.pdf
        picture = logos.picture(self.site.id, self.settings["look"]["logo"])
        top = pdf.get_y()
        if picture:
            pdf.image(BytesIO(picture), h=12, w=60, keep_aspect_ratio=True, x=MARGIN, y=top)
        else:
            self._text(self.site.name, bold=True, size=13, width=90, height=7)
        pdf.set_xy(MARGIN, top)
        self._text(self.kind, bold=True, size=LARGE, align="R", height=9)
        name = self.number
        if not self.ordered and self.quote.version > 1:
            name += f" · {self.say('version', version=self.quote.version)}"
        self._text(name, colour=QUIET, align="R")
        pdf.set_y(max(pdf.get_y(), top + 16) + 6)

    def _parties(self) -> None:
        pdf = self.pdf
        top, facts = pdf.get_y(), self._facts()
        seller = self.settings["orders"]["seller"] or self.site.name
        self._block(self.say("from"), seller, MARGIN, 55)
        bottom = pdf.get_y()
        pdf.set_y(top)
        self._block(self.say("to"), book.customer(self.ticket), MARGIN + 60, 55)
        bottom = max(bottom, pdf.get_y())
        pdf.set_y(top)
        for label, value in facts:
            pdf.set_x(MARGIN + 118)
            self._pair(label, value, 52)
        pdf.set_y(max(bottom, pdf.get_y()) + 8)
        self._text(self.quote.title, bold=True, size=13, height=7)
        pdf.ln(2)

    def _block(self, label: str, text: str, x: float, width: float) -> None:
        pdf = self.pdf
        pdf.set_left_margin(x)
        pdf.set_x(x)
        self._text(label, size=SMALL, colour=QUIET, width=width)
        self._text(text, width=width)
        pdf.set_left_margin(MARGIN)

    def _pair(self, label: str, value: str, width: float, *, bold: bool = False) -> None:
        pdf = self.pdf
        self._face(bold, BODY)
        pdf.set_text_color(*(INK if bold else QUIET))
        pdf.cell(width / 2 + 2, 5.5, label)
        pdf.set_text_color(*INK)
        pdf.cell(width / 2 - 2, 5.5, value, align="R", new_x="LMARGIN", new_y="NEXT")

    def _facts(self) -> list[tuple[str, str]]:
        quote = self.quote
        issued = self.order.accepted_at if self.ordered else quote.sent_at
        today = delivery.today(self.settings, parse(issued or quote.sent_at))
        facts = [(self.say("date"), self._day(today))]
        if quote.valid_until and not self.ordered:
            until = self._day(date.fromisoformat(quote.valid_until))
            facts.append((self.say("valid_until"), until))
        if self.ordered and self.order.quote_number:
            facts.append((self.say("quote"), self.order.quote_number))
        facts.append((self.say("request"), f"#{self.ticket.number}"))
        return facts

    def _lines(self) -> None:
        from fpdf.fonts import FontFace

        pdf = self.pdf
        head = [self.say(key) for key in ("line", "quantity", "price", "vat", "amount")]
        rows = [
            (
                settable(line["text"]),
                number(line["quantity"], self.language),
                self._money(line["price"]),
                percent(line["rate"], self.language),
                self._money(line["net"]),
            )
            for line in self.quote.lines
        ]
        widths = self._columns([head, *rows])
        pdf.set_text_color(*INK)
        pdf.set_draw_color(*HAIRLINE)
        with pdf.table(
            width=WIDTH,
            col_widths=widths,
            text_align=("LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT"),
            borders_layout="HORIZONTAL_LINES",
            headings_style=FontFace(emphasis="BOLD", color=QUIET, size_pt=SMALL),
            line_height=5,
            padding=(1.8, 1, 1.8, 1),
            v_align="TOP",
        ) as table:
            for row in (head, *rows):
                table.row(row)
        pdf.ln(3)

    def _columns(self, rows: Sequence[Sequence[str]]) -> tuple[float, ...]:
        """Return widths that break no number, in the largest type that leaves room for words."""
        for size in (BODY, SMALL, SMALLEST):
            self.pdf.set_font("Noto", size=size)
            widths = [
                max(least, *(self.pdf.get_string_width(row[at]) + FREE for row in rows))
                for at, least in enumerate(COLUMNS, 1)
            ]
            if WIDTH - sum(widths) >= WORDS:
                break
        return (WIDTH - sum(widths), *widths)

    def _totals(self) -> None:
        quote = self.quote
        rows = [(self.say("net"), quote.net)]
        for share in quote.rates:
            rate = percent(share["rate"], self.language)
            base = self._money(share["net"])
            rows.append((self.say("vat_of", rate=rate, net=base), share["vat"]))
        with self.pdf.unbreakable():
            for label, amount in rows:
                self.pdf.set_x(MARGIN + 55)
                self._sum(label, amount)
            self.pdf.ln(1)
            self.pdf.set_x(MARGIN + 55)
            self._sum(self.say("total"), quote.total, bold=True)
        self.pdf.ln(6)

    def _sum(self, label: str, amount: int, *, bold: bool = False) -> None:
        pdf = self.pdf
        self._face(bold, 12 if bold else BODY)
        pdf.set_text_color(*(INK if bold else QUIET))
        height = 10 if bold else 6
        rule: Any = "T" if bold else 0
        pdf.cell(65, height, label, border=rule)
        pdf.set_text_color(*INK)
        text = self._money(amount)
        pdf.cell(50, height, text, border=rule, align="R", new_x="LMARGIN", new_y="NEXT")

    def _promise(self) -> None:
        order = self.order
        if self.ordered and order.delivery_on:
            day = self._day(date.fromisoformat(order.delivery_on))
            self._text(self.say("delivery_on", day=day))
        else:
            days = self.quote.lead_days
            self._text(self.say("lead_one" if days == 1 else "lead", days=days))
        self.pdf.ln(2)

    def _notes(self) -> None:
        for text in (self.quote.note, self.settings["orders"]["terms"]):
            if text:
                self._text(text)
                self.pdf.ln(2)

    def _proof(self) -> None:
        """Who accepted, and the hash their acceptance names."""
        found = self._decisions()
        told = [self.say("digest", digest=self.quote.digest)]
        if found and found[0].answer == ACCEPTED:
            who = found[0].name or found[0].email or "–"
            told.insert(0, self.say("accepted", who=who, when=self._moment(found[0].at)))
        for text in told:
            self._text(text, size=SMALL, colour=QUIET, height=4.2)

    def _decisions(self) -> list[Decision]:
        return fetch(
            Decision, "site_id = ? AND quote_id = ?", self.quote.site_id, self.quote.id
        )  # fmt: skip

    def _money(self, amount: int) -> str:
        return shown(amount, self.quote.currency, self.language)

    def _day(self, day: date) -> str:
        return wording.day(day, self.language)

    def _moment(self, at: str) -> str:
        return wording.moment(at, delivery.zone(self.settings), self.language)
