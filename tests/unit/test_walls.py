"""Walls between the slices that import-linter's contracts do not check, or that a new file could escape."""

import ast
import configparser
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.sources import imported

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "order_api"
KNOW_THE_ENGINE = {"camunda", "outbox", "progress"}
ENDS_OF_WAITS = {"drop", "drop_wake_ups", "drop_wake_ups_of_items"}


@pytest.fixture(scope="module")
def setup_cfg() -> configparser.ConfigParser:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    return config


def lines(config: configparser.ConfigParser, section: str, name: str) -> list[str]:
    return config[section][name].split("\n")[1:]


def modules(folder: Path) -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(folder.rglob("*.py")):
        yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def test_every_slice_below_the_edge_is_forbidden_to_know_the_engine(setup_cfg: configparser.ConfigParser) -> None:
    ranks = lines(setup_cfg, "importlinter:contract:ranks", "layers")
    slices = [name for rank in ranks[ranks.index("console | api") + 1 :] for name in rank.split(" | ")]

    sources = lines(setup_cfg, "importlinter:contract:engine", "source_modules")

    assert {f"order_api.{name}" for name in slices} - set(sources) == {f"order_api.{n}" for n in KNOW_THE_ENGINE}


def test_every_builtin_adapter_is_reached_by_its_entry_point_alone(setup_cfg: configparser.ConfigParser) -> None:
    groups = [name for name in setup_cfg["options.entry_points"] if name.startswith("order_service.")]
    points = [line for group in groups for line in lines(setup_cfg, "options.entry_points", group)]

    protected = lines(setup_cfg, "importlinter:contract:adapters", "protected_modules")

    assert {point.split("=")[1].strip().split(":")[0] for point in points} - set(protected) == set()


def test_the_arithmetic_knows_neither_tables_nor_requests() -> None:
    ours = ("order_api.proof", "order_api.words", "order_api.core.money", "order_api.core.keys")
    foreign = {
        (file, name)
        for file, tree in modules(PACKAGE / "proof")
        for name in imported(tree)
        if not name.startswith(ours) and name.split(".")[0] not in sys.stdlib_module_names
    }

    assert foreign == set()


def test_one_call_ends_a_wait() -> None:
    callers = {
        file
        for file, tree in modules(PACKAGE)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ENDS_OF_WAITS
    }

    assert callers == {"order_api/outbox/wake_ups.py", "order_api/progress/wait.py"}


def test_one_table_writes_messages() -> None:
    callers = {
        file
        for folder in (PACKAGE, ROOT / "workers")
        for file, tree in modules(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "announce.request_wake_up"
    }

    assert callers == {"order_api/outbox/wake_ups.py"}


def test_every_folder_of_product_code_is_a_package_and_so_is_installed() -> None:
    folders = {file.parent for name in ("order_api", "workers") for file in (ROOT / name).rglob("*.py")}

    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_no_product_code_knows_the_wallet_of_another_company() -> None:
    files = [file for name in ("order_api", "workers") for file in (ROOT / name).rglob("*.py")]

    assert [str(file) for file in files if "wallet" in file.read_text(encoding="utf-8").lower()] == []
