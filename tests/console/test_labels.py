"""Tags and priority: agents sort by them, requesters never see them."""

import pytest

from widget_server import database
from widget_server.database import query
from widget_server.desk import finding
from widget_server.errors import Invalid
from widget_server.tickets import inbox, labels, merging
from widget_server.tickets import service as tickets
from widget_server.tickets.ledger import Actor

INES = Actor("agent", "1", "Inés")


@pytest.fixture
def ticket(ada, site):
    return tickets.find_by_id(site.id, ada.open(title="Printer on fire")["id"])


def again(ticket):
    return tickets.find_by_id(ticket.site_id, ticket.id)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("VIP", "vip"), ("  Black Friday ", "black-friday"), ("#refund", "refund"),
        ("Años_2026!", "años-2026"), ("--", ""), ("A/B", "a-b"), ("ﬁ", "fi"), ("ΣΑΣ", "σασ"),
    ],
)  # fmt: skip
def test_a_tag_is_kept_in_one_spelling(typed, kept):
    assert labels.tidy(typed) == kept


def test_tags_are_added_and_taken_off_and_the_history_says_so(ticket, agent, site):
    agent.post(f"/tickets/{site.key}/1/tags", tag="VIP, Black Friday,vip")
    agent.post(f"/tickets/{site.key}/1/priority", priority="urgent")
    agent.post(f"/tickets/{site.key}/1/tags", remove="vip")
    assert (again(ticket).tags, again(ticket).priority) == (["black-friday"], "urgent")
    page = agent.get(f"/tickets/{site.key}/1").text
    assert "+black-friday +vip" in page
    assert "−vip" in page
    assert "Urgente" in page
    assert "black-friday" in agent.get("/").text
    assert [row[0] for row in query("SELECT act FROM audit ORDER BY id")][-3:] == [
        "ticket.tagged", "ticket.priority", "ticket.tagged",
    ]  # fmt: skip


def test_requesters_see_neither(ticket, ada):
    labels.set_tags(ticket, INES, ["difficult"])
    labels.set_priority(ticket, INES, "low")
    before = ada.get("/updates?since=-1").json["cursor"]
    shown = ada.get(f"/tickets/{ticket.id}")
    assert "difficult" not in shown.text
    assert not {"tags", "priority"} & shown.json.keys()
    assert ada.get(f"/updates?since={before}").status_code == 304


def test_there_are_limits(ticket, site):
    for tags in (["x" * 31], [f"t{n}" for n in range(21)]):
        with pytest.raises(Invalid):
            labels.set_tags(ticket, INES, tags)
    with pytest.raises(Invalid):
        labels.set_priority(ticket, INES, "asap")
    for first in range(0, labels.OF_SITE, 20):
        labels.set_tags(ticket, INES, [f"t{first + n}" for n in range(20)])
    with pytest.raises(Invalid):
        labels.set_tags(ticket, INES, ["one-more"])
    assert len(labels.of_site(site.id)) == labels.OF_SITE


def test_search_finds_by_tag_and_priority(ticket, ada, site, agent):
    other = tickets.find_by_id(site.id, ada.open(title="Printer wet")["id"])
    labels.set_tags(ticket, INES, ["vip", "refund"])
    labels.set_tags(other, INES, ["vip"])
    labels.set_priority(other, INES, "high")

    def found(text):
        return sorted(row.number for row in finding.find(text, agent.record.id))

    assert found("tag:vip") == [1, 2]
    assert found("tag:VIP tag:refund") == [1]
    assert found("tag:refund printer") == [1]
    assert found("tag:vip is:completed") == []
    assert found("priority:high") == [2]
    assert found("priority:normal printer") == [1]
    assert found("priority:urgent") == found("tag:nothing") == found("priority:soon") == []
    tickets.close(ticket, INES)
    assert found("tag:vip is:open") == [2]


@pytest.mark.parametrize("text", ["tag:vip", "priority:high", "priority:low priority:urgent"])
def test_searching_by_them_walks_an_index(ticket, text, agent):
    if not database.is_sqlite():
        return
    walks = finding._walks(finding.read(text), finding.DEPTH, agent.record.id, None)
    assert walks
    for walk in walks:
        way, values = walk.asked(finding.DEPTH, None)
        plan = query(f"EXPLAIN QUERY PLAN {way}", *values)
        steps = [row[-1] for row in plan]
        assert [step for step in steps if step.startswith("SCAN ticket") or "TEMP B" in step] == []


def test_many_at_once_and_back(ticket, ada, site, agent):
    ada.open()
    keys = [f"{site.key}:1", f"{site.key}:2"]
    labels.set_tags(ticket, INES, ["before"])
    for form in ({"act": "priority:high"}, {"act": "tag", "tag": "Sale, sale"}):
        answer = agent.client.post(
            "/console/bulk",
            data={"ticket": keys, **form},
            headers={"Sec-Fetch-Site": "same-origin", "HX-Request": "true"},
        )
        assert answer.status_code == 200
    assert {(row.priority, *row.tags) for row in inbox.rows(inbox.View())[0]} == {
        ("high", "before", "sale"), ("high", "sale"),
    }  # fmt: skip
    was = [part.partition('"')[0] for part in answer.text.split('name="was" value="')[1:]]
    agent.post("/bulk/undo", was=was)
    assert {tuple(row.tags) for row in inbox.rows(inbox.View())[0]} == {("before",), ()}
    empty = agent.client.post(
        "/console/bulk",
        data={"ticket": keys, "act": "tag", "tag": " , "},
        headers={"Sec-Fetch-Site": "same-origin", "HX-Request": "true"},
    )
    assert "No había nada" in empty.text


def test_a_merged_tickets_tags_come_along(ticket, ada, site):
    other = tickets.find_by_id(site.id, ada.open()["id"])
    labels.set_tags(ticket, INES, ["a"])
    labels.set_tags(other, INES, ["b"])
    merging.merge(again(ticket), again(other), INES)
    assert again(other).tags == ["a", "b"]
    assert query("SELECT count(*) FROM ticket_tag WHERE ticket_id = ?", other.id) == [(2,)]


def test_tags_that_do_not_fit_keep_nobody_from_merging(ticket, ada, site):
    other = tickets.find_by_id(site.id, ada.open()["id"])
    own = [f"a{n:02}" for n in range(labels.MOST - 1)]
    labels.set_tags(ticket, INES, ["b", "c", "a00"])
    labels.set_tags(other, INES, own)
    merging.merge(again(ticket), again(other), INES)
    assert again(other).tags == [*own, "b"]
