"""Alive, ready and measured: what supervisors, load balancers and Prometheus are told."""

import pytest

from widget_server import jobs
from widget_server.attachments.service import Files
from widget_server.database import db, execute
from widget_server.vitals.readiness import Readiness
from widget_server.webhooks.models import Delivery, Webhook

TOKEN = "a-token-for-prometheus"


@pytest.fixture
def figures(client):
    """Read /metrics and return the samples by name and labels."""

    def read(**headers):
        answer = client.get("/metrics", headers=headers)
        assert answer.status_code == 200, answer.json
        lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    return read


def test_health_needs_nothing_but_the_process(client):
    db.close()
    assert client.get("/health").json == {"status": "ok"}


def test_ready_names_each_check(client):
    answer = client.get("/ready")
    assert answer.status_code == 200
    assert answer.json["status"] == "ready"
    assert {name: each["ok"] for name, each in answer.json["checks"].items()} == {
        "database": True,
        "jobs": True,
        "files": True,
    }


def test_not_ready_while_migrations_are_pending(client):
    execute("UPDATE schema_migration SET name = 'x' || name WHERE name = '0001_start'")
    try:
        answer = client.get("/ready")
    finally:
        execute("UPDATE schema_migration SET name = '0001_start' WHERE name = 'x0001_start'")
    assert answer.status_code == 503
    assert answer.json["checks"]["database"]["ok"] is False
    assert "ventanilla migrate" in answer.json["checks"]["database"]["says"]


def test_not_ready_when_jobs_wait_and_nobody_works(client, clock):
    jobs.enqueue("mail.send", site_id=1, mail_id="x")
    clock.pass_(minutes=4)
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert "is a worker running?" in answer.json["checks"]["jobs"]["says"]
    jobs.enqueue("test.long")
    jobs.claim("somebody")
    assert Readiness().ask()[0] is True


def test_not_ready_without_a_place_for_files_and_nothing_is_told_of_it(client, tmp_path):
    (tmp_path / "files").write_text("in the way")
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json["checks"]["files"]["ok"] is False
    assert str(tmp_path) not in answer.text


def test_being_asked_leaves_nothing_behind(client):
    client.get("/ready")
    assert list(Files.storage.folder.rglob("*")) == [Files.storage.incoming]


def test_requests_are_counted_by_template_and_never_by_address(client, ada, figures):
    name = (
        'ventanilla_requests_total{method="GET",route="/api/v1/tickets/<ticket_id>",status="200"}'
    )
    before = figures().get(name, 0)
    ticket = ada.open()
    ada.get(f"/tickets/{ticket['id']}")
    client.get("/nowhere/ada@customers.example")
    after = figures()
    assert after[name] == before + 1
    assert after['ventanilla_request_seconds_count{route="/api/v1/tickets/<ticket_id>"}'] >= 1
    assert not [key for key in after if "ada@" in key or ticket["id"] in key]


def test_unknown_methods_and_addresses_share_one_label_each(client, figures):
    for number in range(3):
        client.open(f"/wp-admin/{number}", method=f"PROBE{number}")
    unknown = [key for key in figures() if 'method="other"' in key]
    assert unknown == ['ventanilla_requests_total{method="other",route="unknown",status="404"}']


def test_quiet_polls_and_loaders_are_counted_though_flask_never_sees_them(
    client, site, ada, figures
):
    cursor = ada.get("/updates").json["cursor"]
    assert ada.get(f"/updates?since={cursor}").status_code == 304
    client.get(f"/w/{site.key}.js")
    after = figures()
    assert (
        after['ventanilla_requests_total{method="GET",route="/api/v1/updates",status="304"}'] >= 1
    )
    assert any('route="/w/<site>.js"' in key for key in after)


def test_figures_tell_of_jobs_letters_and_the_promise(clock, figures):
    jobs.enqueue("test.slow")
    execute(
        "INSERT INTO job (kind, payload, run_at, attempts, dead_at, created_at)"
        " VALUES ('webhooks.deliver', '{}', ?, 12, ?, ?)",
        *["2026-11-23T09:00:00.000000Z"] * 3,
    )
    clock.pass_(seconds=90)
    told = figures()
    assert told['ventanilla_jobs{kind="test.slow"}'] == 1
    assert told['ventanilla_job_wait_seconds{kind="test.slow"}'] == 90
    assert told['ventanilla_jobs_dead{kind="webhooks.deliver"}'] == 1
    assert told['ventanilla_letters{state="failed"}'] == 0
    assert told['ventanilla_webhook_deliveries{state="failed"}'] == 0
    assert told['ventanilla_promises_total{kept="yes"}'] == 0
    assert told["ventanilla_tickets_late"] == 0
    assert any(key.startswith("ventanilla_build_info{") for key in told)


def test_deliveries_that_failed_are_counted(site, figures):
    moment = "2026-11-23T09:00:00.000000Z"
    Webhook.insert(
        site_id=site.id, id="hook", url="https://there.example", events=[], sealed="x",
        created_at=moment, changed_at=moment,
    ).execute()  # fmt: skip
    for number, state in enumerate(("failed", "failed", "waiting", "delivered")):
        Delivery.insert(
            site_id=site.id, id=f"d{number}", webhook_id="hook", event="test", about={},
            state=state, attempts=1, created_at=moment, first_at=moment,
        ).execute()  # fmt: skip
    told = figures()
    assert told['ventanilla_webhook_deliveries{state="failed"}'] == 2
    assert told['ventanilla_webhook_deliveries{state="retrying"}'] == 1


def test_a_promise_that_was_kept_is_counted(site, figures):
    execute(
        "INSERT INTO promise (site_id, day, kept, broken) VALUES (?, '2026-11-23', 5, 2)", site.id
    )
    told = figures()
    assert told['ventanilla_promises_total{kept="yes"}'] == 5
    assert told['ventanilla_promises_total{kept="no"}'] == 2


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, 403),
    ],
)
def test_figures_are_for_this_machine(client, address, headers, status):
    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status


class TestWithAToken:
    @pytest.fixture
    def settings(self):
        return {"METRICS_TOKEN": TOKEN}

    def test_figures_are_for_whoever_has_it(self, figures, client):
        assert client.get("/metrics").status_code == 401
        wrong = {"Authorization": f"Bearer {TOKEN}x"}
        assert client.get("/metrics", headers=wrong).status_code == 401
        assert figures(Authorization=f"Bearer {TOKEN}")
        assert figures(Authorization=f"bearer {TOKEN}")
