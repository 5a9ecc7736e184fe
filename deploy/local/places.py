"""The folders and files that the local programs use. `.local` holds all generated files, which git ignores."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ENGINE_SOURCES = CHECKOUT / "deploy" / "engine"
ENGINE_BUILDS = CHECKOUT / ".local" / "engine"
RUN_FOLDER = CHECKOUT / ".local" / "run"
COMPOSE_SETTINGS = CHECKOUT / "deploy" / "compose"
FIRST_ORDER = CHECKOUT / "deploy" / "samples" / "first_order.json"
