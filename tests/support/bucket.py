"""A real S3 server of our own: it checks signatures and keeps every object on disk."""

import os
import sys
from pathlib import Path
from typing import Any

from widget_server.attachments import bucket

from .servers import Part, free_port, wait_until

KEY, SECRET = "test-key", "test-secret-of-the-bucket"


class BucketServer(Part):
    """nanio with one bucket; what it took outlives a kill."""

    def __init__(self, folder: Path, name: str = "files") -> None:
        self.folder, self.name, self.port = folder, name, free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        return {
            "FILES_URL": f"s3://{self.name}/desk",
            "FILES_ENDPOINT": self.url,
            "FILES_REGION": "us-east-1",
            "FILES_KEY": KEY,
            "FILES_SECRET": SECRET,
        }

    def client(self) -> Any:
        return bucket.client(self.settings)

    def stored(self) -> set[str]:
        """Return what lies in the bucket."""
        listed = self.client().list_objects_v2(Bucket=self.name)
        return {each["Key"] for each in listed.get("Contents", ())}

    def start(self) -> "BucketServer":
        (self.folder / self.name).mkdir(parents=True, exist_ok=True)
        options = ("--port", str(self.port), "--log-level", "error", "--no-access-log")
        place = ("--host", "127.0.0.1", "--data-dir", str(self.folder))
        keys = {"NANIO_ACCESS_KEY": KEY, "NANIO_SECRET_KEY": SECRET}
        program = (sys.executable, "-m", "nanio", "serve")
        self.run(*program, *place, *options, log=self.folder / ".log", env=os.environ | keys)
        wait_until(self._answers, "the bucket")
        return self

    def _answers(self) -> bool:
        try:
            self.client().head_bucket(Bucket=self.name)
        except Exception:
            return False
        return True
