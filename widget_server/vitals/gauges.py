"""What the database knows, read when somebody asks: nothing is counted twice, by no process."""

import platform
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from .. import __version__
from ..clock import parse, stamp, utcnow
from ..database import is_sqlite, query

#: Things counted up to here; more is "a thousand", without reading them all.
MOST = 1_000


class Gauges:
    """A collector for prometheus-client: jobs, letters, webhooks and the promise."""

    def collect(self) -> Iterator[Metric]:
        yield from _build()
        yield from _jobs()
        yield from _letters()
        yield from _promise()


def _build() -> Iterator[Metric]:
    build = GaugeMetricFamily(
        "ventanilla_build_info", "What runs here.", labels=["version", "python", "database"]
    )
    engine = "sqlite" if is_sqlite() else "postgresql"
    build.add_metric([__version__, platform.python_version(), engine], 1)
    yield build


def _jobs() -> Iterator[Metric]:
    now = stamp()
    queued = GaugeMetricFamily("ventanilla_jobs", "Jobs not done yet.", labels=["kind"])
    failing = GaugeMetricFamily(
        "ventanilla_jobs_failing", "Jobs that failed and will be tried again.", labels=["kind"]
    )
    age = GaugeMetricFamily(
        "ventanilla_job_wait_seconds", "How long the longest-due job waits.", labels=["kind"]
    )
    dead = GaugeMetricFamily(
        "ventanilla_jobs_dead", "Jobs given up, for a person to see.", labels=["kind"]
    )
    rows = query(
        "SELECT kind, count(*), sum(CASE WHEN last_error IS NOT NULL AND attempts > 0"
        " THEN 1 ELSE 0 END), min(CASE WHEN lease_until IS NULL OR lease_until < ? THEN run_at END)"
        " FROM job WHERE dead_at IS NULL GROUP BY kind ORDER BY kind",
        now,
    )
    for kind, count, failed, first in rows:
        queued.add_metric([kind], count)
        failing.add_metric([kind], failed)
        wait = (utcnow() - parse(first)).total_seconds() if first else 0
        age.add_metric([kind], max(0.0, wait))
    for kind, count in query(
        "SELECT kind, count(*) FROM job WHERE dead_at IS NOT NULL GROUP BY kind ORDER BY kind"
    ):
        dead.add_metric([kind], count)
    yield from (queued, failing, age, dead)


def _letters() -> Iterator[Metric]:
    letters = GaugeMetricFamily(
        "ventanilla_letters",
        "Letters that wait after a failure, or failed for good (a thousand at most).",
        labels=["state"],
    )
    letters.add_metric(["retrying"], _count("mail WHERE state = 'waiting' AND attempts > 0"))
    letters.add_metric(["failed"], _count("mail WHERE failed_at IS NOT NULL"))
    yield letters
    deliveries = GaugeMetricFamily(
        "ventanilla_webhook_deliveries",
        "Deliveries that wait after a failure, or failed for good (a thousand at most).",
        labels=["state"],
    )
    # By webhook, as the index has them.
    told = (
        "webhook h JOIN webhook_delivery d ON d.site_id = h.site_id AND d.webhook_id = h.id"
        " WHERE d.state = ? AND d.attempts > 0"
    )
    deliveries.add_metric(["retrying"], _count(told, "waiting"))
    deliveries.add_metric(["failed"], _count(told, "failed"))
    yield deliveries
    quarantine = GaugeMetricFamily(
        "ventanilla_quarantined_mails", "Mails an agent must decide on (a thousand at most)."
    )
    quarantine.add_metric([], _count("incoming WHERE waiting_at IS NOT NULL"))
    yield quarantine


def _promise() -> Iterator[Metric]:
    promises = CounterMetricFamily(
        "ventanilla_promises", "Answers given within the promised time, or late.", labels=["kept"]
    )
    ((kept, broken),) = query(
        "SELECT coalesce(sum(kept), 0), coalesce(sum(broken), 0) FROM promise"
    )
    promises.add_metric(["yes"], kept)
    promises.add_metric(["no"], broken)
    yield promises
    late = GaugeMetricFamily(
        "ventanilla_tickets_late", "Tickets past their promised time (a thousand at most)."
    )
    late.add_metric(
        [], _count("ticket WHERE due_at <= ? AND completed_at IS NULL AND held_at IS NULL", stamp())
    )
    yield late


def _count(what: str, *params: str) -> int:
    rows = query(f"SELECT count(*) FROM (SELECT 1 FROM {what} LIMIT {MOST}) found", *params)
    return int(rows[0][0])
