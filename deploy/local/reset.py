"""`make reset`: deletes the data, credentials and logs of the local run. Keeps the built engine."""

import shutil
import sys

from deploy.local.leftovers import end_leftovers
from deploy.local.one_at_a_time import alone_in
from deploy.local.problems import LocalProblem
from deploy.local.run_folder import run_folder


def main() -> int:
    try:
        folder = run_folder()
        with alone_in(folder):
            end_leftovers(folder, folder / "postgres")
            if folder.exists():
                shutil.rmtree(folder)
    except LocalProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    print("Deleted. The next 'make run' begins with an empty system and new passwords.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
