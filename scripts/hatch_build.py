"""Put the built widget into the wheel, building it first if it is not there."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WidgetHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if version == "editable" or (root / "widget_server/static/widget/manifest.json").exists():
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError("The widget is not built and npm is missing: run `make build`.")
        for command in (["ci"], ["run", "build"]):
            subprocess.run([npm, *command], cwd=root / "widget_js", check=True)
