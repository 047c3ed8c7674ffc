"""The built widget: where the panel, its languages and the loader are."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "static" / "widget"

#: The loader's one hole, filled with the site's public configuration.
HOLE = "__VENTANILLA_SITE__"


class NotBuilt(Exception):
    """The widget's files are missing."""

    def __init__(self) -> None:
        super().__init__("The widget is not built. Run `make build`, or install the wheel.")


class Assets:
    """Reads the build's manifest, again when it changed, so a rebuild needs no restart."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self._seen: tuple[int, dict[str, Any]] | None = None

    def manifest(self) -> dict[str, Any]:
        """Return ``{"panel": url path, "lang": {code: url path}, "labels": {code: text}}``."""
        try:
            changed = (self.folder / "manifest.json").stat().st_mtime_ns
        except FileNotFoundError as error:
            raise NotBuilt from error
        if self._seen is None or self._seen[0] != changed:
            built = json.loads((self.folder / "manifest.json").read_text())
            self._seen = (
                changed,
                {
                    "panel": f"/w/assets/{built['panel']}",
                    "lang": {code: f"/w/assets/{name}" for code, name in built["lang"].items()},
                    "labels": built["labels"],
                },
            )
        return self._seen[1]

    def loader(self) -> str:
        return (self.folder / "loader.js").read_text()
