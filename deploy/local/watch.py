import time
from xmlrpc.client import Error

from deploy.local.problems import LocalProblem
from deploy.local.steps import say
from deploy.local.supervision import Supervision


def watch(supervision: Supervision) -> None:
    """Runs until Ctrl-C: reports restarted programs, and restarts those that the supervisor has given up on."""
    try:
        known = supervision.process_ids()
        while supervision.is_alive():
            time.sleep(1)
            now = supervision.process_ids()
            for name in sorted(name for name in now if now[name] != known.get(name) and now[name]):
                _tell(f"'{name}' ended and was restarted (process {now[name]})")
            for name in supervision.run_given_up():
                _tell(f"'{name}' keeps ending right after its start and is started again: see its log")
            known = now
    except KeyboardInterrupt:
        say("")
        return
    except (Error, OSError):
        pass
    log = supervision.folder / "log" / "supervisord.log"
    raise LocalProblem(f"The supervisor ended unexpectedly: see the last lines of {log}, then run again.")


def _tell(what: str) -> None:
    say(f"  {time.strftime('%H:%M:%S')} {what}")
