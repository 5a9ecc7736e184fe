"""Runs of the tests side by side must not share the root of their temporary folders (see tests/conftest.py)."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import TEMPORARY_ROOT
from tests.fixtures.system import ROOT

PRINTS_ITS_ROOT = """
def test_root(tmp_path):
    print(f"root={tmp_path.parents[2]}")
"""


def test_another_run_has_its_own_root_and_removes_it(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != TEMPORARY_ROOT}
    (tmp_path / "test_root.py").write_text(PRINTS_ITS_ROOT)

    run = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "tests.conftest", str(tmp_path / "test_root.py")]
    output = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout

    [root] = [Path(line.removeprefix("root=")) for line in output.splitlines() if line.startswith("root=")]
    assert root != Path(os.environ[TEMPORARY_ROOT])
    assert not root.exists()
