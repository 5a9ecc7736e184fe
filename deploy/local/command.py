"""`order-service` for the running system: a script that contains the settings of the run."""

import os
import shlex
import sys
from collections.abc import Mapping

from deploy.local.installation import Installation
from deploy.local.settings_files import all_settings


def write_command(installation: Installation, environment: Mapping[str, str]) -> None:
    # Readable only by its owner, because it holds the passwords.
    with open(os.open(installation.command, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o700), "w") as writer:
        writer.write(script_of(environment))


def script_of(environment: Mapping[str, str]) -> str:
    settings = [f"export {name}={shlex.quote(environment[name])}" for name in all_settings()]
    command = shlex.join([sys.executable, "-m", "order_api.cli"])
    return "\n".join(["#!/bin/sh", "# Written by `make run`.", *settings, f'exec {command} "$@"', ""])
