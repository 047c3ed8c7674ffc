"""The inbox: what it lists, how it finds, and that it renews itself for next to nothing."""

import html
import re

import pytest

from widget_server.database import db, is_sqlite
from widget_server.tickets import inbox
from widget_server.tickets.inbox import NOBODY, OPEN, View


def numbers(page):
    return [int(number) for number in re.findall(r'class="number">#(\d+)<', page)]


def pulse_of(page):
    return html.unescape(re.search(r'id="pulse" hx-get="/console([^"]+)"', page)[1])


def test_all_sites_are_in_one_list(agent, add_site, visit):
    for name in ("North", "South"):
        visit("ada", at=add_site(name)).open(title=f"From {name}")
    page = agent.get("/").text
    assert "From North" in page
    assert "From South" in page


def test_one_site_can_be_looked_at(agent, add_site, visit):
    north, south = add_site("North"), add_site("South")
    for site in (north, south):
        visit("ada", at=site).open(title=f"From {site.name}")
    page = agent.get(f"/?site={south.key}").text
    assert "From South" in page
    assert "From North" not in page


def test_views_part_the_tickets(agent, ada, site):
    for title in ("Answered", "Done", "Fresh"):
        ada.open(title=title)
    agent.reply(site, 1, "On it.")
    agent.post(f"/tickets/{site.key}/1/assignee", assignee="me")
    agent.post(f"/tickets/{site.key}/2/state", state="completed")
    shown = {
        view: numbers(agent.get(f"/?view={view}").text)
        for view in ("open", "mine", "unassigned", "waiting", "in_progress", "completed")
    }
    assert shown == {
        "open": [1, 3],
        "mine": [1],
        "unassigned": [3],
        "waiting": [3],
        "in_progress": [1],
        "completed": [2],
    }


def test_who_waits_longest_comes_first(agent, ada):
    for _ in range(3):
        ada.open()
    assert numbers(agent.get("/?view=waiting").text) == [1, 2, 3]
    assert numbers(agent.get("/?view=open").text) == [3, 2, 1]


def test_pages_follow_one_another_without_gaps(ada, agent, monkeypatch):
    for _ in range(7):
        ada.open()
    seen, after = [], None
    while True:
        rows, after = inbox.rows(View(), after=after, most=3)
        seen += [row.number for row in rows]
        if after is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_a_number_opens_its_ticket(agent, ada, site):
    ada.open()
    for text in ("%231", "1"):
        assert agent.get(f"/?q={text}").location == f"/console/tickets/{site.key}/1"


def test_words_find_messages_titles_and_addresses(agent, ada):
    ada.open(title="Envíos", body="Nothing arrives")
    ada.open(title="Other", body="Unrelated")
    for text in ("envio", "arriv", "ada@customers"):
        assert 1 in numbers(agent.get(f"/?q={text}").text), text
    assert numbers(agent.get("/?q=envio").text) == [1]
    assert "Sin resultados" in agent.get("/?q=zzzz").text


def test_nothing_new_costs_no_page(agent, ada):
    ada.open()
    pulse = pulse_of(agent.get("/").text)
    assert agent.get(pulse).status_code == 204


@pytest.mark.parametrize("change", ["open", "reply", "assign", "read"])
def test_what_changes_appears_by_itself(agent, ada, change, site):
    ticket = ada.open()
    pulse = pulse_of(agent.get("/").text)
    match change:
        case "open":
            ada.open(title="Another")
        case "reply":
            ada.post(f"/tickets/{ticket['id']}/messages", body="More")
        case "assign":
            agent.post(f"/tickets/{site.key}/1/assignee", assignee="me")
        case "read":
            agent.get(f"/tickets/{site.key}/1")
    renewed = agent.get(pulse)
    assert renewed.status_code == 200
    assert agent.get(pulse_of(renewed.text)).status_code == 204


def test_titles_are_text(agent, ada):
    ada.open(title="<script>alert(1)</script><img src=x onerror=alert(2)>")
    page = agent.get("/").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_bad_cursor_is_refused(agent, site):
    answer = agent.get("/?after=nonsense", headers={"HX-Request": "true"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View(("completed",)),
        View(("waiting",), oldest_first=True),
        View(("completed",), site_id=1),
        View(OPEN, NOBODY),
        View(OPEN, 1),
        View(OPEN, site_id=1),
    ],
)
def test_lists_walk_an_index(app, site, view, monkeypatch):
    asked = []
    monkeypatch.setattr(inbox, "query", lambda sql, *params: asked.append((sql, params)) or [])
    inbox.rows(view, after="2026-01-01T00:00:00.000000Z~x")
    ((sql, params),) = asked
    plan = explained(sql, params)
    assert "SCAN ticket" not in plan.replace("Seq Scan on ticket", "SCAN ticket")
    assert "ticket_inbox" in plan or "ticket_open" in plan
    # PostgreSQL goes by how much there is of what; of nothing every index is as good.
    if is_sqlite() and view.assignee is not None:
        assert plan.count("INDEX ticket_open (state=? AND assignee_id=? AND (updated_at") == 2
    elif is_sqlite() and view.site_id is not None and view.states == OPEN:
        assert plan.count("INDEX ticket_open_site (site_id=? AND state=? AND (updated_at") == 2


def explained(sql, params):
    if is_sqlite():
        return " ".join(row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params))
    with db.atomic():
        # Empty tables are cheapest to read whole; the question is whether they must be.
        db.execute_sql("SET LOCAL enable_seqscan = off")
        db.execute_sql("SET LOCAL enable_bitmapscan = off")
        rows = db.execute_sql("EXPLAIN " + sql.replace("?", "%s"), params)
        return " ".join(row[0] for row in rows)


def test_counting_reads_open_tickets_only(app, site, monkeypatch):
    asked = []
    monkeypatch.setattr(inbox, "query", lambda sql, *params: asked.append((sql, params)) or [(0,)])
    inbox.counts(1, site.id)
    assert len(asked) == 7
    indexes = ["ticket_open"] * 4 + ["ticket_due", "ticket_snoozed", "ticket_inbox"]
    for (sql, params), index in zip(asked, indexes, strict=True):
        assert "completed_at IS NULL" in sql
        assert "LIMIT" in sql
        plan = explained(sql, params)
        assert "Seq Scan on ticket" not in plan
        assert f"INDEX {index}" in plan or not is_sqlite()


def test_unassigned_is_not_everyone(app, site, ada, agent):
    ada.open()
    agent.post(f"/tickets/{site.key}/1/assignee", assignee="me")
    assert inbox.rows(View(OPEN, NOBODY))[0] == []
    assert len(inbox.rows(View(OPEN, agent.record.id))[0]) == 1


def test_the_due_view_shows_who_was_promised_an_answer_the_most_pressing_first(
    clock, agent, visit, site
):
    first = visit("one").open(title="First asked")
    clock.pass_(hours=10)
    second = visit("two").open(title="Second asked")
    answered = visit("three").open(title="Answered")
    agent.reply(site, answered["number"], "Here you are")
    page = agent.get("/?view=due").get_data(as_text=True)
    assert page.index("First asked") < page.index("Second asked")
    assert f"row-{answered['id']}" not in page
    assert 'class="due' not in page
    clock.pass_(hours=12)
    assert 'class="due"' in agent.get("/?view=due").get_data(as_text=True)
    clock.pass_(hours=3)
    page = agent.get("/").get_data(as_text=True)
    assert page.count('class="due is-late"') == 1
    assert first["number"] != second["number"]
