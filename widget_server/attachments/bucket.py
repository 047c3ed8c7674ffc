"""Files in a bucket: Amazon's S3 or anything that speaks it. Needs the extra ``[s3]``.

Stores differ in what they check, so nothing is left to them: the size is compared after every
upload, the digest goes with every piece, and every object says of itself that it is a download of
unknown type, whatever it is.
"""

import hashlib
import io
import logging
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from ..clock import utcnow
from ..errors import Unavailable
from ..ids import new_id
from .names import disposition
from .storage import CHUNK, Anteroom, Received

log = logging.getLogger(__name__)

#: A larger file goes up in pieces of this size; stores take none under 5 MB but the last.
PIECE = 8 << 20

#: Seconds an address handed to a browser is good for: it is followed at once.
ADDRESS_TTL = 60

#: What every object is called by the store, should anybody ever ask it directly.
HARMLESS = {"ContentType": "application/octet-stream", "ContentDisposition": "attachment"}


class BucketAway(Unavailable):
    message = "Files cannot be reached right now. Try again in a minute."


@contextmanager
def asking() -> Iterator[None]:
    """What the store refuses or never answers becomes an error of ours."""
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

    try:
        yield
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise FileNotFoundError(str(error)) from error
        log.warning("The file store refused: %s", error)
        raise BucketAway() from error
    except (BotoCoreError, HTTPClientError) as error:
        log.warning("The file store did not answer: %s", error)
        raise BucketAway() from error


def client(settings: Mapping[str, Any]) -> Any:
    """Return boto3's client; keys that are not set come from where boto3 looks itself."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=settings["FILES_ENDPOINT"] or None,
        region_name=settings["FILES_REGION"],
        aws_access_key_id=settings["FILES_KEY"] or None,
        aws_secret_access_key=settings["FILES_SECRET"] or None,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            # Newer checksums are refused by many stores; ours go as Content-MD5.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=3,
            read_timeout=20,
            retries={"total_max_attempts": 2, "mode": "standard"},
        ),
    )


class BucketStorage(Anteroom):
    """Keeps each file as ``prefix/xx/ID`` and its preview beside it as ``ID.webp``."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(Path(settings["FILES_DIR"]))
        parts = urlsplit(settings["FILES_URL"])
        self.bucket, prefix = parts.netloc, parts.path.strip("/")
        self.prefix = f"{prefix}/" if prefix else ""
        self.client = client(settings)
        self.handed_out = settings["FILES_DOWNLOADS"] == "presigned"

    def key(self, file_id: str, *, preview: bool = False) -> str:
        return f"{self.prefix}{file_id[-2:]}/{file_id}{'.webp' * preview}"

    def keep(self, received: Received, file_id: str) -> None:
        self._send(received.path, self.key(file_id))

    def keep_preview(self, picture: Path, file_id: str) -> None:
        self._send(picture, self.key(file_id, preview=True))
        picture.unlink()

    def open(self, file_id: str, *, preview: bool = False) -> BinaryIO:
        return cast(BinaryIO, ObjectFile(self, self.key(file_id, preview=preview)))

    @contextmanager
    def at_hand(self, file_id: str) -> Iterator[Path]:
        copy = self.spare(f"{file_id}.{new_id()}")
        try:
            with self.open(file_id) as source, copy.open("wb") as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def address(self, file_id: str, name: str) -> str | None:
        if not self.handed_out:
            return None
        asked = self._place(self.key(file_id)) | {
            "ResponseContentType": HARMLESS["ContentType"],
            "ResponseContentDisposition": disposition("attachment", name),
        }
        signed = self.client.generate_presigned_url("get_object", asked, ExpiresIn=ADDRESS_TTL)
        return str(signed)

    @asking()
    def remove(self, file_id: str) -> None:
        for preview in (False, True):
            self.client.delete_object(**self._place(self.key(file_id, preview=preview)))

    def older(self, seconds: float) -> Iterator[str]:
        before = utcnow() - timedelta(seconds=seconds)
        for each in self._listed("list_objects_v2", "Contents"):
            if each["LastModified"] < before:
                yield each["Key"].rpartition("/")[2].removesuffix(".webp")

    def tidy(self, seconds: float) -> None:
        super().tidy(seconds)
        before = utcnow() - timedelta(seconds=seconds)
        for each in self._listed("list_multipart_uploads", "Uploads"):
            if each["Initiated"] < before:
                self._abort(self._place(each["Key"]) | {"UploadId": each["UploadId"]})

    def _listed(self, act: str, what: str) -> Iterator[dict[str, Any]]:
        with asking():
            pages = self.client.get_paginator(act)
            for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix):
                yield from page.get(what, ())

    def _place(self, key: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": key}

    @asking()
    def _send(self, path: Path, key: str) -> None:
        size = path.stat().st_size
        with path.open("rb") as handle:
            if size <= PIECE:
                piece = handle.read()
                self.client.put_object(**self._place(key), **_body(piece), **HARMLESS)
            else:
                self._send_in_pieces(handle, self._place(key))
        arrived = self.client.head_object(**self._place(key))["ContentLength"]
        if arrived != size:
            self.client.delete_object(**self._place(key))
            log.error("The file store kept %s of %s bytes of %s", arrived, size, key)
            raise BucketAway()

    def _send_in_pieces(self, handle: BinaryIO, place: dict[str, str]) -> None:
        begun = self.client.create_multipart_upload(**place, **HARMLESS)
        place = place | {"UploadId": begun["UploadId"]}
        parts: list[dict[str, Any]] = []
        try:
            while piece := handle.read(PIECE):
                number = len(parts) + 1
                sent = self.client.upload_part(**place, PartNumber=number, **_body(piece))
                parts.append({"PartNumber": number, "ETag": sent["ETag"]})
            self.client.complete_multipart_upload(**place, MultipartUpload={"Parts": parts})
        except BaseException:
            self._abort(place)
            raise

    def _abort(self, place: dict[str, str]) -> None:
        # Should it be away too, :meth:`tidy` looks again tomorrow.
        with suppress(BucketAway, FileNotFoundError), asking():
            self.client.abort_multipart_upload(**place)


class ObjectFile(io.RawIOBase):
    """An object read as a file; going to another place in it is another request."""

    def __init__(self, home: BucketStorage, key: str) -> None:
        self._home, self._key = home, key
        self._at, self._body = 0, None
        self._ask()

    @asking()
    def _ask(self) -> None:
        span = {"Range": f"bytes={self._at}-"} if self._at else {}
        found = self._home.client.get_object(**self._home._place(self._key), **span)
        self._body = found["Body"]
        self.size = self._at + found["ContentLength"]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if at != self._at:
            self._at = at
            self._drop()
        return at

    @asking()
    def readinto(self, buffer: Any) -> int:
        if self._at >= self.size:
            return 0
        if self._body is None:
            self._ask()
        piece = self._body.read(len(buffer))  # type: ignore[attr-defined]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._drop()
        super().close()

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


def _body(piece: bytes) -> dict[str, Any]:
    digest = hashlib.md5(piece, usedforsecurity=False).digest()
    return {"Body": piece, "ContentMD5": b64encode(digest).decode()}
