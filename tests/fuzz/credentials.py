"""Cursors, tokens, cookies and keys that are nearly right."""

import base64
import json
from dataclasses import replace
from random import Random

from tests.fuzz.mutations import ODD
from tests.fuzz.whole_life import Callers

LISTS = ["/v1/orders", "/v1/refunds", "/v1/returns", "/v1/owed"]
FILTERS = ["number", "external_id", "status", "currency", "placed_from", "sort", "limit", "state", "customer_email"]


def send_odd_query(callers: Callers, dice: Random) -> None:
    path = dice.choice(LISTS)
    content = json.dumps([dice.choice(ODD) for _ in range(dice.randrange(5))])
    cursor = base64.urlsafe_b64encode(content.encode("utf-8", "surrogatepass")).decode()
    odd = str(dice.choice(ODD))[:200].encode("utf-8", "surrogatepass")
    query = {"cursor": cursor} if dice.random() < 0.6 else {dice.choice(FILTERS): odd}
    callers.channel.call("GET", path, query_string=query)


def send_odd_credential(callers: Callers, dice: Random) -> None:
    right = dice.choice([callers.channel.credential, callers.admin.credential]) or ""
    at = dice.randrange(len(right))
    odd = dice.choice(
        [right[:at], right[:at] + dice.choice("aZ0.-_") + right[at + 1 :], right + "=", right.swapcase(), ""]
    )
    if odd in (right, right + "="):
        return
    caller = replace(callers.channel, credential=odd or None)
    if caller.get("/v1/orders").status_code != 401:
        callers.channel.tally.fail(f"the credential {odd!r} was taken")
