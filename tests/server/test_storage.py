"""Homes of files: what any of them does, on disk and in a bucket, and what only a bucket can do."""

import io
import os
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from widget_server import doctor, jobs
from widget_server.attachments import bucket, service, upkeep
from widget_server.attachments.bucket import BucketAway, BucketStorage
from widget_server.attachments.storage import DiskStorage, TooLong
from widget_server.ids import new_id

from ..support.bucket import BucketServer
from .test_attachments import image

DAY = 86_400


@pytest.fixture(scope="module")
def bucket_server(tmp_path_factory):
    server = BucketServer(tmp_path_factory.mktemp("bucket")).start()
    yield server
    server.kill()


@pytest.fixture
def in_bucket(bucket_server, tmp_path):
    options = {"FILES_DIR": tmp_path / "in", "FILES_DOWNLOADS": "presigned"}
    home = BucketStorage(bucket_server.settings | options)
    yield home
    for key in bucket_server.stored():
        home.client.delete_object(Bucket=home.bucket, Key=key)


@pytest.fixture(params=["disk", "bucket"])
def home(request, tmp_path):
    if request.param == "disk":
        return DiskStorage(tmp_path / "files")
    return request.getfixturevalue("in_bucket")


def keep(home, data, most=1 << 30):
    file_id = new_id()
    with home.receive(io.BytesIO(data), file_id=file_id, most=most) as received:
        assert received.path.read_bytes() == data
        home.keep(received, file_id)
    return file_id


def test_what_is_kept_is_read_again_from_any_place(home):
    file_id = keep(home, b"0123456789" * 10_000)
    with home.open(file_id) as handle:
        assert handle.read(4) == b"0123"
        assert handle.seek(-3, io.SEEK_END) == 99_997
        assert handle.read() == b"789"
        assert handle.seek(11) == 11
        assert handle.read(2) == b"12"
        assert handle.tell() == 13
    with home.at_hand(file_id) as path:
        assert path.stat().st_size == 100_000


def test_what_is_not_kept_leaves_nothing(home):
    with home.receive(io.BytesIO(b"x"), file_id="a", most=9) as received:
        path = received.path
    assert not path.exists()
    with pytest.raises(TooLong), home.receive(io.BytesIO(b"x" * 10), file_id="b", most=9):
        pass
    assert list(home.incoming.iterdir()) == []
    assert list(home.older(-60)) == []


def test_what_is_not_there_is_not_found(home):
    with pytest.raises(FileNotFoundError):
        home.open(new_id())
    home.remove(new_id())


def test_a_preview_goes_with_its_file(home):
    file_id = keep(home, b"whole")
    picture = home.spare("picture")
    picture.write_bytes(b"small")
    home.keep_preview(picture, file_id)
    assert not picture.exists()
    with home.open(file_id, preview=True) as handle:
        assert handle.read() == b"small"
    assert set(home.older(-60)) == {file_id}
    assert list(home.older(60)) == []
    home.remove(file_id)
    for preview in (False, True):
        with pytest.raises(FileNotFoundError):
            home.open(file_id, preview=preview)


def test_what_was_on_its_way_in_when_a_process_died_is_cleared_up(home):
    left, fresh = home.spare("left"), home.spare("fresh")
    for path in (left, fresh):
        path.touch()
    os.utime(left, (0, 0))
    home.tidy(DAY)
    assert (left.exists(), fresh.exists()) == (False, True)


def test_only_bytes_no_row_names_are_removed(home, ada, monkeypatch):
    monkeypatch.setattr(service.Files, "storage", home)
    monkeypatch.setattr(upkeep, "BATCH", 2)
    named = [ada.upload("a.png", image("PNG")).json["id"] for _ in range(3)]
    orphans = [keep(home, b"x") for _ in range(2)]
    upkeep.remove_orphans()
    assert set(home.older(-60)) == {*named, *orphans}
    monkeypatch.setattr(upkeep, "ORPHAN_HOURS", -1)
    upkeep.remove_orphans()
    assert set(home.older(-60)) == set(named)


def test_a_large_file_goes_up_in_pieces(in_bucket):
    data = os.urandom(bucket.PIECE * 2 + 5)
    file_id = keep(in_bucket, data)
    with in_bucket.open(file_id) as handle:
        assert handle.read() == data
    etag = in_bucket.client.head_object(Bucket="files", Key=in_bucket.key(file_id))["ETag"]
    assert etag.endswith('-3"')


def test_an_upload_that_fails_half_way_is_called_off(in_bucket, monkeypatch):
    send, sent = in_bucket.client.upload_part, []

    def fail_later(**part):
        sent.append(part["PartNumber"])
        # No store takes a piece past the ten thousandth.
        return send(**part | ({"PartNumber": 10_001} if len(sent) > 1 else {}))

    monkeypatch.setattr(in_bucket.client, "upload_part", fail_later)
    with pytest.raises(BucketAway):
        keep(in_bucket, b"x" * (bucket.PIECE * 3))
    assert sent == [1, 2]
    assert unfinished(in_bucket) == []
    assert list(in_bucket.older(-60)) == []


def test_uploads_of_a_process_that_died_are_called_off(in_bucket):
    in_bucket.client.create_multipart_upload(Bucket="files", Key="desk/aa/left")
    in_bucket.tidy(60)
    assert len(unfinished(in_bucket)) == 1
    in_bucket.tidy(-5)
    assert unfinished(in_bucket) == []


def unfinished(home):
    return home.client.list_multipart_uploads(Bucket="files").get("Uploads", [])


def test_an_object_of_another_size_than_sent_is_not_kept(in_bucket, monkeypatch):
    put = in_bucket.client.put_object
    monkeypatch.setattr(
        in_bucket.client,
        "put_object",
        lambda **given: put(**{**given, "Body": given["Body"][:-1], "ContentMD5": md5(given)}),
    )
    with pytest.raises(BucketAway):
        keep(in_bucket, b"whole")
    assert list(in_bucket.older(-60)) == []


def md5(given):
    return bucket._body(given["Body"][:-1])["ContentMD5"]


def test_an_address_hands_out_one_file_as_a_harmless_download(in_bucket):
    file_id = keep(in_bucket, b"<script>alert(1)</script>")
    address = in_bucket.address(file_id, "página.html")
    assert "response-content-disposition=attachment" in address
    assert "response-content-type=application%2Foctet-stream" in address
    assert "X-Amz-Expires=60" in address
    with urlopen(address) as answer:
        assert answer.read() == b"<script>alert(1)</script>"
        # A store that ignores what the address asks for still says what was kept with the object.
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
    for wrong in (address.replace(file_id, new_id()), address.partition("?")[0]):
        with pytest.raises(HTTPError) as refused:
            urlopen(wrong)
        refused.value.close()
        assert refused.value.code == 403


@pytest.fixture(params=["proxied", "presigned"])
def downloads(request):
    return request.param


@pytest.fixture
def shop_in_bucket(bucket_server, downloads, settings, request):
    settings |= bucket_server.settings | {"FILES_DOWNLOADS": downloads}
    return request.getfixturevalue("ada")


def test_a_file_in_a_bucket_is_sent_seen_and_fetched(shop_in_bucket, client, downloads):
    ada, data = shop_in_bucket, image("PNG", (1_000, 20))
    sent = ada.upload("d%C3%ADa.png", data).json
    ticket = ada.open(attachments=[sent["id"]])
    jobs.run_due()
    shown = ada.get(f"/tickets/{ticket['id']}").json["files"][0]
    preview = client.get(path_of(shown["preview_url"]), buffered=True)
    assert preview.headers["Content-Type"] == "image/webp"
    assert preview.data[8:12] == b"WEBP"
    answer = client.get(path_of(shown["url"]), buffered=True)
    for response in (preview, answer):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
    if downloads == "presigned":
        assert answer.status_code == 303
        assert answer.headers["Cache-Control"] == "no-store"
        with urlopen(answer.headers["Location"]) as found:
            assert found.read() == data
        return
    assert answer.data == data
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    part = client.get(path_of(shown["url"]), headers={"Range": "bytes=10-19"}, buffered=True)
    assert (part.status_code, part.data) == (206, data[10:20])
    again = client.get(path_of(shown["url"]), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("downloads", ["proxied"], indirect=True)
def test_while_the_bucket_is_away_a_file_is_refused_kindly(shop_in_bucket, client, bucket_server):
    ada = shop_in_bucket
    sent = ada.upload("a.png", image("PNG")).json
    bucket_server.kill()
    try:
        for answer in (ada.upload("b.png", image("PNG")), client.get(path_of(sent["url"]))):
            assert (answer.status_code, answer.json["error"]["code"]) == (503, "unavailable")
        assert ada.delete(f"/attachments/{sent['id']}").status_code == 204
        assert ada.open()["number"] == 1
    finally:
        bucket_server.start()
    key = service.Files.storage.key(sent["id"])
    assert key in bucket_server.stored()
    jobs.run_due()
    assert key not in bucket_server.stored()


def path_of(url):
    return "/files/" + url.rpartition("/")[2]


def test_boto3_is_not_loaded_for_files_on_disk():
    done = subprocess.run(
        [
            sys.executable, "-c",
            "import sys; from widget_server import app, cli, worker;"
            "from widget_server.attachments import service;"
            "service.furnish({'FILES_URL': '', 'FILES_DIR': '.', 'SECRET_KEY': ['s' * 32],"
            " 'SERVER_URL': '', 'FILE_BYTES': 1});"
            "print(sorted({'boto3', 'botocore', 'redis'} & set(sys.modules)))",
        ],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("downloads", ["proxied", "presigned"])
def test_the_doctor_tries_the_bucket(bucket_server, tmp_path, downloads):
    own = {"FILES_DIR": tmp_path, "FILES_DOWNLOADS": downloads}
    settings = bucket_server.settings | own
    before = bucket_server.stored()
    assert doctor._files(settings) == "s3://files/desk keeps and gives back"
    assert bucket_server.stored() == before
    for wrong, told in (
        ({"FILES_SECRET": "wrong"}, "403|Signature"),
        ({"FILES_URL": "s3://nowhere"}, "NoSuchBucket"),
    ):
        with pytest.raises(RuntimeError, match=f"({told}).*look at VENTANILLA_FILES_URL"):
            doctor._files(settings | wrong)
