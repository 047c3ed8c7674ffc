"""The addresses of the help pages, without their host."""

from urllib.parse import quote


def home_path(site_key: str, locale: str) -> str:
    return f"/help/{site_key}/{locale}/"


def article_path(site_key: str, locale: str, slug: str) -> str:
    return f"/help/{site_key}/{locale}/{quote(slug)}"


def category_path(site_key: str, locale: str, category_id: str) -> str:
    """``category_id``: empty for what belongs to none."""
    return f"{home_path(site_key, locale)}?category={quote(category_id)}"
