"""A receiver, an address that points to it, and who may look."""

import pytest

from widget_server.webhooks import deliveries, service
from widget_server.webhooks.kinds import EVENTS
from widget_server.webhooks.models import Delivery

from ..agents.conftest import boss, browser, clerk, letters, program
from ..support.receiver import receiver

__all__ = ["boss", "browser", "clerk", "letters", "program", "receiver"]


@pytest.fixture
def settings(tmp_path):
    return {
        "OUTBOUND_LOOPBACK": "allow",
        "SMTP_URL": f"folder:{tmp_path}/post",
        "MAIL_FROM": "Acme <help@acme.example>",
        # Weeks go by.
        "SESSION_TTL": 10**8,
    }


@pytest.fixture
def hook(site, receiver):
    """The site's address, told of everything; it carries its ``secret``."""
    made, secret = service.create(site.id, url=receiver.url, events=list(EVENTS))
    made.secret = secret
    return made


@pytest.fixture
def told(hook):
    """Return the deliveries so far, oldest first."""

    def read() -> list[Delivery]:
        return deliveries.log(hook.site_id, hook.id)[0][::-1]

    return read


def types(receiver):
    return [call.body["type"] for call in receiver.calls]
