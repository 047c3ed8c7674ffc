"""Files move between a folder and a bucket of a real S3 server, the database with them, kills
included."""

import io
import os
import signal
import subprocess
import sys
import time

import pytest

from widget_server.attachments import service as attachments
from widget_server.ids import new_id
from widget_server.moving import copying, files
from widget_server.moving.errors import Differs
from widget_server.moving.stores import open_store

from ..recovery.test_kill import PNG
from ..support.bucket import BucketServer
from ..support.databases import disconnect
from ..support.servers import ROOT

#: Files beside the ordinary ones, so that a copy takes long enough to be killed in the middle.
MANY = 60

#: More than the store takes in one piece.
LARGE = b"0123456789abcdef" * 600_000


@pytest.fixture
def bucket(tmp_path):
    server = BucketServer(tmp_path / "buckets").start()
    yield server
    server.kill()


@pytest.fixture
def elsewhere(elsewhere, bucket):
    """The other kind of database, and a bucket instead of a folder."""
    return elsewhere | bucket.settings


@pytest.fixture
def many(lived):
    """Add files, one of them large; return the settings."""
    disconnect()
    store, home = open_store(lived["DATABASE_URL"]), attachments.home(lived)
    (attachment,) = [table for table in store.tables() if table.name == "attachment"]
    store.begin()
    ((row, *_),) = store.rows(attachment)
    told = dict(zip(attachment.columns, row, strict=True))
    rows = []
    for number in range(MANY):
        data = LARGE if number == MANY // 2 else PNG + str(number).encode()
        piece = files.Piece(new_id(), False, None)
        sha256 = files.put(home, piece, io.BytesIO(data))
        added = {"id": piece.file_id, "size": len(data), "sha256": sha256, "preview_at": None}
        rows.append(tuple((told | added).values()))
    store.add(attachment, rows)
    store.commit()
    store.close()
    return lived


def start(source, target, folder):
    """Start `ventanilla copy` as an operator does: settings here, and a file of those there."""

    def lines(settings):
        names = {"SECRET_KEY", "DATABASE_URL", *(name for name in settings if "FILES_" in name)}
        for name in sorted(names):
            value = settings[name]
            yield f"VENTANILLA_{name}", value[0] if isinstance(value, list) else str(value)

    written = folder / "new.env"
    written.write_text("".join(f"{name}={value}\n" for name, value in lines(target)))
    return subprocess.Popen(
        [sys.executable, "-m", "widget_server.cli", "copy", str(written)],
        env={**os.environ, **dict(lines(source)), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def arrived(bucket):
    """Return how many files lie in the bucket; a look at its folder, which is quick."""
    return sum(path.is_file() for path in (bucket.folder / bucket.name / "desk").rglob("*"))


def test_a_copy_to_a_bucket_that_is_killed_again_and_again_ends_complete(
    many, elsewhere, bucket, contents, tmp_path
):
    before, seen = contents(many), 0
    for _ in range(2):
        process = start(many, elsewhere, tmp_path)
        while process.poll() is None and arrived(bucket) <= seen:
            time.sleep(0.002)
        assert process.poll() is None, process.communicate()[0]
        process.send_signal(signal.SIGKILL)
        process.communicate()
        seen = arrived(bucket)
        assert len(bucket.stored()) < MANY
    process = start(many, elsewhere, tmp_path)
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert f"{len(before[1])} files are the same" in told
    assert contents(elsewhere) == before


def test_a_bucket_that_does_not_answer_is_waited_for_by_whoever_copies(
    lived, elsewhere, bucket, contents, tmp_path
):
    bucket.kill()
    process = start(lived, elsewhere, tmp_path)
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 1, told
    assert told.splitlines()[-1] == "Files cannot be reached right now. Try again in a minute."
    bucket.start()
    process = start(lived, elsewhere, tmp_path)
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert contents(elsewhere) == contents(lived)


def test_what_is_in_a_bucket_comes_back(lived, elsewhere, contents, tmp_path):
    copying.copy(lived, elsewhere)
    back = lived | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/back.db",
        "FILES_DIR": tmp_path / "back",
    }
    copying.copy(elsewhere, back)
    assert contents(back) == contents(elsewhere) == contents(lived)


def test_a_file_that_changed_in_the_bucket_is_sent_again(lived, elsewhere, bucket, contents):
    copying.migrate(elsewhere["DATABASE_URL"])
    home = attachments.home(lived)
    (path, *_) = sorted(path for path in home.folder.glob("??/*"))
    key = f"desk/{path.relative_to(home.folder)}"
    bucket.client().put_object(Bucket=bucket.name, Key=key, Body=b"half of i")
    copying.copy(lived, elsewhere)
    assert contents(elsewhere) == contents(lived)


def test_a_file_damaged_at_home_stops_the_copy(lived, elsewhere):
    home = attachments.home(lived)
    (path, *_) = sorted(path for path in home.folder.glob("??/*") if path.suffix != ".webp")
    path.write_bytes(path.read_bytes() + b"?")
    with pytest.raises(Differs, match=path.name):
        copying.copy(lived, elsewhere)
