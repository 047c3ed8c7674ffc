"""Articles from files, all or none; the same files again bring the articles up to date."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from ..database import transaction
from ..errors import Invalid
from ..sites.models import Category, Site
from . import addresses, parsing, service
from .models import Article
from .parsing import MOST, Fault, Parsed

#: A link to another file of the import, up to its end or its title.
LINK = re.compile(r"\]\((?![a-z]+:|[/#])([^)\s#]+\.(?:md|markdown))(#[^)\s]*)?(?=[)\s])", re.I)


class ImportRefused(Invalid):
    """Nothing was imported; ``faults`` says why, line by line."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Outcome:
    """What an import did."""

    added: int
    changed: int
    unchanged: int


def from_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the Markdown and CSV files of a folder, or the one file, with their names."""
    if folder.is_file():
        yield folder.name, folder.read_bytes()
        return
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in name.parts)
        if path.is_file() and path.suffix.lower() in parsing.KINDS and not hidden:
            yield name.as_posix(), path.read_bytes()


def bring_in(
    site: Site,
    files: Iterable[tuple[str, bytes]],
    *,
    author: str,
    language: str = "",
    publish: bool = True,
) -> Outcome:
    """Write the articles of ``files``; raise :exc:`ImportRefused` and write none if one is wrong.

    An article is known again by its topic and language. ``publish``: show new ones where the file
    does not say; what is there keeps its state.
    """
    found: list[Parsed] = []
    faults: list[Fault] = []
    for name, data in files:
        articles, wrong = parsing.parse(name, data, language)
        found += articles
        faults += wrong
        if len(found) > MOST:
            raise ImportRefused([Fault("", 0, "many", {"most": MOST})])
    if not found and not faults:
        faults = [Fault("", 0, "nothing", {})]
    if faults:
        raise ImportRefused(faults)
    with transaction():
        return _Plan(site, found).carry_out(author, publish)


class _Plan:
    """What is to be written, checked as a whole before anything is."""

    def __init__(self, site: Site, found: list[Parsed]) -> None:
        self.site, self.found = site, found
        self.known = [
            service.translation(site.id, each.topic, each.language) for each in found
        ]  # fmt: skip
        self.faults: list[Fault] = []
        self.seen: set[tuple[str, str]] = set()
        self.categories = self._categories()
        self.slugs = self._slugs()
        for each in found:
            self._check(each)
        if self.faults:
            raise ImportRefused(sorted(self.faults, key=lambda fault: (fault.file, fault.line)))

    def carry_out(self, author: str, publish: bool) -> Outcome:
        counts = {"added": 0, "changed": 0, "unchanged": 0}
        places = {each.file: (each.language, slug)
                  for each, slug in zip(self.found, self.slugs, strict=True)}  # fmt: skip
        for each, article, slug in zip(self.found, self.known, self.slugs, strict=True):
            wished: dict[str, object] = {
                "locale": each.language,
                "title": " ".join(each.title.split()),
                "body": _linked(each, places),
                "slug": slug,
                "tags": service.tidy_tags(each.tags),
                "category": self.categories.get(each.category.casefold()),
            }
            counts[self._write(article, each, wished, author, publish)] += 1
        return Outcome(**counts)

    def _write(
        self,
        article: Article | None,
        parsed: Parsed,
        wished: dict[str, object],
        author: str,
        publish: bool,
    ) -> str:
        if article is None:
            fresh = service.write(self.site, topic=parsed.topic, author=author, **wished)  # type: ignore[arg-type]
            if parsed.state == "published" or (not parsed.state and publish):
                service.publish(fresh)
            return "added"
        same = (article.title, article.body, article.slug, article.tags, article.category_id) == (
            *(wished[name] for name in ("title", "body", "slug", "tags", "category")),
        )
        if not same:
            service.change(article, author=author, **wished)  # type: ignore[arg-type]
        shown = {"draft": False, "published": True}.get(parsed.state, article.is_public)
        if shown is not article.is_public:
            (service.publish if shown else service.withdraw)(article)
            return "changed"
        return "unchanged" if same else "changed"

    def _slugs(self) -> list[str]:
        """Return where each article will be: as the file says, as it was, or by its title."""
        taken: set[tuple[str, str]] = set()
        slugs = []
        for each, article in zip(self.found, self.known, strict=True):
            slug = each.slug or (article.slug if article else "")
            if not slug:
                slug = self._free(each, taken)
            elif not addresses.is_slug(slug):
                self.faults.append(each.fault("slug", "slug", value=slug))
            elif (each.language, slug) in taken or addresses.is_taken(
                self.site.id, each.language, slug, article.id if article else ""
            ):
                self.faults.append(each.fault("slug", "slug_taken", value=slug))
            taken.add((each.language, slug))
            slugs.append(slug)
        return slugs

    def _free(self, each: Parsed, taken: set[tuple[str, str]]) -> str:
        wished = base = addresses.slug_of(each.title) or addresses.NAMELESS
        number = 1
        while True:
            slug = addresses.free(self.site.id, each.language, wished, "")
            if (each.language, slug) not in taken:
                return slug
            number += 1
            wished = f"{base}-{number}"

    def _categories(self) -> dict[str, str]:
        """Return the site's categories by id and by every name they have."""
        named: dict[str, str] = {}
        for category in Category.select().where(Category.site_id == self.site.id):
            for name in (*category.name.values(), category.id):
                named[name.casefold()] = category.id
        return named

    def _check(self, each: Parsed) -> None:
        if each.category and each.category.casefold() not in self.categories:
            self.faults.append(each.fault("category", "category", value=each.category))
        for name, most in (
            ("title", service.TITLE),
            ("body", service.BODY),
            ("topic", service.TOPIC),
        ):
            if len(getattr(each, name)) > most:
                self.faults.append(each.fault(name, "long", name=name, most=most))
        tags = service.tidy_tags(each.tags)
        if len(tags) > service.TAGS or any(len(tag) > service.TAG for tag in tags):
            self.faults.append(each.fault("tags", "tags"))
        key = (each.topic, each.language)
        if key in self.seen:
            self.faults.append(each.fault("topic", "twice", value=each.topic))
        self.seen.add(key)


def _linked(article: Parsed, places: dict[str, tuple[str, str]]) -> str:
    """Return the text with links to other files turned into links to their pages."""

    def turn(match: re.Match[str]) -> str:
        name = unquote(match[1])  # Markdown has no room for a blank.
        path = posixpath.normpath(posixpath.join(posixpath.dirname(article.file), name))
        if path not in places:
            return match[0]
        language, slug = places[path]
        place = slug if language == article.language else f"../{language}/{slug}"
        return f"]({place}{match[2] or ''}"

    return LINK.sub(turn, article.body).strip()
