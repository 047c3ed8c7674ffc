"""The parts of the inbox an agent can look at, by the name they have in the address."""

from ..tickets.inbox import NOBODY, OPEN, View
from ..tickets.states import COMPLETED, IN_PROGRESS, WAITING

#: In the order they are shown, with their icon.
VIEWS = {
    "open": "inbox",
    "mine": "person",
    "unassigned": "person-off",
    "waiting": "clock",
    "due": "alert",
    "in_progress": "half",
    "snoozed": "moon",
    "completed": "check",
}


def view_of(name: str, agent_id: int, site_id: int | None) -> View:
    """Return what a view shows to an agent. Who waits longest comes first."""
    match name:
        case "mine":
            return View(OPEN, agent_id, site_id)
        case "unassigned":
            return View(OPEN, NOBODY, site_id)
        case "waiting":
            return View((WAITING,), None, site_id, oldest_first=True)
        case "due":
            return View(OPEN, None, site_id, by_due=True)
        case "in_progress":
            return View((IN_PROGRESS,), None, site_id)
        case "snoozed":
            return View(OPEN, None, site_id, asleep=True)
        case "completed":
            return View((COMPLETED,), None, site_id)
        case _:
            return View(OPEN, None, site_id)
