"""Webhooks in the console: added, tried, sent again, their secret seen once."""

import re

import pytest

from widget_server.jobs import run_due
from widget_server.webhooks import service

from ..support.receiver import receiver

__all__ = ["receiver"]


@pytest.fixture
def settings():
    return {"OUTBOUND_LOOPBACK": "allow"}


def test_a_webhook_is_added_tried_read_and_sent_again(agent, site, ada, receiver):
    agent.post("/confirm", password="correct horse battery")
    page = agent.post("/webhooks", site=site.key, url=receiver.url, event="ticket.opened").text
    (secret,) = re.findall('class="secret">([^<]+)<', page)
    (hook,) = service.of_site(site.id)
    place = f"/webhooks/{site.key}/{hook.id}"
    assert secret not in agent.get(place).text
    assert receiver.url in agent.get("/webhooks").text
    receiver.answers = [500, 200]
    agent.post(f"{place}/tests")
    tried = agent.client.get(agent.post(f"{place}/tests").location).text
    assert "La prueba llegó." in tried
    assert "said &lt;b&gt;so&lt;/b&gt;" in tried
    assert "Respondió 500" in tried
    ada.open(title="<b>Bold</b>")
    run_due()
    page = agent.get(place).text
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert "<b>Bold" not in page
    assert agent.get(f"{place}?state=failed").text.count("Respondió") == 1
    (newest, *_) = re.findall('id="delivery-([^"]+)"', page)
    assert agent.post(f"{place}/deliveries/{newest}/resending").status_code == 303
    run_due()
    assert receiver.calls[-1].id == receiver.calls[-2].id == f"msg_{newest}"
    assert receiver.calls[-1].verified(secret)
    fresh = re.findall('class="secret">([^<]+)<', agent.post(f"{place}/secret").text)
    assert fresh
    assert fresh != [secret]
    agent.post(place, url=receiver.url, event="ticket.closed")
    assert service.find(site.id, hook.id).disabled_because == "by_hand"
    agent.post(f"{place}/removal")
    assert service.of_site(site.id) == []


def test_an_address_inside_is_refused_beside_its_field(agent, site):
    agent.post("/confirm", password="correct horse battery")
    answer = agent.post("/webhooks", site=site.key, url="https://10.0.0.1/", event="ticket.opened")
    assert answer.status_code == 422
    assert 'aria-describedby="fault-url"' in answer.text
    assert 'value="https://10.0.0.1/"' in answer.text
    none = agent.post("/webhooks", site=site.key, url="https://hooks.example/")
    assert "Elige al menos un evento." in none.text
