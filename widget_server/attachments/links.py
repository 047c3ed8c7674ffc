"""Short-lived addresses of files: one file, one variant, ten minutes."""

from typing import Any

from ..errors import NotFound, Unauthenticated
from ..identity.tokens import Tokens
from .models import Attachment

TTL = 600
PURPOSE = "file"


class FileLinks:
    """Signs and reads the token in ``/files/<token>``."""

    def __init__(self, secrets: list[str], server: str) -> None:
        self._tokens = Tokens(secrets, PURPOSE)
        self._server = server

    def url(self, site_id: int, file_id: str, *, preview: bool = False) -> str:
        return f"{self._server}/files/{self._tokens.issue([site_id, file_id, int(preview)])}"

    def read(self, token: str) -> tuple[int, str, bool]:
        """Return ``(site_id, file_id, preview)``; a stale or forged link leads nowhere."""
        try:
            site_id, file_id, preview = self._tokens.read(token, ttl=TTL)
        except Unauthenticated as error:
            raise NotFound("This link has expired. Open the ticket again.") from error
        return site_id, file_id, bool(preview)

    def view(self, attachment: Attachment) -> dict[str, Any]:
        """Return what a reader of the message may know about the file."""
        preview = attachment.preview_at is not None
        return {
            "id": attachment.id,
            "name": attachment.name,
            "size": attachment.size,
            "type": attachment.type,
            "kind": attachment.kind,
            "url": self.url(attachment.site_id, attachment.id),
            "preview_url": self.url(attachment.site_id, attachment.id, preview=True)
            if preview
            else None,
        }
