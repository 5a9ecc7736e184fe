"""The compose file and `make run` describe the same system: same programs and settings, local ports only.

Reads the file as Docker does, so a mistake also shows on a machine without Docker.
"""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from deploy.local.environment import environment_of
from deploy.local.installation import read_installation
from deploy.local.places import CHECKOUT
from deploy.local.programs import programs_of
from deploy.local.settings_files import all_settings, settings_of

Compose = dict[str, Any]
SETTINGS = {
    "postgres": {"postgres.env"},
    "engine": {"system.env", "engine.env"},
    "setup": {"system.env", "service.env", "demo.env"},
    **{name: {"system.env", "service.env"} for name in ("api", "workers", "relay", "warehouse")},
    "mail": set(),
    "secrets": set(),
}


class Strict(yaml.SafeLoader):
    """Refuses a repeated key, as Docker does."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"{node.start_mark}: a repeated key in {keys}"
        return dict(super().construct_mapping(node, deep))


def compose() -> Compose:
    """The file with anchors and merges resolved."""
    return dict(yaml.load((CHECKOUT / "docker-compose.camunda.yml").read_text(encoding="utf-8"), Strict))


def services() -> dict[str, Compose]:
    return dict(compose()["services"])


def test_docker_runs_the_programs_of_make_run_and_the_set_up(tmp_path: Path) -> None:
    ours = {program.name for program in programs_of(read_installation({}, tmp_path), Path("engine.jar"))}

    assert set(services()) == ours | {"secrets", "setup"}


def test_each_service_reads_its_settings_files_and_they_are_there() -> None:
    read = {name: {Path(file).name for file in service.get("env_file", [])} for name, service in services().items()}

    assert read == SETTINGS
    assert [file for files in read.values() for file in files if not settings_of(file)] == []


def test_each_awaited_service_exists_and_reports_when_it_is_ready() -> None:
    waits = [
        (name, other, how["condition"])
        for name, service in services().items()
        for other, how in service.get("depends_on", {}).items()
    ]

    assert {other for _, other, how in waits if how == "service_healthy" and "healthcheck" in services()[other]} == {
        "postgres",
        "engine",
    }
    assert {other for _, other, how in waits if how == "service_completed_successfully"} == {
        "secrets",
        "setup",
    }
    assert len({how for _, _, how in waits}) == 2


def test_what_is_built_and_mounted_is_in_the_checkout() -> None:
    builds = [service["build"] for service in services().values() if "build" in service]
    files = [build if isinstance(build, str) else build["dockerfile"] for build in builds]
    mounts = [mount.split(":")[0] for service in services().values() for mount in service.get("volumes", [])]
    named = set(compose()["volumes"])

    assert [file for file in files if not (CHECKOUT / file).exists()] == []
    assert [mount for mount in mounts if mount not in named and not (CHECKOUT / mount).exists()] == []


def test_our_programs_are_existing_modules() -> None:
    modules = [service["command"][2] for service in services().values() if service.get("command", [""])[0] == "python"]

    assert modules == ["workers", "workers.relay", "workers.warehouse"]
    assert [module for module in modules if find_spec(module) is None] == []


def test_every_port_is_open_on_this_machine_only() -> None:
    ports = [port for service in services().values() for port in service.get("ports", [])]

    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_compose_and_the_local_run_name_the_same_settings(tmp_path: Path) -> None:
    ours = environment_of(read_installation({}, tmp_path), {})

    assert set(ours) - {"ORDER_SERVICE_RUN", "PYTHONUNBUFFERED"} == set(all_settings())


def test_the_compose_files_agree_on_the_passwords() -> None:
    postgres, engine, service = settings_of("postgres.env"), settings_of("engine.env"), settings_of("service.env")

    assert postgres["ENGINE_DB_PASSWORD"] == engine["ENGINE_DB_PASSWORD"]
    assert f":{postgres['ORDERS_DB_PASSWORD']}@" in service["DATABASE_URL"]
    assert service["ENGINE_USER"] == "order-service"


def test_no_settings_file_holds_the_secret_of_the_service() -> None:
    assert settings_of("service.env")["ENGINE_PASSWORD"] == ""
    assert settings_of("engine.env")["ENGINE_SERVICE_SECRET"] == ""


def test_the_engine_and_our_programs_read_the_secret_that_was_made(tmp_path: Path) -> None:
    make_secret(tmp_path)
    files = {
        (name, setting): Path(file).relative_to("/secrets")
        for name, service in services().items()
        for setting, file in service.get("environment", {}).items()
    }
    current = {key: file for key, file in files.items() if "BEFORE" not in key[1]}

    assert {setting for _, setting in files} == {
        "ENGINE_PASSWORD_FILE",
        "ENGINE_SERVICE_SECRET_FILE",
        "ENGINE_SERVICE_SECRET_BEFORE_FILE",
    }
    assert {name for name, _ in current} == set(services()) - {"postgres", "mail", "secrets"}
    assert len(set(current.values())) == 1
    assert all((tmp_path / file).exists() for file in files.values())
    assert [name for name, _ in files if "secrets:/secrets:ro" not in services()[name]["volumes"]] == []


def make_secret(folder: Path, *word: str) -> tuple[str, str]:
    """The secret and the one before it, after the script ran."""
    script = CHECKOUT / "deploy" / "compose" / "engine_secret.sh"
    subprocess.run(["bash", script, *word], env={**os.environ, "SECRETS": str(folder)}, check=True)
    return (folder / "engine_secret").read_text(), (folder / "engine_secret_before").read_text()


def test_the_secret_is_made_once_and_differs_between_installations(tmp_path: Path) -> None:
    for name in ("one", "another"):
        (tmp_path / name).mkdir()
    secret, before = make_secret(tmp_path / "one")

    assert len(secret.strip()) >= 24
    assert before == ""
    assert make_secret(tmp_path / "one") == (secret, "")
    assert make_secret(tmp_path / "another")[0] != secret


def test_old_and_new_secret_stand_side_by_side_until_the_old_one_is_forgotten(tmp_path: Path) -> None:
    first, _ = make_secret(tmp_path)
    second, before = make_secret(tmp_path, "rotate")

    assert second != first
    assert before == first
    assert make_secret(tmp_path, "forget") == (second, "")


def test_no_log_grows_without_a_limit() -> None:
    limits = {
        name: service.get("logging", {}).get("options", {}).get("max-size") for name, service in services().items()
    }

    assert [name for name, limit in limits.items() if limit is None] == []
