"""PostgreSQL refuses to run as root, so root runs it as a separate user, as the package with its binaries does."""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

from deploy.local.postgres_binaries import ensure_user_exists

NAME = "pgserver"


def postgres_user() -> str | None:
    """The user to run PostgreSQL as; None means the current user."""
    if os.geteuid() != 0:
        return None
    try:
        ensure_user_exists(NAME)
    except Exception:  # noqa: BLE001 - if the user is missing, the next line raises
        # Another process may have created the user at the same moment.
        pwd.getpwnam(NAME)
    return NAME


def give(folder: Path, user: str) -> None:
    """Gives the folder to the user and opens the way to it."""
    entry = pwd.getpwnam(user)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    open_way(folder)


def open_way(place: Path) -> None:
    """Allows others to pass (not read) the folders above; a checkout in root's home is closed otherwise."""
    for folder in _folders_above(place):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _folders_above(place: Path) -> Iterator[Path]:
    yield from place.resolve().parents


def make_readable(folder: Path) -> None:
    """Makes installed packages readable for other users, which a umask of 077 prevents."""
    for place in [folder, *folder.rglob("*")]:
        mode = place.stat().st_mode
        readable = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if readable != mode:
            place.chmod(readable)
