"""A tender type of another company: its package is installed beside ours, unknown to order_api."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories.orders import Json
from tests.fixtures.system import PATIENCE

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "tests" / "wallet_package"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
NOTHING_ELSE = ["--no-deps", "--no-build-isolation", "--no-index"]

Run = Callable[..., str]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the other company's project."""
    return Path(shutil.copytree(PACKAGE, tmp_path_factory.mktemp("project") / "wallet"))


@pytest.fixture(scope="module")
def run(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a Python module with the wallet's package installed; returns its output."""
    installed = tmp_path_factory.mktemp("installed")
    _run([*PIP, *NOTHING_ELSE, "--target", str(installed), str(sources)], ROOT, {})
    settings = {"PYTHONPATH": f"{installed}{os.pathsep}{ROOT}", "WALLET_FILE": str(installed / "wallets.sqlite")}

    def run_module(*arguments: str, folder: Path = ROOT, **more: str) -> str:
        return _run([sys.executable, "-m", *arguments], folder, settings | more)

    return run_module


def _run(command: list[str], folder: Path, settings: dict[str, str]) -> str:
    env = os.environ | settings
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_adapter_keeps_every_promise_of_its_port(run: Run, sources: Path, tmp_path: Path) -> None:
    report = run("pytest", "-q", "-rs", "test_wallet.py", folder=sources, WALLET_FILE=str(tmp_path / "wallets.sqlite"))

    assert report.splitlines()[-1].startswith("22 passed, 3 skipped in")
    no_token = re.findall(r"cannot do (\w+)", report)
    assert sorted(no_token) == ["EXPIRES", "FAILS_LATER", "PENDING"], "a wallet's word is final"


@pytest.mark.parametrize("language", ["python", "toml"])
def test_the_manual_shows_what_the_package_has(language: str) -> None:
    """The wallet reports nothing later, so the manual's fourth part shows what it does not have."""
    manual, _, _ = (ROOT / "docs" / "add_an_adapter.md").read_text().partition("## 4 ")
    package = without_indents("".join(file.read_text() for file in PACKAGE.iterdir() if file.is_file()))

    samples = [rest.split("```")[0] for rest in manual.split(f"```{language}\n")[1:]]

    assert samples != []
    assert [sample for sample in samples if without_indents(sample) not in package] == []


def without_indents(code: str) -> str:
    """A method stands alone in the manual."""
    return "\n".join(line.strip() for line in code.splitlines() if line.strip())


@pytest.fixture(scope="module")
def results(run: Run, system_env: dict[str, str], migrated: None) -> Json:
    return dict(json.loads(run("tests.integration.pay_by_wallet", **system_env).splitlines()[-1]))


def test_an_order_is_placed_authorized_captured_and_released_by_wallet(results: Json) -> None:
    assert results["paid"]["tenders"] == ["wallet", "card"]
    assert results["paid"]["done"] == {"authorize": [15_00, 5_00], "capture": [10_00], "void": [5_00, 5_00]}


def test_the_books_of_the_wallet_hold_what_ours_say(results: Json) -> None:
    ours = results["paid"]["done"]

    with sqlite3.connect(results["books"]) as books:
        booked = books.execute("SELECT kind, amount FROM requests WHERE wallet = 'full'").fetchall()

    assert booked == [("authorize", ours["authorize"][0]), ("capture", ours["capture"][0]), ("void", ours["void"][0])]


def test_a_lost_answer_of_the_wallet_is_looked_up_and_money_is_held_once(results: Json) -> None:
    assert results["lost"]["done"] == {"authorize": [10_00]}


def test_an_order_by_wallet_needs_a_token_because_its_adapter_says_so(results: Json) -> None:
    assert results["without_a_token"] == [422, ["tenders.0.token"]]


def test_a_declined_wallet_is_named_and_replaced_by_another(results: Json) -> None:
    assert results["declined"]["refusal"] == "The wallet was declined: insufficient_funds."
    assert results["declined"]["replaced"] == 201
    assert results["declined"]["done"] == {"authorize": [10_00]}


def test_the_api_announces_the_new_type(results: Json) -> None:
    placing, replacing = results["announced"]

    assert placing == ["store_credit", "gift_card", "card", "invoice", "wallet"]
    assert replacing == ["card", "wallet"]


def test_a_collection_that_does_not_offer_wallets_refuses_one(results: Json) -> None:
    assert results["not_offered"] == "tender_not_offered"
