"""Who is erased leaves no place behind where somebody could still pay for them."""

from widget_server import jobs, persons
from widget_server.database import query
from widget_server.identity.models import Requester


def test_payments_are_exported_and_erased_and_their_sessions_end(order, session_of, stripe, site):
    session_of()
    person = Requester.get(Requester.sub == "ada")
    (ticket,) = persons.export(site.id, person.id)["tickets"]
    (begun,) = ticket["orders"][0]["payments_begun"]
    assert (begun["way"], begun["state"]) == ("stripe", "open")
    assert begun["sent"]["customer_email"] == "ada@customers.example"
    persons.erase(site.id, person.id)
    assert query("SELECT count(*) FROM checkout") == [(0,)]
    jobs.run_due()
    assert stripe.open_sessions() == []
    for table in ("checkout", "payment_news", "payment_account", "job"):
        assert "ada" not in str(query(f"SELECT * FROM {table}")).lower()
