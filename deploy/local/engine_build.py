"""Builds the engine with Maven once per version of its sources; the demo and the tests share the result."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from deploy.local.java import java, maven
from deploy.local.places import ENGINE_BUILDS, ENGINE_SOURCES
from deploy.local.problems import LocalProblem

JAR = "engine.jar"
BROKEN_DOWNLOAD = ("Could not transfer", "Could not resolve", "Unresolveable", "Non-resolvable", "Checksum validation")


def built_engine(
    say: Callable[[str], None] = print, builds: Path = ENGINE_BUILDS, sources: Path = ENGINE_SOURCES
) -> Path:
    """Returns the jar to run, with its libraries unpacked beside it. Concurrent callers wait for the first build."""
    target = builds / _fingerprint(sources)
    if not (target / JAR).exists():
        builds.mkdir(parents=True, exist_ok=True)
        with FileLock(builds / "build.lock"):
            if not (target / JAR).exists():
                say("Building the workflow engine with Maven (first time: about a minute, 60 MB of downloads)")
                _build(sources, builds, target)
    return target / JAR


def _fingerprint(sources: Path) -> str:
    digest = hashlib.sha256()
    for file in [sources / "pom.xml", *sorted((sources / "src").rglob("*"))]:
        if file.is_file():
            content = file.read_bytes()
            digest.update(f"{file.relative_to(sources).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()[:16]


def _build(sources: Path, builds: Path, target: Path) -> None:
    output, unpacked = builds / "target", builds / "unpacked"
    for leftover in (output, unpacked, target):
        shutil.rmtree(leftover, ignore_errors=True)
    _run_maven(sources, output, builds / "build.log")
    _unpack(output / JAR, unpacked)
    # The rename comes last, so an interrupted build never looks finished.
    unpacked.rename(target)
    shutil.rmtree(output)


def _run_maven(sources: Path, output: Path, log: Path) -> None:
    command = maven_command(output, "-Dmaven.test.skip", "package")
    with open(log, "wb") as writer:
        built = subprocess.run(command, cwd=sources, stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.STDOUT)
    if built.returncode != 0:
        raise LocalProblem(_explain(log))


def maven_command(output: Path, *goals: str) -> list[str]:
    # -U retries downloads that failed last time. -C refuses damaged downloads.
    return [maven(), "-B", "-U", "-C", "--no-transfer-progress", f"-Doutput.folder={output}", *goals]


def _explain(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    errors = [line.replace("[ERROR]", "").strip() for line in lines if line.startswith("[ERROR]")]
    broken_off = [error for error in errors if any(word in error for word in BROKEN_DOWNLOAD)]
    reason = next(iter(broken_off or errors), "no reason given")[:300]
    if broken_off:
        way_out = "check the network (and the proxy or mirror in Maven's settings.xml), then run again"
    else:
        way_out = f"read {log}, and if a downloaded file is damaged delete it below ~/.m2/repository, then run again"
    return f"Maven could not build the workflow engine ({reason}): {way_out}."


def _unpack(jar: Path, target: Path) -> None:
    """Unpacks the jar, which makes it start five seconds sooner."""
    unpacked = subprocess.run(
        [java(), "-Djarmode=tools", "-jar", str(jar), "extract", "--destination", str(target)],
        capture_output=True,
        text=True,
    )
    if unpacked.returncode != 0:
        raise LocalProblem(
            f"The built engine {jar} could not be unpacked ({unpacked.stderr.strip()[:200]}): "
            "free disk space, then run again."
        )
