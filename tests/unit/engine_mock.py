"""Where the engine is that the unit tests speak to, and how they read what was said to it."""

import json
from typing import Any

ENGINE = "http://engine.example/engine-rest"


def body_of(sent: Any) -> Any:
    return json.loads(sent.body)
