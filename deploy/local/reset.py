"""`make reset`: forgets the data, credentials and logs of the local run. What was built is kept."""

import shutil
import sys

from deploy.local.leftovers import end_leftovers
from deploy.local.one_at_a_time import alone_in
from deploy.local.places import RUN_FOLDER
from deploy.local.problems import LocalProblem


def main() -> int:
    try:
        with alone_in(RUN_FOLDER):
            end_leftovers(RUN_FOLDER, RUN_FOLDER / "postgres")
            if RUN_FOLDER.exists():
                shutil.rmtree(RUN_FOLDER)
    except LocalProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    print("Forgotten. The next 'make run' begins with an empty system and new passwords.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
