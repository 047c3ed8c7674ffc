"""The rules of a ticket's state, whatever happens in whatever order."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from widget_server.tickets import states
from widget_server.tickets.states import COMPLETED, IN_PROGRESS, NEW, WAITING, Standing

ACTS = some.one_of(
    some.just(("answered",)),
    some.just(("replied",)),
    some.just(("completed",)),
    some.just(("reopened",)),
    some.tuples(some.just("set_state"), some.sampled_from(states.STATES)),
    some.tuples(some.just("set_progress"), some.integers(0, 100)),
)


@given(some.lists(ACTS, max_size=20))
def test_any_history_leaves_a_sound_standing(acts):
    now = NEW
    for name, *values in acts:
        before, now = now, getattr(states, name)(now, *values)
        assert now.state in states.STATES
        assert 0 <= now.progress <= 100
        assert (now.state == COMPLETED) == (now.before is not None)
        if now.state == COMPLETED:
            assert now.progress == 100
        if before.state == COMPLETED != now.state:
            assert now.progress == before.before


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (states.answered, NEW, Standing(IN_PROGRESS, 0)),
        (states.answered, Standing(COMPLETED, 100, 40), Standing(COMPLETED, 100, 40)),
        (states.replied, Standing(COMPLETED, 100, 40), Standing(WAITING, 40)),
        (states.replied, Standing(IN_PROGRESS, 40), Standing(IN_PROGRESS, 40)),
        (states.completed, Standing(IN_PROGRESS, 40), Standing(COMPLETED, 100, 40)),
        (states.reopened, NEW, NEW),
    ],
)
def test_one_move(rule, before, after):
    assert rule(before) == after


@given(some.lists(some.booleans(), min_size=1, max_size=40))
def test_a_checklist_is_done_when_every_step_is(done):
    percent = states.of_checklist([{"done": each} for each in done])
    assert (percent == 100) == all(done)
    assert (percent == 0) == (not any(done))
