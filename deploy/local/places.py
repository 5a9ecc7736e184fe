"""Where things lie. All of it is made by commands of this package and ignored by git."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ENGINE_SOURCES = CHECKOUT / "deploy" / "engine"
ENGINE_BUILDS = CHECKOUT / ".local" / "engine"
RUN_FOLDER = CHECKOUT / ".local" / "run"
COMPOSE_SETTINGS = CHECKOUT / "deploy" / "compose"
FIRST_ORDER = CHECKOUT / "deploy" / "samples" / "first_order.json"
