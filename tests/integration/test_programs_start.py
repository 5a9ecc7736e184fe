"""Our programs know every table before their first thread runs: a mapper that fails once fails for good."""

import os
import subprocess
import sys

import pytest

from deploy.local.places import CHECKOUT

SETTINGS = {"DATABASE_URL": "postgresql+psycopg://x@127.0.0.1/x", "ENGINE_PASSWORD": "x", "SECRET_KEY": "x"}
SCRIPT = """
import sys
from sqlalchemy.orm import Mapper
from order_api.core.database import Base
import {program} as program
def look(run, stop):
    known, ready = set(sys.modules), all(mapper.configured for mapper in Base.registry.mappers)
    import pkgutil, {parts} as parts
    print(ready, [m.name for m in pkgutil.iter_modules(parts.__path__) if "{parts}." + m.name not in known])
program.run_until_stopped = look
program.main()
"""


@pytest.mark.parametrize(
    ("program", "parts"), [("workers.relay", "workers.rows"), ("workers.__main__", "workers.topics")]
)
def test_a_program_has_imported_all_its_parts_before_it_runs(program: str, parts: str) -> None:
    script = SCRIPT.format(program=program, parts=parts)
    command, environment = [sys.executable, "-c", script], {**os.environ, **SETTINGS}
    said = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)

    assert said.stdout.splitlines()[-1:] == ["True []"], said.stderr
