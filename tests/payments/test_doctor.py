"""`ventanilla doctor` tells which way to pay does not work."""

import pytest

from widget_server import doctor
from widget_server.payments import accounts


def test_every_way_to_pay_is_tried(site, app):
    assert doctor._payments(app.config) == "ways to pay that answer: 1"
    accounts.set_up(site.id, "stripe", on=True, secrets={"key": "sk_test_other"}, settings={})
    with pytest.raises(RuntimeError, match="Shop, stripe: Invalid API Key provided"):
        doctor._payments(app.config)
