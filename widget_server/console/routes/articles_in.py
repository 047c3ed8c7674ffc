"""Articles from files: chosen one by one or as a folder, imported all or none."""

from typing import Any

from flask import g, request

from ...articles import imports, parsing
from ...sites import service as sites
from .frame import bp, page
from .inbox import shell

#: Files and fields of one form; a folder brings along pictures and the like.
PARTS = 2 * imports.MOST

#: Faults shown at once; who has more begins with these.
SHOWN = 50


@bp.get("/articles/<site_key>/import")
def article_import(site_key: str) -> str:
    """Offer to import articles."""
    return _import(site_key)


@bp.post("/articles/<site_key>/import")
def create_article_import(site_key: str) -> Any:
    """Import the files sent; where something is wrong, say where and change nothing."""
    site = sites.find_site(site_key)
    request.max_form_parts = PARTS
    chosen = [
        (_within(file.filename), file.stream.read(parsing.FILE_BYTES + 1))
        for file in request.files.getlist("files") + request.files.getlist("folder")
        if file.filename
    ]
    # A folder brings everything in it; what is no article was not chosen.
    known = [(name, data) for name, data in chosen if _suffix(name) in parsing.KINDS]
    language = request.form.get("language", "")
    language = language if language in sites.LANGUAGES else ""
    try:
        outcome = imports.bring_in(
            site,
            sorted(known if len(chosen) > 1 else chosen),
            author=g.agent.name,
            language=language,
            publish="publish" in request.form,
        )
    except imports.ImportRefused as refused:
        return _import(site_key, faults=refused.faults), 422
    return _import(site_key, outcome=outcome)


def _within(name: str) -> str:
    """Return a file's place inside the folder chosen, unless that is named by a language."""
    first, _, rest = name.replace("\\", "/").partition("/")
    return rest if rest and first.lower() not in sites.LANGUAGES else name


def _suffix(name: str) -> str:
    return name[name.rfind(".") :].lower()


def _import(
    site_key: str,
    *,
    faults: list[parsing.Fault] | None = None,
    outcome: imports.Outcome | None = None,
) -> str:
    faults = faults or []
    return page(
        "articles_in.html",
        owner=sites.find_site(site_key),
        faults=faults[:SHOWN],
        more=max(len(faults) - SHOWN, 0),
        outcome=outcome,
        written=sites.LANGUAGES,
        place="articles",
        **shell(),
    )
