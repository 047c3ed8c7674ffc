"""Was this helpful? Counted once for each voter, who may think again."""

from ..clock import stamp
from ..database import execute, is_sqlite, query, transaction
from .models import Article


def vote(article: Article, voter: str, *, helpful: bool) -> None:
    """Count what ``voter`` says of an article; their earlier word is taken back."""
    lock = "" if is_sqlite() else " FOR UPDATE"
    own = (article.site_id, article.id)
    with transaction():
        # The article's row is held, so that two votes of one voter take turns.
        query(f"SELECT 1 FROM article WHERE site_id = ? AND id = ?{lock}", *own)
        before = said(article, voter)
        if before is helpful:
            return
        execute(
            "INSERT INTO article_vote (site_id, article_id, voter, helpful, at)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (site_id, article_id, voter)"
            " DO UPDATE SET helpful = excluded.helpful, at = excluded.at",
            *own, voter, int(helpful), stamp(),
        )  # fmt: skip
        taken = {None: (0, 0), True: (1, 0), False: (0, 1)}[before]
        execute(
            "UPDATE article SET helpful = helpful + ?, unhelpful = unhelpful + ?"
            " WHERE site_id = ? AND id = ?",
            int(helpful) - taken[0], int(not helpful) - taken[1], *own,
        )  # fmt: skip


def said(article: Article, voter: str) -> bool | None:
    """Return what ``voter`` said of an article, if anything."""
    rows = query(
        "SELECT helpful FROM article_vote WHERE site_id = ? AND article_id = ? AND voter = ?",
        article.site_id, article.id, voter,
    )  # fmt: skip
    return bool(rows[0][0]) if rows else None
