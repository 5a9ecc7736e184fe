"""The platform of `make run`: occupied ports, missing tools, secrets, settings, the pages of the engine."""

import json
import os
import socket
import stat
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest

from deploy.local.class_archive import archive_options, write_archive
from deploy.local.credentials import Credentials, load_or_create
from deploy.local.engine import LocalEngine
from deploy.local.engine_build import built_engine
from deploy.local.environment import environment_of
from deploy.local.installation import read_installation
from deploy.local.java import java, maven
from deploy.local.one_at_a_time import alone_in
from deploy.local.places import ENGINE_SOURCES
from deploy.local.ports import LOCALHOST, require_free
from deploy.local.problems import LocalProblem
from deploy.local.programs import programs_of
from deploy.local.web import answers, is_fine
from deploy.local.welcome import welcome
from tests.fixtures.system import PATIENCE, mail_catcher, wait_until


def test_a_taken_port_is_reported_with_the_variable_that_changes_it() -> None:
    with socket.create_server((LOCALHOST, 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(LocalProblem, match=f"Port {port}, which the API needs, .* API_PORT=<number> make run"):
            require_free(port, "API_PORT", "API")


def test_a_port_that_is_not_a_number_is_reported(tmp_path: Path) -> None:
    with pytest.raises(LocalProblem, match="ENGINE_PORT is '80a', which is not a port"):
        read_installation({"ENGINE_PORT": "80a"}, tmp_path)


def test_one_port_for_two_programs_is_reported(tmp_path: Path) -> None:
    with pytest.raises(LocalProblem, match="API_PORT and ENGINE_PORT are both 8080: give each a port of its own"):
        read_installation({"API_PORT": "8080"}, tmp_path)


def test_an_invalid_address_of_the_engine_is_reported(tmp_path: Path) -> None:
    with pytest.raises(LocalProblem, match="ENGINE_URL is 'camunda:8080', which is not an address"):
        read_installation({"ENGINE_URL": "camunda:8080", "ENGINE_PASSWORD": "x"}, tmp_path)


def test_a_peer_that_speaks_no_http_does_not_answer() -> None:
    with mail_catcher() as (_, port):
        assert not answers(f"http://{LOCALHOST}:{port}")


def test_a_missing_java_is_reported_with_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)

    with pytest.raises(LocalProblem, match="needs Java 17 or newer, and none is installed: install a JDK"):
        java()


def test_a_java_that_is_too_old_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _write_program(tmp_path / "bin" / "java", "echo 'openjdk version \"1.8.0_292\"' >&2")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    with pytest.raises(LocalProblem, match=r"is Java 8: install a newer JDK"):
        java()


def test_a_missing_maven_is_reported_with_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _write_program(tmp_path / "java", "echo 'openjdk version \"17.0.1\"' >&2")
    _write_program(tmp_path / "javac", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)

    with pytest.raises(LocalProblem, match=r"built with Maven .* which is not installed: install it"):
        maven()


def test_a_broken_download_is_reported_in_one_sentence_and_leaves_nothing_that_looks_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _write_program(tmp_path / "bin" / "mvn", "echo '[ERROR] Could not transfer artifact x: Connection reset'; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")

    with pytest.raises(LocalProblem, match=r"Connection reset.*: check the network"):
        built_engine(lambda _: None, builds=tmp_path / "builds", sources=ENGINE_SOURCES)

    assert list((tmp_path / "builds").glob("*/engine.jar")) == []


def test_the_engine_refuses_a_call_without_the_password(engine: LocalEngine) -> None:
    with_password = subprocess.run(_curl(engine, "--user", f"{engine.user}:{engine.password}"), capture_output=True)
    without = subprocess.run(_curl(engine), capture_output=True)

    assert (with_password.stdout, without.stdout) == (b"200", b"401")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("production", "ENGINE_ADMIN_PASSWORD is empty or a demo password"),
        ("Production", "ORDER_SERVICE_ENV is 'Production'; it may be development or production"),
    ],
)
def test_the_engine_refuses_a_demo_password_in_production_and_a_misspelled_environment(
    name: str, sentence: str
) -> None:
    environment = {**os.environ, "ORDER_SERVICE_ENV": name, "ENGINE_ADMIN_PASSWORD": "demo"}

    refused = subprocess.run(
        [java(), "-jar", built_engine()], env=environment, capture_output=True, text=True, timeout=PATIENCE
    )

    assert refused.returncode == 78
    assert refused.stderr.startswith(f"The engine does not start: {sentence}")
    assert len(refused.stderr.splitlines()) == 1


def test_an_archive_of_classes_that_was_not_finished_is_not_used(tmp_path: Path) -> None:
    jar = tmp_path / "engine.jar"
    (tmp_path / "classes.new").touch()

    write_archive(jar, process_id=2**22)

    assert archive_options(jar) == []
    assert list(tmp_path.glob("*.jsa")) == []


def test_credentials_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first = load_or_create(tmp_path / "credentials.json")
    second = load_or_create(tmp_path / "credentials.json")

    assert first == second != Credentials()
    assert stat.S_IMODE((tmp_path / "credentials.json").stat().st_mode) == 0o600


def test_credentials_of_an_earlier_release_get_the_secrets_that_it_did_not_have(tmp_path: Path) -> None:
    file = tmp_path / "credentials.json"
    earlier = {name: value for name, value in asdict(load_or_create(file)).items() if name != "engine_service_secret"}
    file.write_text(json.dumps(earlier))

    first, second = load_or_create(file), load_or_create(file)

    assert earlier.items() < asdict(first).items()
    assert first == second


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with alone_in(tmp_path / "run"), pytest.raises(LocalProblem, match="running already"), alone_in(tmp_path / "run"):
        pass


def test_nothing_of_the_local_run_listens_beyond_this_machine(tmp_path: Path) -> None:
    installation = read_installation({}, tmp_path)

    commands = [" ".join(program.command) for program in programs_of(installation, None)]

    assert not [command for command in commands if "0.0.0.0" in command]
    assert environment_of(installation, {})["ENGINE_ADDRESS"] == LOCALHOST


OUTSIDE_ENGINE = {"ENGINE_URL": "http://e/engine-rest", "ENGINE_PASSWORD": "x"}


def test_an_outside_database_and_engine_are_used_instead_of_ours(tmp_path: Path) -> None:
    outer = {"DATABASE_URL": "postgresql://me:secret@db:5432/orders", **OUTSIDE_ENGINE}

    installation = read_installation(outer, tmp_path)
    environment = environment_of(installation, outer)

    names = [program.name for program in programs_of(installation, None)]
    assert names == ["mail", "api", "workers", "relay", "warehouse"]
    assert environment["DATABASE_URL"] == "postgresql+psycopg://me:secret@db:5432/orders"
    assert environment["ENGINE_URL"] == "http://e/engine-rest"


@pytest.mark.parametrize(("outer", "is_named"), [({}, True), (OUTSIDE_ENGINE, False)])
def test_the_admin_is_shown_for_our_engine_only(tmp_path: Path, outer: dict[str, str], is_named: bool) -> None:
    installation = read_installation(outer, tmp_path)

    shown = welcome(installation, environment_of(installation, outer))

    assert ("administrator of the engine" in shown) == is_named


def test_an_engine_without_its_password_is_reported(tmp_path: Path) -> None:
    with pytest.raises(LocalProblem, match="ENGINE_URL is set but ENGINE_PASSWORD is not"):
        read_installation({"ENGINE_URL": "http://e/engine-rest"}, tmp_path)


@pytest.mark.parametrize("page", ["tasklist", "cockpit"])
def test_the_pages_of_the_engine_find_all_their_parts(engine: LocalEngine, page: str) -> None:
    part = f"{engine.url.removesuffix('/engine-rest')}/camunda/api/{page}/plugin/{page}Plugins/static/app/plugin.js"

    wait_until(lambda: is_fine(part), what=part)


def _write_program(place: Path, line: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\n{line}\n")
    place.chmod(0o755)


def _curl(engine: LocalEngine, *credentials: str) -> list[str]:
    return ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", *credentials, f"{engine.url}/process-definition"]
