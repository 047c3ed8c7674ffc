"""Letters that did not arrive, or perhaps did, as agents see them."""

import pytest

from widget_server.database import execute, query
from widget_server.jobs import run_due


@pytest.fixture
def settings(tmp_path):
    return {"SMTP_URL": f"folder:{tmp_path / 'post'}", "MAIL_FROM": "help@shop.example"}


@pytest.fixture
def interrupted(ada, agent, site):
    """A letter whose worker ended just as it handed it over; return its ticket's number."""
    number = ada.open(notify=True)["number"]
    execute("UPDATE mail SET state = 'handed' WHERE recipient = 'ada@customers.example'")
    run_due()
    return number


@pytest.mark.parametrize("place", ["/mail", "/tickets/{site}/{number}"])
def test_a_letter_in_doubt_is_said_to_be_and_sent_again_by_a_button(
    agent, site, interrupted, place
):
    path = place.format(site=site.key, number=interrupted)
    shown = agent.get(path).text
    assert "Quizá entregado" in shown
    assert "puede haber llegado" in shown
    ((mail_id,),) = query("SELECT id FROM mail WHERE recipient = 'ada@customers.example'")
    agent.post(f"/mail/letters/{site.key}/{mail_id}/retry", next=f"/console{path}")
    run_due()
    assert query("SELECT state FROM mail WHERE id = ?", mail_id) == [("sent",)]
    assert "Quizá entregado" not in agent.get(path).text
