"""Articles out of files: Markdown with front matter, or rows of a CSV. Faults are named by line."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from ..sites.service import LANGUAGES
from ..wire import UNUSABLE
from . import addresses

if TYPE_CHECKING:
    import yaml

MARKDOWN = {".md", ".markdown"}
KINDS = MARKDOWN | {".csv"}

#: Bytes of one file, and characters of its front matter.
FILE_BYTES, FRONT = 4 << 20, 20_000

#: Articles of one import: they are written in one transaction, and are all in memory before.
MOST = 5_000

#: What is wrong, by its name; the console says it in the agent's language.
SAID = {
    "kind": "is neither Markdown nor CSV",
    "large": "is larger than 4 MB",
    "encoding": "is not UTF-8 text",
    "characters": "contains characters that cannot be stored",
    "front": "this front matter cannot be read; text with a colon needs quotes",
    "unclosed": "the front matter has no end; close it with ---",
    "value": "{name} has to be a text or a list of texts",
    "title": "has no title",
    "body": "has no text",
    "language": "in which language? Say it in the front matter, the folder or the file's name",
    "unknown_language": "{value} is not one of " + ", ".join(LANGUAGES),
    "state": "{value} is neither draft nor published",
    "header": "there is no column {name}",
    "cells": "has more cells than the header",
    "csv": "this is not CSV",
    "slug": "{value} is no address: small letters, digits and hyphens",
    "slug_taken": "another article has the address {value}",
    "twice": "{value} is there twice in this language",
    "category": "the site has no category {value}",
    "long": "{name} is longer than {most} characters",
    "tags": "has too many or too long tags",
    "many": "more than {most} articles at once",
    "nothing": "there is nothing to import",
}

#: What a field is called elsewhere.
NAMES = {"lang": "language", "locale": "language", "status": "state", "category_id": "category"}
FIELDS = ("title", "body", "language", "slug", "topic", "tags", "category", "state")


class Fault(NamedTuple):
    """What is wrong with a line of a file."""

    file: str
    line: int
    code: str
    values: dict[str, str | int]

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        said = SAID[self.code].format(**self.values)
        return f"{place}: {said}" if place else said


@dataclass
class Parsed:
    """An article as a file has it, and the lines its fields stand on."""

    file: str
    line: int
    title: str = ""
    body: str = ""
    language: str = ""
    slug: str = ""
    topic: str = ""
    tags: list[str] = field(default_factory=list)
    category: str = ""
    state: str = ""
    lines: dict[str, int] = field(default_factory=dict)

    def fault(self, about: str, code: str, /, **values: str | int) -> Fault:
        return Fault(self.file, self.lines.get(about, self.line), code, values)


def parse(name: str, data: bytes, language: str = "") -> tuple[list[Parsed], list[Fault]]:
    """Return the articles of one file, and what is wrong with them.

    ``language``: what is assumed where a file does not say.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in KINDS:
        return [], [Fault(name, 0, "kind", {})]
    if len(data) > FILE_BYTES:
        return [], [Fault(name, 0, "large", {})]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Fault(name, data[: error.start].count(b"\n") + 1, "encoding", {})]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if bad := UNUSABLE.search(text):
        return [], [Fault(name, text[: bad.start()].count("\n") + 1, "characters", {})]
    faults: list[Fault] = []
    read = _markdown if suffix in MARKDOWN else _csv
    found = list(read(name, text, language, faults))
    for article in found:
        faults += _missing(article)
    return found, faults


def _markdown(name: str, text: str, language: str, faults: list[Fault]) -> Iterator[Parsed]:
    topic, told = _named(name)
    article = Parsed(name, 1, topic=topic, language=told or language)
    body, offset = text, 0
    if re.match(r"---[ \t]*\n", text):
        end = re.compile(r"^(---|\.\.\.)[ \t]*$", re.M).search(text, 4)
        if end is None or end.start() > FRONT:
            faults.append(Fault(name, 1, "unclosed", {}))
            return
        if not _front(article, text[text.index("\n") + 1 : end.start()], faults):
            return
        body, offset = text[end.end() :], text[: end.end()].count("\n")
    heading = re.match(r"\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|$)", body)
    if not article.title and heading:
        article.title = heading[1]
        article.lines["title"] = offset + body[: heading.start(1)].count("\n") + 1
        body = body[heading.end() :]
    article.body = body.strip()
    yield article


def _front(article: Parsed, text: str, faults: list[Fault]) -> bool:
    """Read the front matter into ``article``; what it does not know it leaves alone."""
    import yaml  # Only whoever imports articles needs it.

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        faults.append(Fault(article.file, mark.line + 2 if mark else 1, "front", {}))
        return False
    if root is not None and not isinstance(root, yaml.MappingNode):
        faults.append(Fault(article.file, 2, "front", {}))
        return False
    for key, node in root.value if root is not None else []:
        name = NAMES.get(str(key.value).lower(), str(key.value).lower())
        article.lines[name] = key.start_mark.line + 2
        value = _value(node)
        if name in {"draft", "published"} and isinstance(value, str):
            said = value.lower() in {"true", "yes", "on"}
            article.state = "draft" if said == (name == "draft") else "published"
        elif name not in FIELDS or name == "body":
            continue
        elif value is None or (isinstance(value, list) and name != "tags"):
            faults.append(article.fault(name, "value", name=name))
        elif name == "tags":
            article.tags = value if isinstance(value, list) else value.split(",")
        elif value:
            setattr(article, name, value)
    return True


def _value(node: "yaml.Node") -> str | list[str] | None:
    """Return what is written, never what YAML takes it for: ``no`` is Norwegian, not false."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return "" if node.tag.endswith(":null") else " ".join(str(node.value).split())
    if isinstance(node, yaml.SequenceNode) and all(
        isinstance(each, yaml.ScalarNode) for each in node.value
    ):
        return [str(each.value) for each in node.value]
    return None


def _named(name: str) -> tuple[str, str]:
    """Return topic and language by a file's name: ``es/returns.md`` or ``returns.es.md``."""
    path = PurePosixPath(name.lower())
    stem, _, ending = path.name.removesuffix(path.suffix).rpartition(".")
    parts = [part for part in path.parts[:-1] if part not in LANGUAGES]
    folder = next((part for part in path.parts[:-1][::-1] if part in LANGUAGES), "")
    if stem and ending in LANGUAGES:
        return "/".join([*parts, stem]), ending
    return "/".join([*parts, path.name.removesuffix(path.suffix)]), folder


def _csv(name: str, text: str, language: str, faults: list[Fault]) -> Iterator[Parsed]:
    head = text.partition("\n")[0]
    rows = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True
    )
    try:
        header = [NAMES.get(cell.strip().lower(), cell.strip().lower()) for cell in next(rows, [])]
        absent = [column for column in ("title", "body") if column not in header]
        faults += [Fault(name, 1, "header", {"name": column}) for column in absent]
        end = rows.line_num
        for count, row in enumerate([] if absent else rows):
            line, end = end + 1, rows.line_num
            if count == MOST:
                faults.append(Fault(name, line, "many", {"most": MOST}))
                return
            if len(row) > len(header):
                faults.append(Fault(name, line, "cells", {}))
            elif any(cell.strip() for cell in row):
                cells = {key: cell.strip() for key, cell in zip(header, row, strict=False)}
                yield _row(name, line, cells, language)
    except csv.Error:
        faults.append(Fault(name, rows.line_num, "csv", {}))


def _row(name: str, line: int, cells: dict[str, str], language: str) -> Parsed:
    title, slug = " ".join(cells.get("title", "").split()), cells.get("slug", "")
    return Parsed(
        name,
        line,
        title=title,
        body=cells.get("body", ""),
        language=cells.get("language") or language,
        slug=slug,
        topic=cells.get("topic") or slug or addresses.slug_of(title) or title,
        tags=re.split("[,;]", cells.get("tags", "")),
        category=cells.get("category", ""),
        state=cells.get("state", ""),
    )


def _missing(article: Parsed) -> Iterator[Fault]:
    article.language, article.state = article.language.lower(), article.state.lower()
    for name in ("title", "body"):
        if not getattr(article, name):
            yield article.fault(name, name)
    if not article.language:
        yield article.fault("language", "language")
    elif article.language not in LANGUAGES:
        yield article.fault("language", "unknown_language", value=article.language)
    if article.state not in {"", "draft", "published"}:
        yield article.fault("state", "state", value=article.state)
