"""Settings: a missing one is named, and production refuses a secret that a file or a manual contains."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from order_api.core.settings import SettingInvalid, is_published, settings

GIVEN = {
    "DATABASE_URL": "postgresql+psycopg://orders:f3c9b1@localhost:5432/orders",
    "ENGINE_PASSWORD": "a-password-of-our-own",
    "SECRET_KEY": "a-secret-key-of-our-own-that-is-long-enough",
    "ORDER_SERVICE_ENV": "production",
}


ROOT = Path(__file__).parents[2]
OF_LIBRARIES = {"PROMETHEUS_MULTIPROC_DIR"}


def named(*files: str) -> set[str]:
    return {name for file in files for name in given_by(file)}


def given_by(file: str) -> dict[str, str]:
    text = (ROOT / "deploy" / "compose" / file).read_text()
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))


SECRETS_OF_THE_DEMO = {name: secret for name, secret in given_by("demo.env").items() if name != "DEMO_EDIT_WINDOW"}


@pytest.fixture(autouse=True)
def _production(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_secrets_of_our_own_are_taken() -> None:
    assert settings().is_production


@pytest.mark.parametrize("secret", ["demo", "Demo-secret-key-that-production-refuses", "admin", "PASSWORD", "changeme"])
@pytest.mark.parametrize("name", ["ENGINE_PASSWORD", "SECRET_KEY"])
def test_production_refuses_a_secret_that_everybody_knows(
    monkeypatch: pytest.MonkeyPatch, name: str, secret: str
) -> None:
    monkeypatch.setenv(name, secret)

    with pytest.raises(SettingInvalid, match=f"{name} holds a demo value"):
        settings()


@pytest.mark.parametrize("password", ["demo-orders", "orders", "postgres"])
def test_production_refuses_a_database_whose_password_everybody_knows(
    monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql+psycopg://orders:{password}@localhost/orders")

    with pytest.raises(SettingInvalid, match="DATABASE_URL holds a demo value") as refused:
        settings()

    assert password not in str(refused.value).removeprefix("DATABASE_URL")


def test_production_refuses_a_key_that_can_be_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 31)

    with pytest.raises(SettingInvalid, match="SECRET_KEY needs at least 32 characters"):
        settings()


@pytest.mark.parametrize("secret", sorted(set(SECRETS_OF_THE_DEMO.values())))
def test_every_secret_of_the_demo_is_known_as_published(secret: str) -> None:
    assert is_published(secret.removeprefix("osk_"))


def test_development_takes_the_demo_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDER_SERVICE_ENV", "development")
    monkeypatch.setenv("ENGINE_PASSWORD", "demo")

    assert settings().engine_password == "demo"


@pytest.mark.parametrize("typed", ["prod", "Production", "PRODUCTION", "production ", "staging", "dev"])
def test_what_is_neither_development_nor_production_is_refused(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setenv("ORDER_SERVICE_ENV", typed)

    with pytest.raises(SettingInvalid, match=f"ORDER_SERVICE_ENV is '{typed}'; it may be development or production"):
        settings()


def test_an_environment_that_is_not_named_is_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDER_SERVICE_ENV", "")

    assert not settings().is_production


@pytest.mark.parametrize("name", ["DATABASE_URL", "ENGINE_PASSWORD", "SECRET_KEY"])
def test_a_setting_without_a_safe_default_is_named_when_it_is_missing(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv(name)

    with pytest.raises(SettingInvalid, match=f"Set the environment variable {name}"):
        settings()


@pytest.mark.parametrize("name", ["DATABASE_URL", "ENGINE_PASSWORD", "SECRET_KEY"])
def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{GIVEN[name]}-of-the-file\n")
    monkeypatch.setenv(name, "")
    monkeypatch.setenv(f"{name}_FILE", str(file))

    assert f"{GIVEN[name]}-of-the-file" in vars(settings()).values()


def test_a_secret_in_the_variable_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE_PASSWORD_FILE", "/missing")

    assert settings().engine_password == GIVEN["ENGINE_PASSWORD"]


def test_a_secret_whose_file_is_missing_or_empty_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    monkeypatch.delenv("ENGINE_PASSWORD")
    monkeypatch.setenv("ENGINE_PASSWORD_FILE", str(file))

    with pytest.raises(SettingInvalid, match="ENGINE_PASSWORD_FILE cannot be read: No such file"):
        settings()
    file.write_text("\n")
    with pytest.raises(SettingInvalid, match="ENGINE_PASSWORD_FILE is empty"):
        settings()


def test_no_secret_shows_when_settings_are_printed() -> None:
    printed = repr(settings())

    assert [value for value in list(GIVEN.values())[:3] if value in printed] == []


# The programs read exactly the names in the settings files.


def test_the_settings_files_name_what_the_service_reads() -> None:
    read = set(re.findall(r'_read(?:_secret)?\("([A-Z_]+)"', (ROOT / "order_api" / "core" / "settings.py").read_text()))
    warehouse = ROOT / "order_api" / "integrations" / "fulfillment" / "warehouse.py"
    read |= set(re.findall(r'environ\.get\("([A-Z_]+)"', warehouse.read_text()))

    assert named("service.env", "system.env") == read | OF_LIBRARIES


def test_the_settings_files_name_what_the_engine_reads() -> None:
    sources = ROOT / "deploy" / "engine" / "src" / "main"
    read = set(re.findall(r"\$\{([A-Z_]+)[:}]", (sources / "resources" / "application.yml").read_text()))
    secrets = set(re.findall(r'"(ENGINE_\w+)"', (sources / "java" / "engine" / "Service.java").read_text()))

    assert named("engine.env") == read | secrets
