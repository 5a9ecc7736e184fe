"""RUN_FOLDER: `make reset` never deletes a folder that holds other files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.problems import LocalProblem
from deploy.local.run_folder import CREDENTIALS, run_folder
from tests.fixtures.system import PATIENCE, ROOT


@pytest.fixture
def foreign_folder(tmp_path: Path) -> Path:
    (tmp_path / "thesis.txt").write_text("Chapter 1")
    return tmp_path


def test_a_new_folder_an_empty_one_and_one_of_ours_are_taken(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    assert run_folder({"RUN_FOLDER": str(tmp_path / "new")}) == tmp_path / "new"
    assert run_folder({"RUN_FOLDER": str(ours)}) == ours

    (ours / CREDENTIALS).write_text("{}")
    (ours / "data").mkdir()

    assert run_folder({"RUN_FOLDER": str(ours)}) == ours


def test_a_folder_with_something_else_in_it_is_refused_with_the_way_out(foreign_folder: Path) -> None:
    with pytest.raises(LocalProblem, match=r"holds something other.*set RUN_FOLDER to a new or empty folder"):
        run_folder({"RUN_FOLDER": str(foreign_folder)})


@pytest.mark.parametrize("command", ["reset", "run"])
def test_no_command_touches_a_foreign_folder(foreign_folder: Path, command: str) -> None:
    environment = {**os.environ, "RUN_FOLDER": str(foreign_folder)}

    ended = subprocess.run(
        [sys.executable, "-m", f"deploy.local.{command}"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )

    assert ended.returncode != 0
    assert "holds something other" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    assert [file.name for file in foreign_folder.iterdir()] == ["thesis.txt"]
