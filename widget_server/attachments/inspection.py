"""What is this file really? Judged by its bytes; the name only has to agree."""

import os
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import filetype

from ..errors import Invalid


class EmptyFile(Invalid):
    code, message = "empty_file", "This file is empty."


class DamagedFile(Invalid):
    code, message = "damaged_file", "This file is damaged or not what its name says."


class DangerousFile(Invalid):
    code, message = "dangerous_file", "This file could do harm and was not kept."


class UnsupportedFile(Invalid):
    code = "unsupported_file"
    message = "Send images, Word, PDF or archives."


@dataclass(frozen=True)
class Kind:
    """What a file is: the group people think in, its media type and the endings it goes by."""

    group: str
    type: str
    endings: tuple[str, ...]


KINDS = {
    "png": Kind("image", "image/png", (".png",)),
    "jpg": Kind("image", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif")),
    "gif": Kind("image", "image/gif", (".gif",)),
    "webp": Kind("image", "image/webp", (".webp",)),
    "pdf": Kind("pdf", "application/pdf", (".pdf",)),
    "doc": Kind("word", "application/msword", (".doc",)),
    "docx": Kind(
        "word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (".docx",),
    ),
    "odt": Kind("word", "application/vnd.oasis.opendocument.text", (".odt",)),
    "rtf": Kind("word", "application/rtf", (".rtf",)),
    "zip": Kind("archive", "application/zip", (".zip",)),
    "7z": Kind("archive", "application/x-7z-compressed", (".7z",)),
    "rar": Kind("archive", "application/vnd.rar", (".rar",)),
    "gz": Kind("archive", "application/gzip", (".gz", ".tgz")),
    "tar": Kind("archive", "application/x-tar", (".tar",)),
}

ENDINGS = {ending for kind in KINDS.values() for ending in kind.endings}

#: Pixels an image may unfold to; 50 megapixels is beyond any phone's camera.
PIXELS = 50_000_000

#: An archive may unpack to this many bytes, this many times its size, in this many entries.
UNPACKED, RATIO, ENTRIES = 2 << 30, 200, 20_000

#: Small archives compress well without being bombs.
RATIO_FROM = 10 << 20

PROGRAMS = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"#!", "a script"),
)
MARKUP = (b"<script", b"<html", b"<!doctype", b"<?php", b"<svg", b"<iframe", b"<?xml")
HEAD, TAIL = 1_024, 66_000

#: Bytes in which a tar is counted.
BLOCK = 512


def inspect(path: Path, name: str, size: int) -> Kind:
    """Return what the file at ``path`` is, or raise what is wrong with it.

    Raises :exc:`EmptyFile`, :exc:`UnsupportedFile`, :exc:`DamagedFile` or :exc:`DangerousFile`.
    """
    if size == 0:
        raise EmptyFile()
    with path.open("rb") as handle:
        head = handle.read(8_192)
        handle.seek(max(size - TAIL, 0))
        tail = handle.read()
    ending = Path(name).suffix.lower()
    for magic, what in PROGRAMS:
        if head.startswith(magic):
            raise UnsupportedFile(
                f"This file is {what} ({ending or 'no extension'}). "
                "Send images, Word, PDF or archives."
            )
    kind = _guess(path, head)
    # Spreadsheets, slides and books are archives, too, and not damaged for that.
    if kind is None or (kind is KINDS["zip"] and ending not in {"", *ENDINGS}):
        raise UnsupportedFile(
            f"{ending or 'This kind of file'} is not accepted. Send images, Word, PDF or archives."
        )
    if ending not in kind.endings:
        raise DamagedFile(
            f"The name ends in {ending or 'nothing'}, but the content is {kind.endings[0]}."
        )
    _refuse_two_in_one(kind, head, tail)
    if kind.group == "image":
        _check_image(path)
    elif kind.endings[0] in {".zip", ".docx", ".odt"}:
        _check_zip(path, size)
    elif kind.endings[0] in {".tar", ".gz"}:
        _check_stream(path, size, kind.endings[0])
    return kind


def _guess(path: Path, head: bytes) -> Kind | None:
    if head.startswith(b"{\\rtf"):
        return KINDS["rtf"]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _guess_zip(path)
    found = filetype.guess(head)
    return KINDS.get({"jpe": "jpg"}.get(found.extension, found.extension)) if found else None


def _guess_zip(path: Path) -> Kind:
    import zlib

    _refuse_crowd(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:ENTRIES])
            if "[Content_Types].xml" in names and any(n.startswith("word/") for n in names):
                if any(name.endswith("vbaProject.bin") for name in names):
                    raise DangerousFile("This document carries macros. Send it without them.")
                return KINDS["docx"]
            if {"mimetype", "content.xml"} <= names and _is_plain(archive, "mimetype"):
                with archive.open("mimetype") as entry:
                    declared = entry.read(100)
                if declared.strip() == KINDS["odt"].type.encode():
                    return KINDS["odt"]
            if {"META-INF/MANIFEST.MF", "AndroidManifest.xml"} & names:
                raise UnsupportedFile("This file is a program. Send images, Word, PDF or archives.")
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        RuntimeError,
        EOFError,
        KeyError,
        zlib.error,
    ) as error:
        raise DamagedFile("This archive cannot be opened.") from error
    return KINDS["zip"]


def _refuse_crowd(path: Path) -> None:
    """Count what the directory of a ZIP could hold before zipfile makes an object of each."""
    count, last = 0, b""
    with path.open("rb") as handle:
        while piece := handle.read(1 << 20):
            count += (last + piece).count(b"PK\x01\x02")
            last = piece[-3:]
    _refuse_bomb(0, 0, count)


def _is_plain(archive: zipfile.ZipFile, name: str) -> bool:
    """Can it be read without the memory rarer methods may ask for?"""
    return archive.getinfo(name).compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def _refuse_two_in_one(kind: Kind, head: bytes, tail: bytes) -> None:
    """A polyglot is valid as two things at once; one of them is meant for somebody else."""
    start = head[:HEAD].lower()
    if kind.group in {"image", "pdf"} and b"PK\x05\x06" in tail:
        raise DangerousFile("This file is an archive inside another file.")
    if kind.group != "pdf" and b"%pdf-" in start:
        raise DangerousFile("This file is a PDF inside another file.")
    markup = start if kind.group in {"image", "pdf"} else start[:64]
    if any(mark in markup for mark in MARKUP[: -1 if kind.group == "image" else None]):
        raise DangerousFile("This file carries a web page inside.")


def _check_image(path: Path) -> None:
    from PIL import Image  # Only whoever is sent a picture needs it.

    try:
        # Opened here: Pillow leaves a file open that it refuses.
        with path.open("rb") as handle, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(handle) as image:
                if image.width * image.height > PIXELS:
                    raise DangerousFile(
                        f"This image is {image.width} by {image.height} pixels; "
                        f"{PIXELS // 1_000_000} megapixels are the most."
                    )
                image.load()
    except DangerousFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DangerousFile("This image unfolds to far too many pixels.") from error
    except Exception as error:  # Pillow's decoders raise nearly anything on damaged files.
        raise DamagedFile("This image cannot be shown; it is damaged.") from error


def _check_zip(path: Path, size: int) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DamagedFile("This archive cannot be opened.") from error
    _refuse_bomb(sum(entry.file_size for entry in entries), size, len(entries))


def _check_stream(path: Path, size: int, ending: str) -> None:
    """Unpack a gzip in small pieces, counting; list a tar without unpacking it."""
    import gzip
    import zlib

    unpacked = 0
    try:
        if ending == ".tar":
            with path.open("rb") as handle:
                _walk_tar(handle, size)
            return
        with gzip.open(path) as stream:
            while piece := stream.read(1 << 20):
                unpacked += len(piece)
                _refuse_bomb(unpacked, size, 1)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise DamagedFile("This archive cannot be opened.") from error


def _walk_tar(handle: BinaryIO, size: int) -> None:
    """Go from header to header, reading sizes only; raise :exc:`ValueError` for a damaged one.

    ``tarfile`` reads all of a header, and some that are made for it keep it busy for minutes.
    """
    entries = 0
    while (block := handle.read(BLOCK)).strip(b"\0"):
        plain = block[:148] + b" " * 8 + block[156:]
        wrong = sum(plain) - _octal(block[148:156])
        # Some old programs took bytes for signed.
        if len(block) < BLOCK or (wrong and wrong != sum(each > 127 for each in plain) << 8):
            raise ValueError("no header")
        entries += 1
        _refuse_bomb(0, size, entries)
        # The map of a file with holes may go on in blocks of its own.
        more = block[482:483] if block[156:157] == b"S" else b""
        while more.strip(b"\0"):
            more = handle.read(BLOCK)[504:505]
        stored = max(_octal(block[124:136]), 0)
        handle.seek(-(-stored // BLOCK) * BLOCK, os.SEEK_CUR)
        if handle.tell() > size:
            raise ValueError("it ends before its last file")


def _octal(field: bytes) -> int:
    """Read a number of a header: in octal digits or, if it is large, in bytes."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    return int(field.strip(b" \0") or b"0", 8)


def _refuse_bomb(unpacked: int, size: int, entries: int) -> None:
    too_dense = unpacked > RATIO_FROM and unpacked > size * RATIO
    if unpacked > UNPACKED or too_dense or entries > ENTRIES:
        raise DangerousFile("This archive unpacks to far more than its size.")
