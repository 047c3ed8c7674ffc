"""Several machines' worth of processes, each killed in turn under load: nothing is lost or done
twice, and who checks that would notice."""

import os

import pytest

from widget_server.mail.models import IN_DOUBT

from ..support.chaos import chaos

#: One process of the test runner makes the chaos that all of these look at.
pytestmark = pytest.mark.xdist_group("chaos")

#: Seconds of killing; `python -m benchmarks.chaos --minutes 10` goes on for longer.
SECONDS = 20


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory):
    with chaos(tmp_path_factory.mktemp("chaos"), seconds=SECONDS) as left:
        yield left


def test_one_process_looks_at_it_all(request):
    """What holds tests together for pytest-xdist was lost once, without a word."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@chaos")


def test_nothing_acknowledged_is_lost_or_doubled_and_all_that_was_due_is_done(
    aftermath, record_property
):
    with aftermath.connect() as database:
        assert aftermath.faults(database) == []
    assert {"PostgreSQL", "Redis", "bucket", "mail", "webhooks", "app 1", "worker 2"} <= set(
        aftermath.kills
    )
    assert len(aftermath.promises.tickets) > 30
    assert len(aftermath.promises.files) > 10
    record_property(
        "figure",
        f"chaos: {len(aftermath.kills)} kills, {len(aftermath.promises)} promises kept,"
        f" {aftermath.doubled()} letters and {aftermath.told_again()} calls sent again under their id",
    )


PLANTED = {
    "ticket lost": "DELETE FROM ticket WHERE id = (SELECT max(id) FROM ticket)",
    "message lost": "DELETE FROM message WHERE id = (SELECT max(id) FROM message WHERE body ~ '^reply')",
    "message 2 times": "INSERT INTO message SELECT site_id, id || 'x', ticket_id, author, author_id,"
    " author_name, body, internal_at, sent_at, quoted, via FROM message WHERE id = (SELECT max(id)"
    " FROM message WHERE body ~ '^answer')",
    "ticket 2 times": "UPDATE ticket SET title = (SELECT min(title) FROM ticket)"
    " WHERE id = (SELECT max(id) FROM ticket)",
    "numbers of tickets": "UPDATE ticket SET number = number + 9 WHERE id = (SELECT max(id) FROM ticket)",
    "file lost": "DELETE FROM attachment WHERE id = (SELECT max(id) FROM attachment WHERE ticket_id IS NOT NULL)",
    "bytes lost": "UPDATE attachment SET id = id || 'x' WHERE id = (SELECT max(id) FROM attachment WHERE ticket_id IS NOT NULL)",
    "bytes changed": "UPDATE attachment SET sha256 = 'x' WHERE id = (SELECT max(id) FROM attachment WHERE ticket_id IS NOT NULL)",
    "letter lost": "UPDATE mail SET id = id || 'x' WHERE id = (SELECT max(id) FROM mail)",
    "letters in doubt": f"UPDATE mail SET state = 'failed', error = '{IN_DOUBT}'",
    "letter of nobody": "DELETE FROM mail WHERE id = (SELECT max(id) FROM mail)",
    "letter waiting": "UPDATE mail SET state = 'waiting' WHERE id = (SELECT max(id) FROM mail)",
    "letter received 0 times": "DELETE FROM mail WHERE id = (SELECT max(id) FROM mail WHERE kind = 'received')",
    "answers of": "DELETE FROM mail WHERE id = (SELECT max(id) FROM mail WHERE kind = 'answered')",
    "call lost": "UPDATE webhook_delivery SET id = id || 'x' WHERE id = (SELECT max(id) FROM webhook_delivery)",
    "call of nothing": "DELETE FROM webhook_delivery WHERE id = (SELECT max(id) FROM webhook_delivery)",
    "call waiting": "UPDATE webhook_delivery SET state = 'waiting' WHERE id = (SELECT max(id) FROM webhook_delivery)",
    "call changed": "UPDATE webhook_delivery SET body = body || ' ' WHERE id = (SELECT max(id) FROM webhook_delivery)",
    "call opened 0 times": "DELETE FROM webhook_delivery WHERE id = (SELECT max(id) FROM webhook_delivery WHERE event = 'ticket.opened')",
    "call replied 0 times": "DELETE FROM webhook_delivery WHERE id = (SELECT max(id) FROM webhook_delivery WHERE event = 'ticket.replied')",
    "schedule fired 2 times": "INSERT INTO witness SELECT * FROM witness LIMIT 1",
    "schedule never fired": "DELETE FROM witness WHERE kind = (SELECT max(kind) FROM witness)",
    "job given up": "UPDATE job SET dead_at = 'now', last_error = 'x' WHERE id = (SELECT max(id) FROM job)",
}  # fmt: skip


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_seen(aftermath, fault):
    with aftermath.connect() as database:
        database.execute(PLANTED[fault])
        faults = aftermath.faults(database)
        database.rollback()
    assert any(each.startswith(fault) for each in faults), faults
