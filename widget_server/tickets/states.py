"""Where a ticket stands, and every way it may move. The only place that knows these rules."""

from dataclasses import dataclass, replace

WAITING, IN_PROGRESS, COMPLETED = "waiting", "in_progress", "completed"
STATES = (WAITING, IN_PROGRESS, COMPLETED)


@dataclass(frozen=True)
class Standing:
    """State, progress in percent, and the progress to return to when it is reopened."""

    state: str
    progress: int
    before: int | None = None


NEW = Standing(WAITING, 0)


def answered(now: Standing) -> Standing:
    """An agent answered in public: the first answer, and any after a reopening, is progress."""
    return replace(now, state=IN_PROGRESS) if now.state == WAITING else now


def replied(now: Standing) -> Standing:
    """The requester wrote: a completed ticket waits again, as far along as it was."""
    return reopened(now) if now.state == COMPLETED else now


def completed(now: Standing) -> Standing:
    """It is done: 100 %, remembering how far it was."""
    if now.state == COMPLETED:
        return now
    return Standing(COMPLETED, 100, before=now.progress)


def reopened(now: Standing) -> Standing:
    """Undo completion: waiting again, progress as before."""
    if now.state != COMPLETED:
        return now
    return Standing(WAITING, now.before or 0)


def set_state(now: Standing, state: str) -> Standing:
    """An agent chose the state by hand."""
    if state == COMPLETED:
        return completed(now)
    return replace(reopened(now), state=state)


def set_progress(now: Standing, percent: int) -> Standing:
    """An agent set the progress; 100 % does not complete the ticket by itself."""
    if now.state == COMPLETED:
        return replace(now, before=percent)
    return replace(now, progress=percent, state=IN_PROGRESS if percent else now.state)


def of_checklist(steps: list[dict[str, object]]) -> int | None:
    """Return the progress a checklist stands for, in percent; ``None`` without steps."""
    if not steps:
        return None
    return round(100 * sum(bool(step["done"]) for step in steps) / len(steps))
