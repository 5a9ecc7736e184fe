"""PostgreSQL refuses to run as root, so root runs it as a user of its own, as the wheel with its binaries does."""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

from deploy.local.postgres_binaries import ensure_user_exists

NAME = "pgserver"


def postgres_user() -> str | None:
    """The user to run PostgreSQL as, or None for the one who asks."""
    if os.geteuid() != 0:
        return None
    try:
        ensure_user_exists(NAME)
    except Exception:  # noqa: BLE001 - whatever it was, the user is there or the next line says so
        # Somebody else may have made it in the same moment.
        pwd.getpwnam(NAME)
    return NAME


def give(folder: Path, user: str) -> None:
    """Makes the folder the user's own and lets the user walk there."""
    entry = pwd.getpwnam(user)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    open_way(folder)


def open_way(place: Path) -> None:
    """Grants passage (not reading) through the folders above: a checkout below root's home is closed otherwise."""
    for folder in _folders_above(place):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _folders_above(place: Path) -> Iterator[Path]:
    yield from place.resolve().parents


def make_readable(folder: Path) -> None:
    """A umask of 077 leaves installed packages closed to other users."""
    for place in [folder, *folder.rglob("*")]:
        mode = place.stat().st_mode
        readable = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if readable != mode:
            place.chmod(readable)
