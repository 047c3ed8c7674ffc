"""Saved views: searches an agent keeps beside the inbox."""

from ..clock import stamp
from ..database import execute, fetch, insert, transaction
from ..errors import Invalid
from ..ids import new_id
from .models import SavedView

NAME, TEXT, MOST = 40, 100, 30


def of(agent_id: int) -> list[SavedView]:
    return fetch(SavedView, "agent_id = ? ORDER BY created_at, id", agent_id)


def save(agent_id: int, *, name: str, text: str) -> None:
    """Keep a search under a name; the same name is replaced."""
    if not 0 < len(name) <= NAME or not 0 < len(text) <= TEXT:
        raise Invalid(fields={"name": [f"Write 1 to {NAME} characters."]})
    with transaction():
        execute("DELETE FROM saved_view WHERE agent_id = ? AND name = ?", agent_id, name)
        if len(of(agent_id)) >= MOST:
            raise Invalid(fields={"name": [f"At most {MOST} views."]})
        insert(SavedView, id=new_id(), agent_id=agent_id, name=name, text=text, created_at=stamp())


def remove(agent_id: int, view_id: str) -> None:
    execute("DELETE FROM saved_view WHERE agent_id = ? AND id = ?", agent_id, view_id)
