"""What is packed comes out again."""

from hypothesis import given
from hypothesis import strategies as st

from widget_server.assistant import packing
from widget_server.assistant.packing import SPAN

WEIGHTS = st.dictionaries(st.integers(0, SPAN - 1), st.integers(1, 8_500), max_size=60)


def told(packed):
    return {place: weight for place, weight in packing.unpack(packed) if weight}


@given(WEIGHTS)
def test_weights_come_out_as_they_were(weights):
    assert told(packing.pack(weights)) == weights


@given(WEIGHTS)
def test_adding_one_by_one_is_packing_all(weights):
    packed = b""
    for place in sorted(weights):
        packed = packing.add(packed, place, weights[place])
    assert packed == packing.pack(weights)


@given(WEIGHTS.filter(bool), st.data())
def test_what_is_removed_leaves_the_others(weights, data):
    gone = data.draw(st.sampled_from(sorted(weights)))
    packed = packing.remove(packing.pack(weights), gone)
    del weights[gone]
    assert packed == packing.pack(weights)


@given(st.sets(st.integers(1, 2**31 - 1), max_size=50), st.sets(st.integers(1, 2**20)))
def test_terms_come_out_in_order(titled, others):
    packed = packing.pack_terms(list(titled), list(others))
    assert packing.unpack_terms(packed) == (sorted(titled), sorted(others))


def test_a_posting_takes_three_bytes():
    assert len(packing.pack(dict.fromkeys(range(0, SPAN, 200), 500))) == 3 * len(
        range(0, SPAN, 200)
    )
