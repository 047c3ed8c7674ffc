"""A letter that came back says which one, from whom, and whether for good."""

import pytest

from widget_server.mail.incoming import read

from .bounced import ARRIVED, BOUNCES, ORIGINAL, PASSED_ON

OURS = {"help@shop.example", "reply@shop.example"}


@pytest.mark.parametrize("name", BOUNCES)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_each_program_s_report_is_understood(name, line_break):
    text, expected = BOUNCES[name]
    found = read(text.replace("\n", line_break).encode(), ours=OURS)
    assert found.automatic == "bounce"
    bounce = found.bounce
    assert (bounce.recipient, bounce.permanent, bounce.status) == expected
    assert bounce.original_id == ORIGINAL
    assert bounce.diagnostic.strip()
    assert len(bounce.diagnostic) <= 500


def test_the_reason_is_the_line_that_gives_it():
    diagnostic = read(BOUNCES["qmail"][0].encode()).bounce.diagnostic
    assert diagnostic.startswith("Remote host said: 511 sorry, no mailbox here")
    exchange = read(BOUNCES["exchange online"][0].encode()).bounce.diagnostic
    assert exchange == "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"


def test_a_report_that_it_arrived_is_no_bounce():
    found = read(ARRIVED.encode())
    assert (found.bounce, found.automatic) == (None, "auto-reply")


def test_a_person_who_passes_a_report_on_is_a_person():
    found = read(PASSED_ON.encode())
    assert (found.bounce, found.automatic) == (None, None)
    assert "mail system at host" in found.text


def test_our_own_addresses_and_postmasters_are_not_who_it_came_back_from():
    raw = (
        b"From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nSubject: Undeliverable\n\n"
        b"Mail from help@shop.example; ask postmaster@mx.example.\nana@mail.example: 550 unknown"
    )
    assert read(raw, ours=OURS).bounce.recipient == "ana@mail.example"


@pytest.mark.parametrize("status", ["", "\0", "Action", "Action: failed\n" * 900, ":" * 70_000])
def test_a_report_with_broken_fields_is_still_a_report(status):
    text = BOUNCES["postfix"][0]
    begin = text.index("Reporting-MTA")
    end = text.index("--=_report.1\nContent-Type: text/rfc822-headers")
    found = read((text[:begin] + status + "\n" + text[end:]).encode())
    assert found.automatic == "bounce"
    assert found.bounce.original_id == ORIGINAL
