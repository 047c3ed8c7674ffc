"""Mails that belong to no request go with whom they tell of, and all of them one day."""

from widget_server import jobs, persons
from widget_server.attachments import service as attachments
from widget_server.clock import stamp
from widget_server.database import execute, query
from widget_server.mail import desk, outbox, receiving, strays

from .bounced import plain
from .conftest import ANA
from .letters import fresh
from .test_senders import bounce_of


def take_in(raw):
    return receiving.receive(raw if isinstance(raw, bytes) else raw.encode(), source="test")


def report(address, number=1):
    """Return a report that names an address and no letter of ours."""
    text = f"Your message to {address} could not be delivered: 550 unknown."
    top = f"Message-ID: <report-{number}@mx.example>\n"
    return plain("MAILER-DAEMON@mx.example", "Undelivered Mail", text, top)


def lying():
    """Return how many mails lie on disk as they came."""
    return len(list(attachments.Files.storage.folder.rglob(f"{receiving.RAW}*")))


def senders():
    return sorted(row[0] for row in query("SELECT sender FROM incoming"))


def erase(site, address):
    for person, filed_as in persons.known_as(site.id, sub=None, email=address):
        persons.erase(site.id, person, filed_as=filed_as)


def test_a_report_belongs_to_the_request_whose_letter_came_back(opened, site):
    ticket, letter = opened
    assert take_in(bounce_of(letter, "failed", "5.1.1")) == "bounce"
    assert query("SELECT site_id, ticket_id FROM incoming") == [(site.id, ticket["id"])]
    assert lying() == 1
    erase(site, ANA)
    assert (senders(), lying()) == ([], 0)


def test_what_machines_reported_of_somebody_goes_with_them_whichever_site_keeps_it(
    site, add_site, visit
):
    second = add_site(name="Second")
    visit(at=second).open(email=ANA)
    take_in(report(ANA, 1))
    take_in(report(f"juli{ANA}", 2))
    take_in(report(f"{ANA}.org", 3))
    assert query("SELECT DISTINCT site_id, state FROM incoming") == [(site.id, "bounce")]
    assert lying() == 3
    erase(second, ANA)
    left = [row[0] for row in query("SELECT excerpt FROM incoming")]
    assert len(left) == 2
    assert not any(f" {ANA} " in each for each in left)
    assert lying() == 2


def test_what_others_wrote_of_somebody_is_theirs(site, visitor):
    visitor.open(email=ANA)
    take_in(fresh("bea@mail.example", "nobody@elsewhere.example", f"Ask {ANA}"))
    take_in(fresh(ANA, "nobody@elsewhere.example", "It is me"))
    person, _ = persons.known_as(site.id, sub=None, email=ANA)[0]
    assert [each["from"] for each in persons.export(site.id, person)["mails"]] == [ANA]
    erase(site, ANA)
    assert senders() == ["bea@mail.example"]
    assert len(desk.quarantined()) == 1


def test_what_belongs_to_no_request_is_kept_for_ninety_days(clock, site, visitor):
    visitor.open(email=ANA)
    jobs.run_due()
    take_in(report(ANA))
    take_in(fresh("bea@mail.example", "nobody@elsewhere.example", "Decided late"))
    take_in(fresh("carl@mail.example", "nobody@elsewhere.example", "Never decided"))
    with_ticket = query("SELECT count(*) FROM mail WHERE ticket_id IS NOT NULL")
    for number, state in enumerate(("sent", "waiting")):
        outbox.write(
            site_id=site.id, kind="refused", recipient=f"{state}@mail.example",
            audience="requester", locale="en", once=f"refused:{number}",
        )  # fmt: skip
        execute("UPDATE mail SET state = ? WHERE recipient LIKE ?", state, f"{state}@%")

    def pass_days(days):
        clock.pass_(days=days)
        desk.forget()
        strays.sweep()

    pass_days(89)
    bea = next(each for each in desk.quarantined() if each.sender.startswith("bea"))
    desk.discard(site.id, bea.id, by="1")
    assert len(senders()) == 3
    pass_days(2)
    assert senders() == ["bea@mail.example", "carl@mail.example"]
    pass_days(90)
    assert senders() == ["carl@mail.example"]
    assert len(desk.quarantined()) == lying() == 1
    letters = query("SELECT recipient FROM mail WHERE ticket_id IS NULL")
    assert letters == [("waiting@mail.example",)]
    assert query("SELECT count(*) FROM mail WHERE ticket_id IS NOT NULL") == with_ticket


def test_it_is_done_every_day(app):
    jobs.schedule()
    assert query("SELECT 1 FROM job WHERE kind = 'mail.strays' AND run_at <= ?", stamp())
