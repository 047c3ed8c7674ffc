"""Money: never counted twice, never forgotten, and no order where it may not be."""

import threading
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from widget_server.database import query, release
from widget_server.errors import Conflict, VentanillaError
from widget_server.orders import book, service
from widget_server.orders.service import Outcome
from widget_server.orders.states import MOVES, STATES

NOW = "2026-11-23T12:00:00.000000Z"


@pytest.fixture
def accepted(quoted, decide, site):
    decide()
    return book.find(site.id, quoted.id)


@pytest.fixture
def refund(site):
    def send(order, reference="re_1", **changes):
        values = {
            "provider": "stripe", "reference": reference, "amount": order.total,
            "currency": "EUR", "at": NOW,
        }  # fmt: skip
        return service.record_refund(site.id, order.id, **(values | changes))

    return send


def state(order):
    return book.find(order.site_id, order.id).state


def test_a_payment_told_twice_is_one(accepted, pay):
    assert [pay(accepted), pay(accepted)] == [Outcome.SETTLED, Outcome.REPEATED]
    assert query("SELECT count(*) FROM receipt") == [(1,)]
    assert book.figures(30)["EUR"]["paid"] == accepted.total


def test_a_second_payment_is_flagged_for_return(accepted, pay):
    assert [pay(accepted), pay(accepted, "pi_2")] == [Outcome.SETTLED, Outcome.SURPLUS]
    assert query("SELECT reference, surplus FROM receipt ORDER BY reference") == [
        ("pi_1", 0), ("pi_2", 1),
    ]  # fmt: skip
    assert query("SELECT count(*) FROM event WHERE kind = 'surplus' AND internal_at > ''") == [(1,)]
    assert book.figures(30)["EUR"]["paid"] == accepted.total


@pytest.mark.parametrize("changes", [{"amount": 1}, {"currency": "USD"}], ids=str)
def test_the_wrong_money_pays_nothing_and_is_kept(accepted, pay, changes):
    assert pay(accepted, **changes) is Outcome.SURPLUS
    assert state(accepted) == "awaiting_payment"
    assert pay(accepted, "pi_right") is Outcome.SETTLED


def test_money_for_a_cancelled_order_is_flagged(accepted, pay, ines):
    service.move(accepted, ines, "cancelled")
    assert pay(accepted) is Outcome.SURPLUS
    assert state(accepted) == "cancelled"


def test_parts_of_a_refund_end_an_order_when_all_went_back(accepted, pay, refund):
    pay(accepted)
    assert refund(accepted, amount=1) is Outcome.NOTED
    assert refund(accepted, amount=1) is Outcome.REPEATED
    assert state(accepted) == "paid"
    assert refund(accepted, "re_2", amount=accepted.total - 1) is Outcome.SETTLED
    assert state(accepted) == "refunded"


def test_the_refund_of_a_surplus_leaves_the_order_paid(accepted, pay, refund):
    pay(accepted)
    pay(accepted, "pi_2")
    assert refund(accepted, payment="pi_2") is Outcome.SURPLUS
    assert state(accepted) == "paid"
    assert refund(accepted, "re_2", payment="pi_1") is Outcome.SETTLED


def test_a_refund_told_before_its_payment_still_ends_the_order(accepted, pay, refund):
    assert refund(accepted) is Outcome.NOTED
    assert pay(accepted) is Outcome.SETTLED
    assert state(accepted) == "refunded"


def test_nothing_awaits_payment_twice(accepted, pay):
    owed = service.payable(accepted.site_id, accepted.id)
    assert (owed.amount, owed.currency, owed.reference, owed.email) == (
        accepted.total, "EUR", "2026-0001", "ada@customers.example",
    )  # fmt: skip
    pay(accepted)
    with pytest.raises(VentanillaError):
        service.payable(accepted.site_id, accepted.id)


def at_once(count, act):
    """Run ``act(n)`` in threads that begin together; return what each returned or raised."""
    ready, results = threading.Barrier(count), [None] * count

    def run(n):
        ready.wait()
        try:
            results[n] = act(n)
        except VentanillaError as error:
            results[n] = error.code
        finally:
            release()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_acceptances_at_once_are_one(quoted, decide, pay, site):
    answers = at_once(4, lambda _: decide().status_code)
    assert answers == [200] * 4
    assert query("SELECT count(*) FROM decision") == [(1,)]
    assert query("SELECT count(*) FROM order_move WHERE became = 'awaiting_payment'") == [(1,)]
    assert book.find(site.id, quoted.id).number == "2026-0001"


def test_numbers_have_no_gaps_whoever_fails_meanwhile(row, ines, offer, site, monkeypatch, clock):
    """Half of what is sent at once fails after it had its number, which the next one gets."""
    tell, ticket = book.tell, row()

    def fail(kind, order, *rest, **more):
        if order.title == "fails":
            raise Conflict
        tell(kind, order, *rest, **more)

    monkeypatch.setattr(book, "tell", fail)

    def send(n):
        for turn in range(4):
            title = "fails" if (n + turn) % 2 else "works"
            with suppress(Conflict):
                service.quote(ticket, ines, offer(title=title), work=n % 3 == 0)

    at_once(6, send)
    for name in ("number", "quote_number"):
        rows = query(f"SELECT {name} FROM purchase WHERE {name} > '' ORDER BY {name}")
        assert [row[0] for row in rows] == [f"2026-{n:04}" for n in range(1, len(rows) + 1)]
    assert query("SELECT count(*) FROM purchase") == [(12,)]


def test_yes_and_no_at_once_leave_one_of_them(quoted, decide):
    answers = at_once(2, lambda n: decide(["acceptance", "refusal"][n]).status_code)
    assert sorted(answers) == [200, 409]
    assert query("SELECT count(*) FROM decision") == [(1,)]


def test_payments_at_once_pay_once(accepted, pay):
    answers = at_once(4, lambda n: pay(accepted, f"pi_{n % 2}"))
    assert sorted(answers) == sorted(
        [Outcome.SETTLED, Outcome.SURPLUS, Outcome.REPEATED, Outcome.REPEATED]
    )


def test_accepting_and_a_new_version_at_once_never_mix(quoted, decide, ines, offer, site):
    def act(n):
        return decide().status_code if n else service.requote(quoted, ines, offer()).quote_id

    at_once(2, act)
    order = book.find(site.id, quoted.id)
    agreed = query("SELECT quote_id FROM decision")
    assert agreed in ([], [(order.quote_id,)])
    assert (order.state == "awaiting_payment") == bool(agreed)


acts = st.lists(
    st.tuples(
        st.sampled_from(["accept", "decline", "requote", "pay", "refund", "move"]),
        st.integers(0, 7),
    ),
    max_size=12,
)


@given(acts)
@effort(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_acts_reaches_a_forbidden_place(site, row, ines, offer, ada, visit, acts):
    from widget_server.identity.service import find_caller

    order = service.quote(row(), ines, offer())
    session = query("SELECT id FROM session LIMIT 1")[0][0]
    caller = find_caller({"s": site.id, "i": session})
    for kind, n in acts:
        order = book.find(site.id, order.id)
        version, paid = book.quote_of(order), {"amount": order.total, "currency": order.currency}
        money = {"provider": "stripe", "reference": f"{order.id}-{n % 3}", "at": NOW} | paid
        yes = {"digest": version.digest, "whence": service.Whence(None, None)}
        with suppress(Conflict):
            match kind:
                case "accept":
                    service.accept(caller, order, version, **yes)
                case "decline":
                    service.decline(caller, order, version, reason="", **yes)
                case "requote":
                    service.requote(order, ines, offer())
                case "pay":
                    service.record_payment(site.id, order.id, **money)
                case "refund":
                    service.record_refund(site.id, order.id, **money)
                case "move":
                    service.move(order, ines, STATES[n])
    moves = query(
        "SELECT was, became, actor FROM order_move WHERE order_id = ? ORDER BY step", order.id
    )
    assert all((was, became) in MOVES for was, became, _ in moves[1:])
    assert [was for was, _, _ in moves[1:]] == [became for _, became, _ in moves[:-1]]
    assert sum(became == "paid" for _, became, _ in moves) <= 1
    settled = query(
        "SELECT count(*) FROM receipt WHERE order_id = ? AND kind = 'payment' AND surplus = 0",
        order.id,
    )[0][0]
    assert settled == sum(became == "paid" for _, became, _ in moves)
