"""`make run`: the whole system on this machine, in the foreground, until Ctrl-C."""

import signal
import sys
import time
from pathlib import Path

from deploy.local import class_archive, steps
from deploy.local.bring_up import bring_up
from deploy.local.command import write_command
from deploy.local.engine_build import built_engine
from deploy.local.environment import environment_of
from deploy.local.installation import Installation, read_installation
from deploy.local.leftovers import end_leftovers
from deploy.local.one_at_a_time import alone_in
from deploy.local.problems import LocalProblem
from deploy.local.programs import programs_of
from deploy.local.run_folder import run_folder
from deploy.local.supervision import Supervision
from deploy.local.watch import watch
from deploy.local.welcome import welcome


def main() -> int:
    # SIGINT too: a shell without job control starts background programs with SIGINT ignored.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    try:
        folder = run_folder()
        with alone_in(folder):
            _run(read_installation(folder=folder))
    except LocalProblem as problem:
        print(f"\n{problem}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        steps.say("Stopped before everything was up.")
        return 130
    return 0


def _run(installation: Installation) -> None:
    started = time.monotonic()
    steps.say(f"Order service: starting on this machine (data and logs in {installation.folder})")
    jar = _prepare(installation)
    environment = environment_of(installation)
    supervision = Supervision(installation.folder, programs_of(installation, jar), environment)
    try:
        supervision.start()
        bring_up(supervision, installation, environment)
        write_command(installation, environment)
        steps.say(f"\nUp after {time.monotonic() - started:.0f} s. Ctrl-C stops everything and keeps the data.\n")
        steps.say(welcome(installation, environment))
        watch(supervision)
        _ignore_further_signals()
        _keep_what_java_learned(supervision, jar)
    finally:
        _stop(supervision, installation)


def _prepare(installation: Installation) -> Path | None:
    ended = end_leftovers(installation.folder, installation.data)
    if ended:
        steps.say(f"  Ended {ended} programs that a killed run had left behind.")
    installation.require_free_ports()
    jar = None
    if installation.engine_url is None:
        with steps.step("Workflow engine is built"):
            jar = built_engine(steps.say)
    for folder in (installation.metrics, installation.log("").parent):
        folder.mkdir(parents=True, exist_ok=True)
    # Counters of ended processes would be added to the current ones.
    for stale in installation.metrics.iterdir():
        stale.unlink()
    return jar


def _keep_what_java_learned(supervision: Supervision, jar: Path | None) -> None:
    """Writes the archive when the run ends: the engine stops while it writes, which would delay a start or an order."""
    if jar is None or not class_archive.is_missing(jar) or not supervision.process_ids()["engine"]:
        return
    with steps.step("Java's archive of the engine's classes is written (later starts are quicker)"):
        class_archive.write_archive(jar, supervision.process_ids()["engine"])


def _ignore_further_signals() -> None:
    """A second Ctrl-C must not leave programs running."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)


def _stop(supervision: Supervision, installation: Installation) -> None:
    _ignore_further_signals()
    steps.say("Stopping all programs")
    supervision.stop()
    end_leftovers(installation.folder, installation.data)
    steps.say("Stopped; the next 'make run' continues with the same data.")


if __name__ == "__main__":
    sys.exit(main())
