"""Files made to keep us busy, or damaged on their way, are judged in a moment or refused."""

import gzip
import io
import struct
import subprocess
import tarfile
import time
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from widget_server.attachments.inspection import (
    ENTRIES,
    KINDS,
    DamagedFile,
    DangerousFile,
    EmptyFile,
    UnsupportedFile,
    inspect,
)

from .test_attachments import DOC, DOCX, ODT, PDF, archive, image, tar

REFUSED = (DamagedFile, DangerousFile, EmptyFile, UnsupportedFile)

SAMPLES = {
    "a.png": image("PNG"),
    "a.jpg": image("JPEG"),
    "a.gif": image("GIF"),
    "a.webp": image("WEBP"),
    "a.pdf": PDF,
    "a.doc": DOC,
    "a.docx": DOCX,
    "a.odt": ODT,
    "a.rtf": rb"{\rtf1 hola}",
    "a.zip": archive(a="b" * 500, b="c"),
    "a.7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 60,
    "a.rar": b"Rar!\x1a\x07\x01\x00" + b"\0" * 60,
    "a.gz": gzip.compress(b"hola" * 100),
    "a.tar": tar(),
}


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    """Judge bytes as a file of that name; return its kind, or what was said against it."""
    path = tmp_path_factory.mktemp("hostile") / "file"

    def run(name, data):
        path.write_bytes(data)
        try:
            return inspect(path, name, len(data))
        except REFUSED as refusal:
            return refusal

    return run


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_what_they_are_taken_for(judge, name):
    assert judge(name, SAMPLES[name]) in KINDS.values()


@settings(deadline=None, max_examples=200)
@given(
    start=st.sampled_from([b"", *(data[:12] for data in SAMPLES.values()), b"BZh9", b"\xfd7zXZ\0"]),
    rest=st.binary(max_size=700),
    name=st.sampled_from([*SAMPLES, "a", "", ".", "a.exe", "a.png/b"]),
)
def test_any_bytes_are_judged_or_refused(judge, start, rest, name):
    judge(name, start + rest)


@settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_files_damaged_on_their_way_are_judged_or_refused(judge, data):
    name = data.draw(st.sampled_from(sorted(SAMPLES)))
    raw = bytearray(SAMPLES[name])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(raw) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "put", "end"])):
            case "flip":
                raw[place] ^= data.draw(st.integers(1, 255))
            case "cut":
                del raw[place : place + data.draw(st.integers(1, 20))]
            case "put":
                raw[place:place] = data.draw(st.binary(min_size=1, max_size=20))
            case "end":
                del raw[max(place, 1) :]
        raw = raw or bytearray(b"\0")
    judge(name, bytes(raw))


def header(**fields):
    """Return a tar's header with a right checksum, and ``raw`` fields put over it."""
    raw, info = fields.pop("raw", {}), tarfile.TarInfo("a.txt")
    for name, value in fields.items():
        setattr(info, name, value)
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    for place, data in raw.items():
        block[place : place + len(data)] = data
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def packed(data, **told):
    """Return a ZIP of one deflated entry, whose directory tells what is not so."""
    raw = bytearray(archive(**data))
    place = raw.index(b"PK\x01\x02")
    if "size" in told:
        struct.pack_into("<I", raw, place + 24, told["size"])
    return bytes(raw)


def entries(count):
    """Return a ZIP whose directory has so many entries of nothing."""
    entry = b"PK\x01\x02" + b"\0" * 42
    start = b"PK\x03\x04" + b"\0" * 26
    size, offset = len(entry) * count, len(start)
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, size, offset, 0
    )
    return start + entry * count + end  # fmt: skip


def picture(width, height):
    """Return a PNG that claims a size and holds nothing of it."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))  # fmt: skip

    claim = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", claim) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")  # fmt: skip


SPARSE = b"30 GNU.sparse.map=x,y,z,zzzzz\n22 GNU.sparse.size=9\n"
NEGATIVE = {124: b"\xff" * 12}
BROKEN_ODT = bytearray(
    archive(mimetype="application/vnd.oasis.opendocument.text" * 9, content_xml="<x/>")
)
BROKEN_ODT[50:60] = b"\xff" * 10

HOSTILE = {
    "a gzip of zeros": ("a.gz", gzip.compress(b"\0" * (300 << 20), 9), DangerousFile),
    "a gzip that ends too soon": ("a.gz", gzip.compress(b"hola" * 999)[:-9], DamagedFile),
    "a ZIP that tells of gigabytes": ("a.zip", packed({"a": "b"}, size=0xFFFFFFF0), DangerousFile),
    "a ZIP of a million entries": ("a.zip", entries(500_000), DangerousFile),
    "an ODT that cannot be unpacked": ("a.odt", bytes(BROKEN_ODT), DamagedFile),
    "a tar of endless entries": ("a.tar", header() * (ENTRIES + 2), DangerousFile),
    "a tar whose entry goes backwards": ("a.tar", header(raw=NEGATIVE) + header() * 3, DamagedFile),
    "a tar with holes nobody can read": (
        "a.tar", header(type=b"x", size=len(SPARSE)) + SPARSE.ljust(512, b"\0") + header(), None,
    ),
    "a tar of an entry as large as the world": (
        "a.tar",
        header(size=1 << 40) + b"x" * 512,
        DamagedFile,
    ),
    "a tar whose names go on for ever": (
        "a.tar",
        (header(type=b"L", size=512) + b"x" * 512) * 3_000,
        None,
    ),
    "a tar with a header of digits": (
        "a.tar",
        header(type=b"x", size=4 << 20) + b"1" * (4 << 20),
        None,
    ),
    "a picture without end": ("a.png", picture(65_000, 65_000), DangerousFile),
    "a picture of one endless line": ("a.png", picture(0x7FFFFFFF, 1), DangerousFile),
    "a picture of nothing": ("a.png", picture(4_000, 4_000), DamagedFile),
    "a PDF that is a ZIP too": ("a.pdf", PDF + archive(a="b"), DangerousFile),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_nothing_a_file_is_made_of_takes_more_than_a_moment_or_much_memory(judge, case):
    name, data, refusal = HOSTILE[case]
    # Processor time, with a generous bound: what this guards against has no end.
    begun = time.process_time()
    said = judge(name, data)
    assert time.process_time() - begun < 3
    assert refusal is None or isinstance(said, refusal), said
    tracemalloc.start()
    judge(name, data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 << 20


def test_an_archive_of_many_files_is_none_too_many(judge):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for number in range(2_000):
            opened.writestr(f"{number}.txt", "hola")
    assert judge("a.zip", stream.getvalue()) is KINDS["zip"]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tars_of_every_form_are_taken(judge, form):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as opened:
        for name in ("a.txt", "ñandú.txt", f"{'folder/' * 30}b.txt"):
            told = tarfile.TarInfo(name)
            told.size = 1_000
            opened.addfile(told, io.BytesIO(b"x" * 1_000))
    data = stream.getvalue()
    assert judge("a.tar", data) is KINDS["tar"]
    assert isinstance(judge("a.tar", data[: data.rindex(b"x") - 600]), DamagedFile)


def test_a_tar_of_a_file_with_holes_is_taken(judge, tmp_path):
    with (tmp_path / "holes").open("wb") as handle:
        for number in range(40):
            handle.seek(number << 16)
            handle.write(b"x" * 4_096)
    command = ["tar", "--create", "--sparse", "--format=gnu", f"--directory={tmp_path}", "holes"]
    data = subprocess.run(command, check=True, capture_output=True).stdout
    assert len(data) < 1 << 20
    assert judge("a.tar", data) is KINDS["tar"]
