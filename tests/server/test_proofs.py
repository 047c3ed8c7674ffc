"""A visitor's request costs a solved puzzle, once; whoever is vouched for files freely."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from widget_server.database import query
from widget_server.proof import guards, service
from widget_server.proof.service import LIFE, Proofs

from ..support.visitor import solve

REQUEST = {"category": "help", "title": "t", "body": "b", "email": "marta@mail.example"}


@pytest.fixture
def settings():
    return {"PROOF_SECONDS": 3}


def challenge(visitor):
    answer = visitor.post("/challenges")
    assert answer.status_code == 201
    return answer.json


def refusal(answer):
    return answer.status_code, answer.json["error"]["code"]


def count():
    return query("SELECT count(*) FROM ticket")[0][0]


def test_a_solved_challenge_files_a_request(clock, visitor):
    made = challenge(visitor)
    assert (made["algorithm"], made["maxnumber"], made["wait"]) == ("SHA-256", 8, 3)
    clock.pass_(seconds=3)
    assert visitor.post("/tickets", **REQUEST, proof=solve(made)).status_code == 201


def test_asking_for_a_challenge_stores_nothing(visitor):
    challenge(visitor)
    assert query("SELECT (SELECT count(*) FROM requester) + (SELECT count(*) FROM used_proof)") == [
        (0,)
    ]


def test_without_a_proof_a_visitor_is_asked_for_one(visitor):
    assert refusal(visitor.post("/tickets", **REQUEST, proof=None)) == (422, "proof_required")
    assert count() == 0


def test_whoever_the_host_vouches_for_needs_none(ada):
    assert ada.post("/tickets", category="help", title="t", body="b").status_code == 201


def test_a_proof_is_good_for_one_request(clock, visitor):
    proof = solve(challenge(visitor))
    clock.pass_(seconds=3)
    assert visitor.post("/tickets", **REQUEST, proof=proof).status_code == 201
    assert refusal(visitor.post("/tickets", **REQUEST, proof=proof)) == (422, "proof_required")
    assert count() == 1


def test_the_same_request_sent_again_needs_no_second_proof(clock, visitor):
    proof = solve(challenge(visitor))
    clock.pass_(seconds=3)
    first, again, bare = (
        visitor.post("/tickets", "the-same-key", **REQUEST, proof=each)
        for each in (proof, proof, None)
    )
    assert first.json["id"] == again.json["id"] == bare.json["id"]
    assert count() == 1


def test_a_refused_request_leaves_its_proof_usable(clock, visitor):
    proof = solve(challenge(visitor))
    clock.pass_(seconds=3)
    wrong = visitor.post("/tickets", **{**REQUEST, "category": "none"}, proof=proof)
    assert refusal(wrong) == (422, "invalid")
    assert visitor.post("/tickets", **REQUEST, proof=proof).status_code == 201


def test_a_proof_of_somebody_else_is_none(clock, visit):
    proof = solve(challenge(visit()))
    clock.pass_(seconds=3)
    answer = visit().post("/tickets", **REQUEST, proof=proof)
    assert refusal(answer) == (422, "proof_required")


def test_a_proof_expires(clock, visitor):
    proof = solve(challenge(visitor))
    clock.pass_(seconds=LIFE + 1)
    assert refusal(visitor.post("/tickets", **REQUEST, proof=proof)) == (422, "proof_expired")


def test_nobody_fills_in_a_form_in_no_time(clock, visitor):
    proof = solve(challenge(visitor))
    clock.pass_(seconds=1)
    answer = visitor.post("/tickets", **REQUEST, proof=proof)
    assert refusal(answer) == (429, "rate_limited")
    assert answer.json["error"]["retry_after"] == 2
    clock.pass_(seconds=2)
    assert visitor.post("/tickets", **REQUEST, proof=proof).status_code == 201


def test_a_field_no_person_sees_is_refused_by_name(clock, visitor):
    proof = solve(challenge(visitor))
    clock.pass_(seconds=3)
    answer = visitor.post("/tickets", **REQUEST, proof=proof, website="https://spam.example")
    assert refusal(answer) == (422, "invalid")
    assert list(answer.json["error"]["fields"]) == ["website"]
    assert visitor.post("/tickets", **REQUEST, proof=proof).status_code == 201


@pytest.mark.parametrize("part", ["challenge", "salt", "signature", "number"])
def test_a_forged_proof_is_none(clock, visitor, part):
    proof = solve(challenge(visitor))
    clock.pass_(seconds=3)
    forged = proof[part] + 1 if part == "number" else f"0{proof[part][1:]}x"[-len(proof[part]) :]
    answer = visitor.post("/tickets", **REQUEST, proof={**proof, part: forged})
    assert refusal(answer) == (422, "proof_required")


def test_later_issue_and_expiry_cannot_be_written_into_a_salt(clock, visitor):
    proof = solve(challenge(visitor))
    clock.pass_(seconds=LIFE + 1)
    for more in ("expires=9999999999&", "&expires=9999999999&"):
        answer = visitor.post("/tickets", **REQUEST, proof={**proof, "salt": proof["salt"] + more})
        assert refusal(answer) == (422, "proof_required")


def test_an_old_key_still_verifies_after_rotation(clock, app, visitor):
    old = app.extensions["proofs"]
    proof = solve(challenge(visitor))
    clock.pass_(seconds=3)
    app.extensions["proofs"] = Proofs(["n" * 40, app.config["SECRET_KEY"][0]], 8, 3)
    assert visitor.post("/tickets", **REQUEST, proof=proof).status_code == 201
    app.extensions["proofs"] = old


@examples(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    proof=st.fixed_dictionaries(
        {
            "challenge": st.text(max_size=70),
            "salt": st.text(max_size=310),
            "signature": st.text(max_size=70),
            "number": st.integers() | st.text() | st.none(),
        }
    )
)
def test_whatever_is_sent_as_proof_is_answered(visitor, proof):
    answer = visitor.post("/tickets", **REQUEST, proof=proof)
    assert answer.status_code in {422, 429}


def test_visitors_of_one_address_are_limited_together(clock, visit, monkeypatch):
    monkeypatch.setattr(guards, "PER_ADDRESS", guards.Bound(2, 3_600))
    answers = []
    for _ in range(3):
        somebody = visit()
        proof = solve(challenge(somebody))
        clock.pass_(seconds=3)
        answers.append(somebody.post("/tickets", **REQUEST, proof=proof))
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2].json["error"]["retry_after"] > 60
    assert answers[2].headers["Retry-After"]


def test_the_idle_do_not_use_up_what_everyone_shares(clock, visit, monkeypatch):
    monkeypatch.setattr(guards, "PER_SITE", guards.Bound(1, 60))
    for _ in range(5):
        visit().post("/tickets", **REQUEST, proof=None)
    visitor = visit()
    proof = solve(challenge(visitor))
    clock.pass_(seconds=3)
    assert visitor.post("/tickets", **REQUEST, proof=proof).status_code == 201


def test_used_proofs_are_forgotten_once_expired(clock, visitor):
    proof = solve(challenge(visitor))
    clock.pass_(seconds=3)
    visitor.post("/tickets", **REQUEST, proof=proof)
    service.sweep()
    assert query("SELECT count(*) FROM used_proof") == [(1,)]
    clock.pass_(seconds=LIFE + 1)
    service.sweep()
    assert query("SELECT count(*) FROM used_proof") == [(0,)]
