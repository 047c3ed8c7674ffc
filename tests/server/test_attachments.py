"""Files: what is taken, what is refused and why, and how they are handed out."""

import gzip
import io
import tarfile
import zipfile

import pytest
from PIL import Image

from widget_server import jobs
from widget_server.attachments import service, upkeep
from widget_server.attachments.models import Attachment
from widget_server.clock import stamp

from .test_sessions import PNG


def image(kind, size=(40, 30)):
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind)
    return stream.getvalue()


def archive(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in files.items():
            opened.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return stream.getvalue()


def tar():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as opened:
        opened.addfile(tarfile.TarInfo("a.txt"))
    return stream.getvalue()


DOCX = archive(**{"[Content_Types]_xml": "<x/>", "word__document_xml": "<x/>"})
ODT = archive(mimetype="application/vnd.oasis.opendocument.text", content_xml="<x/>")
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DOC = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + bytes.fromhex("eca5c100") + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.png", PNG, "image"),
        ("a.JPG", image("JPEG"), "image"),
        ("a.jpeg", image("JPEG"), "image"),
        ("a.gif", image("GIF"), "image"),
        ("a.webp", image("WEBP"), "image"),
        ("a.pdf", PDF, "pdf"),
        ("a.doc", DOC, "word"),
        ("a.docx", DOCX, "word"),
        ("a.odt", ODT, "word"),
        ("a.rtf", rb"{\rtf1 hola}", "word"),
        ("a.zip", archive(a="b"), "archive"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 60, "archive"),
        ("a.rar", b"Rar!\x1a\x07\x01\x00" + b"\0" * 60, "archive"),
        ("a.gz", gzip.compress(b"hola"), "archive"),
        ("a.tar", tar(), "archive"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_kind_promised_is_taken(ada, name, data, kind):
    answer = ada.upload(name, data)
    assert answer.status_code == 201, answer.json
    assert (answer.json["name"], answer.json["kind"], answer.json["size"]) == (
        name,
        kind,
        len(data),
    )


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.png", b"", "empty_file"),
        ("a.exe", b"MZ" + b"\0" * 100, "unsupported_file"),
        ("a.png", b"MZ" + b"\0" * 100, "unsupported_file"),
        ("a.png", b"\x7fELF" + b"\0" * 100, "unsupported_file"),
        ("a.sh", b"#!/bin/sh\n", "unsupported_file"),
        ("a.html", b"<html><script>1</script>", "unsupported_file"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_file"),
        ("a.txt", b"hello", "unsupported_file"),
        ("a.xlsx", archive(**{"[Content_Types]_xml": "", "xl__workbook_xml": ""}), "unsupported_file"),
        ("a.epub", archive(mimetype="application/epub+zip"), "unsupported_file"),
        ("a", PNG, "damaged_file"),
        ("a.pdf", PNG, "damaged_file"),
        ("a.docx", archive(a="b"), "damaged_file"),
        ("a.png", PNG[:40], "damaged_file"),
        ("a.zip", b"PK\x03\x04broken", "damaged_file"),
        ("a.gz", b"\x1f\x8b\x08broken-----", "damaged_file"),
        ("a.gif", b"GIF89a/*<script>alert(1)</script>*/", "dangerous_file"),
        ("a.jpg", image("JPEG") + archive(a="b"), "dangerous_file"),
        ("a.pdf", PDF + archive(a="b"), "dangerous_file"),
        ("a.gif", image("GIF") + b"%PDF-1.7", "dangerous_file"),
        ("a.docx", archive(**{"[Content_Types]_xml": "", "word__vbaProject.bin": "x"}), "dangerous_file"),
        ("a.zip", archive(a=b"\0" * 30_000_000), "dangerous_file"),
        ("a.gz", gzip.compress(b"\0" * 30_000_000), "dangerous_file"),
        ("a.png", image("PNG", (9_000, 9_000)), "dangerous_file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_anything_else_is_refused_with_its_reason(ada, name, data, code):
    answer = ada.upload(name, data)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, code)
    assert Attachment.select().count() == 0
    assert not [path for path in service.Files.storage.folder.rglob("*") if path.is_file()]


def test_a_file_too_large_leaves_nothing(ada, monkeypatch):
    monkeypatch.setattr(service.Files, "most", 50)
    answer = ada.upload("a.png", PNG + b"\0" * 100_000)
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")
    assert not [path for path in service.Files.storage.folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\fakepath\\foto.png", "foto.png"),
        ("a\u202egnp.exe.png", "agnp.exe.png"),
        ('a"b\r\nX: y.png', "abX: y.png"),
        ("x" * 500 + ".png", "x" * 117 + ".png"),
        ("día 🦊.png", "día 🦊.png"),
    ],
)
def test_names_are_made_harmless(ada, sent, kept):
    from urllib.parse import quote

    assert ada.upload(quote(sent), PNG).json["name"] == kept


def test_a_download_cannot_run_anything(ada, client):
    sent = ada.upload("d%C3%ADa.png", PNG).json
    answer = client.get("/files/" + sent["url"].rsplit("/", 1)[1], buffered=True)
    assert answer.data == PNG
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"] == "image/png"
    assert int(answer.headers["Content-Length"]) == len(PNG)


def test_links_end(clock, ada, client):
    path = "/files/" + ada.upload("a.png", PNG).json["url"].rsplit("/", 1)[1]
    assert client.get(path, buffered=True).status_code == 200
    assert client.get(path + "x").status_code == 404
    clock.pass_(seconds=601)
    answer = client.get(path)
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")


def test_previews_are_pictures_of_ours(ada, client):
    sent = ada.upload("a.jpg", image("JPEG", (2_000, 1_000))).json
    ticket = ada.open(attachments=[sent["id"]])
    assert ticket["files"][0]["preview_url"] is None
    jobs.run_due()
    preview = ada.get(f"/tickets/{ticket['id']}").json["files"][0]["preview_url"]
    answer = client.get("/files/" + preview.rsplit("/", 1)[1], buffered=True)
    assert answer.headers["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.data)).size == (720, 360)


def test_a_scan_in_sixteen_bits_of_grey_has_a_preview(ada, client):
    stream = io.BytesIO()
    Image.new("I;16", (2_000, 1_000), 0xC000).save(stream, "PNG")
    ticket = ada.open(attachments=[ada.upload("scan.png", stream.getvalue()).json["id"]])
    jobs.run_due()
    preview = ada.get(f"/tickets/{ticket['id']}").json["files"][0]["preview_url"]
    answer = client.get("/files/" + preview.rsplit("/", 1)[1], buffered=True)
    seen = Image.open(io.BytesIO(answer.data)).convert("L")
    assert abs(seen.getpixel((360, 180)) - 0xC0) < 4


def test_a_fourth_file_is_refused(ada):
    ids = [ada.upload(f"{n}.png", PNG).json["id"] for n in range(4)]
    answer = ada.post("/tickets", category="help", title="t", body="b", attachments=ids)
    assert answer.status_code == 422
    assert "attachments" in answer.json["error"]["fields"]


def test_a_file_belongs_to_one_message(ada):
    sent = ada.upload("a.png", PNG).json["id"]
    ada.open(attachments=[sent])
    answer = ada.post("/tickets", category="help", title="t", body="b", attachments=[sent])
    assert answer.status_code == 422
    assert ada.delete(f"/attachments/{sent}").status_code == 404


def test_what_is_not_sent_can_be_taken_back(ada):
    sent = ada.upload("a.png", PNG).json["id"]
    assert ada.delete(f"/attachments/{sent}").status_code == 204
    assert not service.Files.storage.path(sent).exists()


def test_orphans_are_swept_after_a_day(ada):
    sent = ada.upload("a.png", PNG).json["id"]
    kept = ada.upload("b.png", PNG).json["id"]
    Attachment.update(created_at=stamp(seconds=-90_000)).where(Attachment.id == sent).execute()
    upkeep.sweep()
    assert [row.id for row in Attachment.select()] == [kept]
    assert not service.Files.storage.path(sent).exists()


def test_a_file_without_a_name_is_refused(ada):
    answer = ada.send("POST", "/attachments", data=PNG, content_type="application/octet-stream")
    assert list(answer.json["error"]["fields"]) == ["X-File-Name"]
