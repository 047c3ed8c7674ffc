"""The files a mail brings, from when they are taken in until a message has them."""

import io
from dataclasses import dataclass, field
from typing import Any

from ..attachments import service as attachments
from ..database import execute
from ..errors import VentanillaError
from ..ids import new_id
from .incoming import Incoming as Letter

#: Files of one mail that are looked at; those beyond are named to its sender.
LOOKED_AT = 20


def passing(error: VentanillaError) -> bool:
    """Is it a part of ours that is away, rather than the mail that is at fault?"""
    return error.status >= 500


@dataclass
class Enclosed:
    """Files that wait for their message, and the names of those that were refused.

    They belong to this one try of taking the mail in: what an earlier one left, or what its sender
    has waiting in the window, does not count against them.
    """

    site_id: int
    ids: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    owner: str = field(default_factory=lambda: f"mail:{new_id()}")

    def take_in(self, letter: Letter) -> None:
        """Take the files in, by the same checks as any."""
        for file in letter.files[:LOOKED_AT]:
            try:
                source: Any = io.BytesIO(file.content)
                got = attachments.receive(self.site_id, self.owner, name=file.name, source=source)
                self.ids.append(got.id)
            except VentanillaError as error:
                if passing(error):
                    raise
                self.refused.append(file.name)
        self.refused += [file.name for file in letter.files[LOOKED_AT:]]

    def give(self, owner: str) -> list[str]:
        """Make them ``owner``'s, in the caller's transaction."""
        for file_id in self.ids:
            execute(
                "UPDATE attachment SET owner = ? WHERE site_id = ? AND id = ?",
                owner, self.site_id, file_id,
            )  # fmt: skip
        return self.ids

    def drop(self) -> None:
        """Remove them: the mail is taken in another time."""
        for file_id in self.ids:
            attachments.discard(self.site_id, self.owner, file_id)
