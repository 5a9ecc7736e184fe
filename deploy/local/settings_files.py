"""The settings files in `deploy/compose` are the only list of names; a local run changes only values."""

from pathlib import Path

from deploy.local.places import COMPOSE_SETTINGS

FILES = ("system.env", "engine.env", "service.env", "demo.env")


def settings_of(file: str, folder: Path = COMPOSE_SETTINGS) -> dict[str, str]:
    lines = (line.strip() for line in (folder / file).read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def all_settings() -> dict[str, str]:
    return {name: value for file in FILES for name, value in settings_of(file).items()}
