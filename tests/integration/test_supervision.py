"""The supervisor of `make run` restarts programs that end, without limit."""

import os
import sys
from pathlib import Path

import pytest

from deploy.local import supervision as module
from deploy.local.environment import environment_of
from deploy.local.installation import read_installation
from deploy.local.ports import free_port
from deploy.local.problems import LocalProblem
from deploy.local.programs import Program, programs_of
from deploy.local.supervision import Supervision, configuration_of
from deploy.local.waiting import wait_until
from deploy.local.watch import watch
from tests.fixtures.system import PATIENCE


def test_a_killed_program_comes_back(tmp_path: Path) -> None:
    installation = read_installation({"MAIL_PORT": str(free_port())}, tmp_path)
    supervision = Supervision(tmp_path, programs_of(installation, None)[:1], environment_of(installation))
    try:
        supervision.start()
        supervision.run("mail")
        first = supervision.process_ids()["mail"]

        os.kill(first, 9)

        wait_until(lambda: supervision.process_ids()["mail"] not in (0, first), PATIENCE, "It did not come back.")
    finally:
        supervision.stop()


def test_a_percent_sign_in_a_path_survives_the_configuration(tmp_path: Path) -> None:
    written = configuration_of(tmp_path / "100%", tmp_path / "socket", [])

    assert "100%%" in written


def test_a_program_that_was_given_up_runs_once_its_cause_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_TRIES", 0)
    cause_is_gone = tmp_path / "cause-is-gone"
    work = f"import os, time; os.path.exists({str(cause_is_gone)!r}) and time.sleep(600)"
    supervision = Supervision(tmp_path, [Program("api", [sys.executable, "-c", work])], os.environ)
    try:
        supervision.start()
        supervision.run("api")
        wait_until(lambda: supervision.states()["api"] == "FATAL", PATIENCE, "It was not given up.")
        cause_is_gone.touch()

        assert supervision.run_given_up() == ["api"]

        wait_until(lambda: supervision.states()["api"] == "RUNNING", PATIENCE, "It does not run.")
        assert supervision.run_given_up() == []
    finally:
        supervision.stop()


def test_the_message_about_a_supervisor_that_ended_names_the_log_of_this_run(tmp_path: Path) -> None:
    log = tmp_path / "log" / "supervisord.log"

    with pytest.raises(LocalProblem, match=f"see the last lines of {log}"):
        watch(Supervision(tmp_path, [], os.environ))
