"""Orders that were right before one thing in them was changed."""

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from tests.factories.orders import Json
from tests.fuzz.whole_life import Callers, random_body

ODD: list[Any] = [None, True, 0, -1, 2**63, 10**400, 1e308, float("nan"), "", " ", "\x00", "\ud800", "x" * 100_000]
ODD += ["\u202e", "4111 1111 1111 1111", "-0.01", "1e3", "NaN", "Infinity", "٣", "9" * 40, [], {}, [[]], {"": None}]
ODD += [{"$ref": "#"}, "'; DROP TABLE orders; --", "{{7*7}}", "${7*7}", "../../etc/passwd", "2026-02-30T00:00:00Z"]
Place = tuple[str | int, ...]


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    if here:
        yield here
    if isinstance(value, dict):
        for name, each in value.items():
            yield from places(each, (*here, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from places(each, (*here, index))


def mutated(body: Json, dice: Random) -> Json:
    body = copy.deepcopy(body)
    place = dice.choice(list(places(body)))
    owner: Any = body
    for step in place[:-1]:
        owner = owner[step]
    match dice.randrange(5):
        case 0:
            del owner[place[-1]]
        case 1 if isinstance(owner, dict):
            owner[dice.choice(["x", "id", "__class__", "\x00", "amount"])] = dice.choice(ODD)
        case 2 if isinstance(owner, list):
            owner.extend(copy.deepcopy(owner) * dice.choice([1, 20]))
        case _:
            owner[place[-1]] = dice.choice(ODD)
    return body


def cent_off(body: Json, dice: Random) -> Json:
    """Another total than that of the parts."""
    body = copy.deepcopy(body)
    name = dice.choice(sorted(body["totals"]))
    amount = Decimal(body["totals"][name])
    cent = Decimal((0, (1,), int(amount.as_tuple().exponent)))
    body["totals"][name] = f"{amount + cent:f}"
    return body


def send_changed_order(callers: Callers, dice: Random) -> None:
    channel, body = callers.channel, random_body(callers, dice)
    if dice.random() < 0.3:
        answer = channel.post("/v1/orders", cent_off(body, dice))
        if answer.status_code != 422:
            channel.tally.fail(f"an order that is a cent off was answered {answer.status_code}: {body}")
    else:
        channel.call(
            "POST", "/v1/orders", data=as_json(mutated(body, dice)), headers={"Content-Type": "application/json"}
        )


def as_json(body: Any) -> bytes:
    """Also of numbers and characters that JSON or UTF-8 do not have."""
    return json.dumps(body).encode("utf-8", "surrogatepass")
