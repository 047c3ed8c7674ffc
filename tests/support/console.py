"""An agent's browser, signed in to the console."""

import itertools
from typing import Any

_keys = itertools.count(1)


class AgentBrowser:
    """Sends forms as the console's own pages do."""

    def __init__(self, client: Any, record: Any) -> None:
        self.client, self.record = client, record

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(f"/console{path}", **options)

    def post(self, path: str, **form: Any) -> Any:
        return self.client.post(
            f"/console{path}",
            data=form,
            headers={"Sec-Fetch-Site": "same-origin"},
            content_type="multipart/form-data",
        )

    def part(self, path: str, **form: Any) -> Any:
        """Send a form as the page's script does, which swaps a part of the page."""
        headers = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true"}
        return self.client.post(f"/console{path}", data=form, headers=headers)

    def reply(self, site: Any, number: int, body: str, **form: Any) -> Any:
        values = {"body": body, "kind": "reply", "key": f"console-key-{next(_keys):06}"} | form
        return self.post(f"/tickets/{site.key}/{number}/messages", **values)
