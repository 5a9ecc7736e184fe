"""Builds the engine ahead of the tests, so that a failing build is one sentence and no failing fixture."""

import sys

from deploy.local.engine_build import built_engine
from deploy.local.problems import LocalProblem


def main() -> int:
    try:
        print(f"The workflow engine is built: {built_engine()}")
    except LocalProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
