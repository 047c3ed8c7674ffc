"""Which Node runs our scripts? The one `make` set up beside the environment, else the system's."""

import shutil

from .servers import ROOT


def node() -> str:
    beside = ROOT / ".venv/node/bin/node"
    found = str(beside) if beside.exists() else shutil.which("node")
    if not found:
        raise RuntimeError("Node is missing: run `make build`.")
    return found
