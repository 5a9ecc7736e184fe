"""Finds the tools that build and run the engine, or reports in one sentence what is missing."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from deploy.local.problems import LocalProblem

MIN_JAVA = 17


def java() -> str:
    program = _java_tool("java")
    if program is None:
        raise LocalProblem(
            f"The workflow engine needs Java {MIN_JAVA} or newer, and none is installed: install a JDK "
            "(on Debian and Ubuntu: apt-get install openjdk-17-jdk-headless maven), "
            "or set ENGINE_URL to an engine that runs elsewhere."
        )
    version = _version_of(program)
    if version < MIN_JAVA:
        raise LocalProblem(
            f"The workflow engine needs Java {MIN_JAVA} or newer, but {program} is Java {version}: "
            "install a newer JDK or point JAVA_HOME at it."
        )
    return program


def maven() -> str:
    """Finds Maven and the Java compiler that it needs; called only when the engine must be built."""
    java()
    if _java_tool("javac") is None:
        raise LocalProblem(
            "Java is installed without its compiler (javac), which the build of the engine needs: "
            "install the JDK (on Debian and Ubuntu: apt-get install openjdk-17-jdk-headless)."
        )
    program = shutil.which("mvn")
    if program is None:
        raise LocalProblem(
            "The workflow engine is built with Maven (mvn), which is not installed: install it "
            "(on Debian and Ubuntu: apt-get install maven), or set ENGINE_URL to an engine that runs elsewhere."
        )
    return program


def _java_tool(name: str) -> str | None:
    home = os.environ.get("JAVA_HOME")
    if home:
        return shutil.which(name, path=Path(home) / "bin")
    return shutil.which(name)


def _version_of(program: str) -> int:
    found = re.search(r'version "(?:1\.)?(\d+)', version_text(program))
    if found is None:
        raise LocalProblem(f"{program} reports no version: reinstall the JDK or point JAVA_HOME at another one.")
    return int(found[1])


@cache
def version_text(program: str) -> str:
    said = subprocess.run([program, "-version"], capture_output=True, text=True)
    return said.stderr + said.stdout
