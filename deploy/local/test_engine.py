"""Runs the Java tests of the engine; Maven prints what failed."""

import subprocess
import sys

from deploy.local.engine_build import maven_command
from deploy.local.places import ENGINE_BUILDS, ENGINE_SOURCES


def main() -> int:
    ENGINE_BUILDS.mkdir(parents=True, exist_ok=True)
    return subprocess.run([*maven_command(ENGINE_BUILDS / "test", "test"), "--quiet"], cwd=ENGINE_SOURCES).returncode


if __name__ == "__main__":
    sys.exit(main())
