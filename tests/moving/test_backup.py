"""A backup is whole, is of one moment, and becomes the same installation again."""

import json
import tarfile
from pathlib import Path

import pytest

from widget_server import config, migrations
from widget_server.app import create_app
from widget_server.attachments import service as attachments
from widget_server.attachments.service import Files
from widget_server.database import query
from widget_server.moving import backup, restore
from widget_server.moving.errors import CannotMove, Differs
from widget_server.moving.stores import open_store
from widget_server.tickets import search
from widget_server.tickets.models import Ticket

from ..support.databases import disconnect
from ..support.servers import wait_until
from ..support.visitor import Visitor, open_session, sign


@pytest.fixture
def save(lived, tmp_path):
    """Back the lived-in installation up and return where."""

    def make(name="saved"):
        target = tmp_path / "backups" / name
        report = backup.back_up(lived["DATABASE_URL"], Files.storage, lived["SECRET_KEY"], target)
        assert report.missing == []
        return target

    return make


@pytest.mark.parametrize("name", ["saved", "saved.tar"])
def test_what_was_saved_comes_back_the_same_on_the_other_database(
    save, lived, elsewhere, contents, name
):
    before = contents(lived)
    restore.restore(save(name), elsewhere)
    rows, files = contents(elsewhere)
    assert rows == before[0]
    assert files == before[1]


def test_what_came_back_works(save, site, elsewhere):
    saved = save()
    disconnect()
    restore.restore(saved, elsewhere)
    # Only settings, not what Flask keeps beside them.
    disconnect()
    own = {setting.name: elsewhere[setting.name] for setting in config.SETTINGS}
    again = create_app(own)
    client = again.test_client()
    word = sign(site.signing, sub="ada", email="ada@customers.example", email_verified=True)
    ada = Visitor(client, open_session(client, site, word).json)
    text, values = search.matching("envio")
    assert len(query(text, *values)) == 3
    found = ada.get("/tickets").json["tickets"]
    assert sorted(ticket["number"] for ticket in found) == [1, 2, 3]
    thread = ada.get(f"/tickets/{found[0]['id']}").json
    url = json.dumps(thread).split("/files/")[1].split('"')[0]
    with client.get(f"/files/{url}") as file:
        assert file.status_code == 200
    assert ada.open()["number"] == 4, "numbers go on"
    assert Ticket.select().count() == 4


def test_nothing_is_overwritten(save, lived):
    saved = save()
    with pytest.raises(CannotMove, match="exists already"):
        backup.back_up(lived["DATABASE_URL"], Files.storage, ["x"], saved)
    saved.rename(saved.with_name("saved.part"))
    with pytest.raises(CannotMove, match="left from one that failed"):
        backup.back_up(lived["DATABASE_URL"], Files.storage, ["x"], saved)


def test_only_an_empty_installation_takes_a_backup(save, lived, contents):
    saved, before = save(), contents(lived)
    with pytest.raises(CannotMove, match="There is an installation here already"):
        restore.restore(saved, lived)
    assert contents(lived) == before


def test_whoever_is_not_the_owner_cannot_read_it(save):
    assert save().stat().st_mode & 0o077 == 0
    assert save("saved.tar").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "harm", ["cut rows", "changed file", "lost file", "cut tar", "cut manifest", "bare manifest"]
)
def test_a_damaged_backup_is_found_out_before_anything_is_written(save, elsewhere, harm):
    saved = save("saved.tar" if harm == "cut tar" else "saved")
    if harm == "cut rows":
        path = saved / "rows" / "message.jsonl.gz"
        path.write_bytes(path.read_bytes()[:-30])
    elif "manifest" in harm:
        (saved / "manifest.json").write_text('{"form": 1' + "}" * (harm == "bare manifest"))
    elif harm == "cut tar":
        saved.write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])
    else:
        path = next(path for path in saved.glob("files/*/*"))
        path.write_bytes(b"something else") if harm == "changed file" else path.unlink()
    with pytest.raises(Differs):
        restore.restore(saved, elsewhere)
    assert not elsewhere["FILES_DIR"].exists()


def test_a_file_whose_bytes_changed_is_not_saved_as_if_they_were_right(lived, tmp_path):
    path = next(p for p in Files.storage.folder.glob("??/*") if p.suffix != ".webp")
    path.write_bytes(b"bit rot")
    with pytest.raises(Differs, match="damaged"):
        backup.back_up(lived["DATABASE_URL"], Files.storage, ["x"], tmp_path / "saved")
    assert not list(tmp_path.glob("saved*")), "nothing half-made is left"


def test_a_file_that_is_gone_is_told_and_the_rest_is_saved(lived, tmp_path):
    path = next(p for p in Files.storage.folder.glob("??/*") if p.suffix != ".webp")
    path.unlink()
    report = backup.back_up(lived["DATABASE_URL"], Files.storage, ["x"], tmp_path / "saved")
    assert report.missing == [path.name]
    assert backup.verify(tmp_path / "saved")["files"]["missing"] == [path.name]


def test_a_backup_of_a_newer_version_is_refused_with_its_name(save, elsewhere):
    saved = save()
    path = saved / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["migrations"].append("9999_tomorrow")
    manifest["version"] = "99.0"
    path.write_text(json.dumps(manifest))
    with pytest.raises(CannotMove, match=r"made by version 99\.0.*9999_tomorrow"):
        restore.restore(saved, elsewhere)


def test_a_backup_of_an_older_version_is_brought_up_to_date(save, elsewhere):
    saved, names = save(), migrations.known()
    path = saved / "manifest.json"
    manifest = json.loads(path.read_text())
    # As the first version would have made it: one migration, and of its tables only the jobs.
    manifest |= {"migrations": names[:1], "tables": {"job": manifest["tables"]["job"]}}
    path.write_text(json.dumps(manifest))
    restore.restore(saved, elsewhere)
    store = open_store(elsewhere["DATABASE_URL"])
    (jobs,) = store.run("SELECT count(*) FROM job")[0]
    assert jobs == manifest["tables"]["job"]["rows"] > 0
    assert [row[0] for row in store.run("SELECT name FROM schema_migration ORDER BY name")] == names
    store.close()


def test_a_restore_that_was_cut_off_is_begun_again(save, lived, elsewhere, contents, monkeypatch):
    saved, before = save(), contents(lived)
    for room, part in ((restore, "_bring_rows"), (restore.findable, "rebuild")):
        with monkeypatch.context() as patch:
            real = getattr(room, part)

            def cut_off(*given, real=real):
                real(*given)
                raise KeyboardInterrupt

            patch.setattr(room, part, cut_off)
            with pytest.raises(KeyboardInterrupt):
                restore.restore(saved, elsewhere)
    restore.restore(saved, elsewhere)
    assert contents(elsewhere) == before


def test_another_form_is_refused(save, elsewhere):
    saved = save()
    path = saved / "manifest.json"
    path.write_text(path.read_text().replace('"form": 1', '"form": 7'))
    with pytest.raises(CannotMove, match="reads form 1"):
        restore.restore(saved, elsewhere)


@pytest.mark.parametrize("name", ["saved", "saved.tar"])
def test_all_that_was_answered_before_a_backup_began_is_in_it(load, tmp_path, name, monkeypatch):
    server, clients = load

    def count():
        return sum(len(client.answered) for client in clients)

    wait_until(lambda: count() >= 12, "requests")
    url = server.settings["DATABASE_URL"]
    home = attachments.home({"FILES_URL": "", "FILES_DIR": Path(server.settings["FILES_DIR"])})

    answered = [title for client in clients for title in list(client.answered)]
    write_table = backup._write_table

    def in_company(*given):
        told = write_table(*given)
        wait_until(lambda: count() > len(answered), "somebody who writes meanwhile")
        return told

    monkeypatch.setattr(backup, "_write_table", in_company)
    backup.back_up(url, home, ["x"], tmp_path / name)

    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/back.db", "FILES_DIR": tmp_path / "back"}
    settings["FILES_URL"] = ""
    restore.restore(tmp_path / name, settings)
    store = open_store(settings["DATABASE_URL"])
    titles = [row[0] for row in store.run("SELECT title FROM ticket")]
    replies = {row[0] for row in store.run("SELECT body FROM message")}
    assert set(answered) <= set(titles)
    assert len(titles) == len(set(titles))
    assert {f"reply {title}" for title in answered} <= replies
    assert store.run("PRAGMA foreign_key_check") == [], "all of one moment"
    asked = store.run("SELECT id FROM attachment")
    assert len(asked) >= len(titles)
    assert all((tmp_path / "back" / row[0][-2:] / row[0]).is_file() for row in asked)
    store.close()


def test_a_tar_is_an_ordinary_one(save):
    with tarfile.open(save("saved.tar")) as tar:
        names = tar.getnames()
    assert "manifest.json" in names
    assert any(name.startswith("rows/ticket.jsonl.gz") for name in names)
