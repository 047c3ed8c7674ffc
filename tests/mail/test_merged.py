"""An answer to a letter of a ticket that was merged is where people read it."""

import pytest

from widget_server.database import query
from widget_server.mail import desk
from widget_server.tickets import merging, service
from widget_server.tickets.ledger import Actor
from widget_server.tickets.service import find_by_id

from .conftest import ANA, thread
from .letters import fresh, reply_to


@pytest.fixture
def into(opened, visitor, site):
    """Merge Ana's ticket into another of hers after she and Inés were told of it."""
    ticket, _ = opened
    other = visitor.open(email=ANA, title="The same again")
    source, target = (find_by_id(site.id, each["id"]) for each in (ticket, other))
    merging.merge(source, target, Actor("agent", "1", "Inés"))
    return other


def test_an_answer_to_a_merged_ticket_is_in_the_one_it_was_merged_into(
    opened, into, visitor, deliver, read_mail
):
    ticket, letter = opened
    told = deliver("ines@team.example")[0]
    read_mail(reply_to(letter, "Still broken."), reply_to(told, "**Mañana** lo tienes."))
    bodies = [entry["body"] for entry in thread(visitor, into)]
    assert bodies[-2:] == ["Still broken.", "**Mañana** lo tienes."]
    states = dict(query("SELECT number, state FROM ticket"))
    assert (states[ticket["number"]], states[into["number"]]) == ("completed", "in_progress")
    assert set(query("SELECT ticket_id FROM incoming")) == {(into["id"],)}


def test_an_unmarked_quotation_of_a_letter_is_folded_after_a_merger(
    opened, into, visitor, read_mail
):
    _, letter = opened
    head = ("De: Shop", "Enviado: lunes, 23 de noviembre de 2026 10:12", "Para: Ana", "Asunto: #1")
    quoted = letter.get_body(("plain",)).get_content()
    address = letter["Reply-To"].addresses[0].addr_spec
    read_mail(fresh(ANA, address, body="\n".join(["Sigue rota.", "", *head, "", quoted])))
    assert thread(visitor, into)[-1]["body"] == "Sigue rota."


def test_a_stranger_s_answer_to_a_merged_ticket_is_not_taken(opened, into, visitor, read_mail):
    _, letter = opened
    read_mail(reply_to(letter, "I am her boss.", sender="Boss <boss@evil.example>"))
    assert desk.quarantined()[0].reason == "stranger"
    assert "I am her boss." not in str(thread(visitor, into))


def test_what_is_said_while_a_ticket_is_merged_is_said_where_it_was_merged_into(
    opened, visitor, site
):
    other = visitor.open(email=ANA, title="The same again")
    source, target = (find_by_id(site.id, each["id"]) for each in (opened[0], other))
    read_before = find_by_id(site.id, source.id)
    merging.merge(source, target, Actor("agent", "1", "Inés"))
    ana = Actor("requester", source.requester_id, "Ana")
    service.post_message(read_before, ana, body="And it smells.", files=[])
    assert thread(visitor, other)[-1]["body"] == "And it smells."
    assert query("SELECT state FROM ticket WHERE id = ?", source.id) == [("completed",)]
    service.close(read_before, ana)
    assert query("SELECT state FROM ticket WHERE id = ?", target.id) == [("completed",)]
