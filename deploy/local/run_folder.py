"""The folder of a local run: `.local/run`, or RUN_FOLDER for a second system beside it."""

import os
from collections.abc import Mapping
from pathlib import Path

from deploy.local.places import RUN_FOLDER
from deploy.local.problems import LocalProblem

# The first file in a run folder; a folder with other files but without this one is not ours.
CREDENTIALS = "credentials.json"


def run_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Refuses a folder with other files, because `make reset` would delete them."""
    folder = Path(environment.get("RUN_FOLDER") or RUN_FOLDER).resolve()
    if folder.exists() and any(folder.iterdir()) and not any(folder.glob("credentials.*")):
        raise LocalProblem(
            f"The folder {folder} holds something other than a run of the order service: "
            "set RUN_FOLDER to a new or empty folder, or unset it."
        )
    return folder
