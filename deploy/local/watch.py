import time
from xmlrpc.client import Error

from deploy.local.problems import LocalProblem
from deploy.local.steps import say
from deploy.local.supervision import GIVEN_UP, Supervision


def watch(supervision: Supervision) -> None:
    """Until Ctrl-C: tells when a program ended and was started again."""
    known = supervision.process_ids()
    try:
        while supervision.is_alive():
            time.sleep(1)
            now = supervision.process_ids()
            for name in sorted(name for name in now if now[name] != known.get(name)):
                _tell(name, supervision, now[name])
            known = now
    except KeyboardInterrupt:
        say("")
        return
    except (Error, OSError):
        pass
    raise LocalProblem(
        "The supervisor ended by itself: its last words are in .local/run/log/supervisord.log; run again."
    )


def _tell(name: str, supervision: Supervision, process_id: int) -> None:
    clock = time.strftime("%H:%M:%S")
    if process_id:
        say(f"  {clock} '{name}' had ended and runs again (process {process_id})")
    elif supervision.states()[name] in GIVEN_UP:
        say(f"  {clock} '{name}' ends again and again and was given up: see its log")
