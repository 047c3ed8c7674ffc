"""The newest WordPress informs: what fails there is told, and stops nobody."""

import subprocess
import sys

from ..support.servers import ROOT

FAILING = """
import pytest
from tests.wordpress.versions import INFORMS

@pytest.fixture
def absent():
    raise RuntimeError("cannot be had now")

@INFORMS
def test_breaks(version):
    raise AssertionError("changed again")

@INFORMS
def test_is_absent(version, absent):
    pass
"""


def test_a_failure_on_the_newest_is_told_and_passes(tmp_path):
    (tmp_path / "test_newest.py").write_text(FAILING)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", tmp_path / "test_newest.py", "-q", "-p", "no:cacheprovider",
         "-p", "tests.conftest", "-c", ROOT / "pyproject.toml"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 xfailed" in done.stdout
    assert "changed again" in done.stdout
    assert "cannot be had now" in done.stdout
