"""The address of the mocked engine, and access to the calls it received."""

import json
from typing import Any

ENGINE = "http://engine.example/engine-rest"


def body_of(sent: Any) -> Any:
    return json.loads(sent.body)
