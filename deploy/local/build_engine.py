"""Builds the engine before the tests, so a failing build prints one sentence instead of failing fixtures."""

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
