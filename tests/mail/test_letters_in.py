"""An answer from a mailbox is in the thread, once, whichever way and however often it comes."""

import io
import json
import sys

import pytest
from PIL import Image

from widget_server.attachments import service as attachments
from widget_server.database import execute, query
from widget_server.errors import Unavailable
from widget_server.mail import desk, mailbox, receiving
from widget_server.sites import service as sites
from widget_server.tickets import ledger
from widget_server.tickets.service import find_by_id

from .conftest import ANA, SUPPORT, states, thread
from .letters import fresh, reply_to, with_file

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


def test_an_answer_with_a_file_is_in_the_thread_once(opened, visitor, read_mail):
    ticket, letter = opened
    raw = reply_to(letter, "Aquí va la foto.", files=[("foto.png", PNG, "image/png")])
    assert read_mail(raw) == 1
    _, answer = thread(visitor, ticket)
    assert answer["body"] == "Aquí va la foto."
    assert answer["author"]["you"] is True
    assert [file["name"] for file in answer["attachments"]] == ["foto.png"]
    assert "escribió:" in answer["quoted"]
    assert read_mail() == 0
    assert read_mail(raw) == 1
    assert len(thread(visitor, ticket)) == 2


def test_an_agent_answers_by_mail_and_the_requester_hears(opened, visitor, deliver, read_mail):
    ticket, _ = opened
    told = deliver("ines@team.example")[-1]
    read_mail(reply_to(told, "**Mañana** lo tienes."))
    last = thread(visitor, ticket)[-1]
    assert (last["author"]["kind"], last["author"]["name"]) == ("agent", "Inés")
    assert last["body"] == "**Mañana** lo tienes."
    assert "Mañana" in deliver(ANA)[-1].get_body(("plain",)).get_content()


def test_an_answer_sent_to_the_sender_s_address_finds_its_ticket_by_the_letter(
    opened, visitor, read_mail
):
    ticket, letter = opened
    raw = reply_to(letter, "Replied to From.").replace(
        letter["Reply-To"].addresses[0].addr_spec.encode(), SUPPORT.encode()
    )
    read_mail(raw)
    assert thread(visitor, ticket)[-1]["body"] == "Replied to From."


def test_new_mail_to_the_support_address_opens_a_ticket(agent, read_mail, deliver, site):
    read_mail(fresh("Carla <carla@mail.example>", SUPPORT, "No funciona", "Desde ayer."))
    (row,) = query("SELECT title, email, category_id FROM ticket")
    assert row == ("No funciona", "carla@mail.example", "other")
    (letter,) = deliver("carla@mail.example")
    assert "[#1] No funciona" in letter["Subject"]
    read_mail(reply_to(letter, "Y hoy tampoco."))
    assert query("SELECT count(*) FROM message") == [(2,)]


@pytest.mark.parametrize("spelled", ["soporte@xn--espaa-rta.es", "SOPORTE@España.es"])
def test_new_mail_finds_a_support_address_in_either_spelling(site, read_mail, spelled):
    settings = site.settings | {"mail": {"address": "soporte@españa.es", "opens": True}}
    sites.update_site(site, settings=settings)
    read_mail(
        fresh(ANA, "to-be-named@shop.example").replace(
            b"to-be-named@shop.example", spelled.encode()
        )
    )
    assert states() == ["opened"]


class TestRepliesToANameOutsideAscii:
    @pytest.fixture
    def settings(self, settings):
        own = {"MAIL_REPLY_TO": "reply@españa.es", "MAIL_FROM": "Shop <help@españa.es>"}
        return settings | own

    def test_an_answer_is_taken_by_its_address_and_by_the_letter_it_refers_to(
        self, opened, visitor
    ):
        ticket, letter = opened
        assert letter["Message-ID"].endswith("@xn--espaa-rta.es>")
        named = reply_to(letter, "By its address.").replace(b"In-Reply-To", b"X-Was")
        named = named.replace(b"References", b"X-Were")
        assert receiving.receive(named, source="imap") == "posted"
        referred = reply_to(letter, "By the letter.").replace(b"To: Shop <reply+", b"To: <x+")
        assert receiving.receive(referred, source="imap") == "posted"
        assert len(thread(visitor, ticket)) == 3


def test_a_site_that_opens_none_by_mail_keeps_it_for_an_agent(agent, read_mail, site):
    settings = site.settings | {"mail": {"address": SUPPORT, "opens": False}}
    sites.update_site(site, settings=settings)
    read_mail(fresh("carla@mail.example", SUPPORT))
    (waiting,) = desk.quarantined()
    assert waiting.reason == "not_taken"
    agent.post(f"/mail/incoming/{site.key}/{waiting.id}/acceptance")
    assert query("SELECT count(*) FROM ticket") == [(1,)]


def test_a_mail_that_is_too_large_is_noted_and_its_sender_told(
    site, deliver, monkeypatch, read_mail
):
    monkeypatch.setattr(receiving, "LARGEST", 20_000)
    read_mail(fresh("big@mail.example", SUPPORT, "Big", "x" * 70 + "\n" * 2 + "y " * 20_000))
    assert desk.quarantined()[0].reason == "too_big"
    (told,) = deliver("big@mail.example")
    assert "demasiado grande" in told.get_body(("plain",)).get_content()


def test_a_mail_nobody_can_read_is_kept_and_nothing_stops(site, read_mail):
    nested = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
    nested += b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 300
    many = f"From: a@b.example\nTo: {', '.join(f'p{n}@x.example' for n in range(10_000))}\n\nhi"
    fine = fresh("fine@mail.example", SUPPORT)
    assert read_mail(nested, many.encode(), fine) == 3
    assert states().count("quarantined") == 2
    assert query("SELECT email FROM ticket") == [("fine@mail.example",)]


def test_files_that_are_not_taken_are_named_to_their_sender(opened, visitor, deliver, read_mail):
    ticket, letter = opened
    evil = ("run.exe", b"MZ" + b"\0" * 200, "application/octet-stream")
    read_mail(reply_to(letter, "See the file.", files=[evil]))
    assert thread(visitor, ticket)[-1]["body"] == "See the file."
    told = deliver(ANA)[-1].get_body(("plain",)).get_content()
    assert "run.exe" in told


def test_a_mail_that_waited_long_for_a_full_disk_has_all_its_files(opened, visitor, monkeypatch):
    ticket, letter = opened
    storage, tries = attachments.Files.storage, []
    keep = storage.keep

    def keep_the_small(received, file_id):
        tries.append(file_id)
        if received.size > len(PNG) and len(tries) <= 70:
            raise Unavailable()
        keep(received, file_id)

    monkeypatch.setattr(storage, "keep", keep_the_small)
    picture = io.BytesIO()
    Image.effect_noise((40, 40), 60).save(picture, "PNG")
    files = [("small.png", PNG, "image/png"), ("large.png", picture.getvalue(), "image/png")]
    raw = reply_to(letter, "Aquí van.", files=files)
    for _ in range(35):
        with pytest.raises(Unavailable):
            receiving.receive(raw, source="imap")
    assert query("SELECT count(*) FROM attachment") == [(0,)]
    receiving.receive(raw, source="imap")
    names = [file["name"] for file in thread(visitor, ticket)[-1]["attachments"]]
    assert names == ["small.png", "large.png"]


def test_a_stranger_who_was_let_in_hears_which_files_were_not_taken_and_nothing_else(
    opened, visitor, deliver, read_mail, site
):
    ticket, letter = opened
    read_mail(reply_to(letter, "See it.", sender="Leo <leo@mail.example>", files=[EVIL]))
    (waiting,) = desk.quarantined()
    desk.accept(site.id, waiting.id, by="Inés", ticket=find_by_id(site.id, ticket["id"]))
    assert thread(visitor, ticket)[-1]["body"] == "See it."
    (told,) = deliver("leo@mail.example")
    text = told.get_body(("plain",)).get_content()
    assert "run.exe" in text
    assert ticket["title"] not in text


def test_files_that_were_not_taken_are_told_with_the_message_or_not_at_all(
    opened, read_mail, deliver, monkeypatch
):
    _, letter = opened
    raw = reply_to(letter, "See the file.", files=[EVIL])
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "_refuse", lambda *_, **__: sys.exit("killed"))
        with pytest.raises(SystemExit):
            receiving.receive(raw, source="imap")
    receiving.receive(raw, source="imap")
    assert "run.exe" in deliver(ANA)[-1].get_body(("plain",)).get_content()


EVIL = ("run.exe", b"MZ" + b"\0" * 200, "application/octet-stream")


def test_a_mail_of_refused_files_alone_says_which_and_the_next_one_is_read(
    opened, visitor, deliver, read_mail
):
    ticket, letter = opened
    nothing = fresh(ANA, letter["Reply-To"].addresses[0].addr_spec, body=" ")
    raw = with_file(nothing, *EVIL)
    assert read_mail(raw, reply_to(letter, "And here is why.")) == 2
    _, files, why = thread(visitor, ticket)
    assert files["body"] == "[Files not accepted: run.exe]"
    assert why["body"] == "And here is why."
    assert "run.exe" in deliver(ANA)[-1].get_body(("plain",)).get_content()
    assert read_mail() == 0


def test_new_mail_of_refused_files_alone_opens_a_ticket_that_says_which(site, read_mail):
    read_mail(with_file(fresh("c@mail.example", SUPPORT, "No funciona", " "), *EVIL))
    assert query("SELECT title FROM ticket") == [("No funciona",)]
    assert query("SELECT body FROM message") == [("[Archivos no aceptados: run.exe]",)]


def test_an_agent_s_mail_of_refused_files_alone_is_no_answer(opened, visitor, deliver, read_mail):
    ticket, _ = opened
    told = deliver("ines@team.example")[-1]
    nothing = fresh("ines@team.example", told["Reply-To"].addresses[0].addr_spec, body=" ")
    read_mail(with_file(nothing, *EVIL))
    assert len(thread(visitor, ticket)) == 1
    assert visitor.get(f"/tickets/{ticket['id']}").json["state"] == "waiting"
    (note,) = query("SELECT body FROM message WHERE internal_at IS NOT NULL")
    assert note == ("[Files not accepted: run.exe]",)
    assert "run.exe" in deliver("ines@team.example")[-1].get_body(("plain",)).get_content()


def test_a_mail_that_cannot_be_taken_in_waits_for_an_agent_and_the_next_one_is_read(
    opened, visitor, agent, read_mail, monkeypatch
):
    ticket, letter = opened
    monkeypatch.setattr(ledger, "MAILED_FILES", 0)
    raw = reply_to(letter, "With a photo.", files=[("foto.png", PNG, "image/png")])
    assert read_mail(raw, reply_to(letter, "Without.")) == 2
    assert [entry["body"] for entry in thread(visitor, ticket)[1:]] == ["Without."]
    (waiting,) = desk.quarantined()
    assert (waiting.reason, waiting.ticket_id) == ("refused", ticket["id"])
    assert "With a photo." in agent.get("/mail").get_data(as_text=True)
    monkeypatch.undo()
    desk.accept(
        waiting.site_id, waiting.id, by="", ticket=find_by_id(waiting.site_id, ticket["id"])
    )
    assert [file["name"] for file in thread(visitor, ticket)[-1]["attachments"]] == ["foto.png"]


def test_a_mail_waits_for_the_store_of_files_and_is_taken_in_whole(
    opened, visitor, read_mail, monkeypatch
):
    ticket, letter = opened
    storage, away = attachments.Files.storage, [Unavailable()]
    keep = storage.keep

    def keep_soon(received, file_id):
        if away:
            raise away.pop()
        keep(received, file_id)

    monkeypatch.setattr(storage, "keep", keep_soon)
    with pytest.raises(Unavailable):
        read_mail(reply_to(letter, "Aquí va.", files=[("foto.png", PNG, "image/png")]))
    assert read_mail() == 1
    assert [file["name"] for file in thread(visitor, ticket)[-1]["attachments"]] == ["foto.png"]


def test_a_mailbox_a_person_reads_too_hides_nothing(inbox, read_mail, site):
    read_mail(fresh("one@mail.example", SUPPORT))
    inbox.deliver(fresh("two@mail.example", SUPPORT))
    with inbox.login() as person:
        person.store("1:*", "+FLAGS", "\\Seen")
    assert mailbox.look(inbox.url) == 1
    assert query("SELECT count(*) FROM ticket") == [(2,)]


def test_a_mail_fetched_by_a_reader_that_died_is_taken_in_by_the_next(inbox, read_mail, site):
    read_mail(fresh("one@mail.example", SUPPORT))
    execute("UPDATE mailbox SET last_uid = last_uid - 1")
    assert mailbox.look(inbox.url) == 1
    assert query("SELECT count(*) FROM ticket") == [(1,)]


def test_what_was_folded_away_is_kept_whole(opened, visitor, read_mail):
    ticket, letter = opened
    read_mail(reply_to(letter, "x" * 60_000))
    (body, quoted) = query("SELECT body, quoted FROM message ORDER BY sent_at DESC LIMIT 1")[0]
    assert len(body) == receiving.BODY
    assert quoted.startswith("x" * (60_000 - receiving.BODY))
    assert json.dumps(thread(visitor, ticket)[-1])
