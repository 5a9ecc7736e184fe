"""Java can store what it learned about the engine's classes in a file, which saves later starts a third of the CPU."""

import hashlib
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from deploy.local.java import java, version_text

# Options of an engine that writes the archive later.
WRITABLE = ["-XX:+RecordDynamicDumpInfo"]


def archive_options(jar: Path) -> list[str]:
    archive = _archive_of(jar)
    return [f"-XX:SharedArchiveFile={archive}"] if archive.exists() else []


def is_missing(jar: Path) -> bool:
    return not _archive_of(jar).exists() and shutil.which("jcmd") is not None


def write_archive(jar: Path, process_id: int) -> None:
    """Makes the running engine write the archive, which stops it for some seconds. Failing only slows later starts."""
    draft = jar.with_name("classes.new")
    draft.unlink(missing_ok=True)
    command = ["jcmd", str(process_id), "VM.cds", "dynamic_dump", str(draft)]
    with suppress(subprocess.SubprocessError):
        subprocess.run(command, capture_output=True, timeout=60, check=True)
        draft.rename(_archive_of(jar))


def _archive_of(jar: Path) -> Path:
    # An archive works only with the Java version that wrote it.
    version = hashlib.sha256(version_text(java()).encode()).hexdigest()[:8]
    return jar.with_name(f"classes-{version}.jsa")
