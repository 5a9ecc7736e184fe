"""Acts about one return meet at the same moment: either may win, each unit is received, restocked and paid for once.

`make races` lets each pair meet 50 times; then each side must win at least five times.
"""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from random import Random, SystemRandom
from typing import NamedTuple
from uuid import uuid4

import pytest

from order_api.cli.audit import at_gateways, in_database
from order_api.core.errors import BusinessRuleViolated
from order_api.returns.settle import WaitsFor
from tests.factories.money import Money
from tests.factories.orders import line
from tests.factories.races import meet
from tests.factories.refunds import Refunds, unit
from tests.factories.returned_goods import Returns, stock_of
from tests.fixtures.service import Client

RACES = int(os.environ.get("RACES", "5"))
MANY, MIN_WINS = 50, 5
SEED = int(os.environ.get("RANDOM_SEED", SystemRandom().randrange(10**6)))
SPREAD = 0.03
"""Seconds: these acts are quick."""


class Table:
    """An order of three paid units at 10.00; the first is on its way back, and a parcel of it may come."""

    def __init__(self, channel: Client) -> None:
        self.since, self.channel = datetime.now(UTC), channel
        self.money = Money(channel, channel.place(line("10.00", 3)))
        self.money.authorize()
        self.money.capture(self.money.ship(**{"1": 3}))
        self.returns = Returns(Refunds(channel, self.money))
        self.number = self.returns.approved(_1=1)
        self.stock = stock_of(self.money, "1").get("sellable", 0)

    def receive(self) -> None:
        self.returns.receive(self.number, _1=1)

    def expire(self) -> None:
        self.returns.expire(self.number)

    def cancel(self) -> None:
        with suppress(BusinessRuleViolated):
            self.returns.cancel(self.number)

    def announce_another(self) -> None:
        items = [{"line_id": "1", "units": [2], "reason": "too_small"}]
        path = f"/v1/orders/{self.money.id}/returns"
        answer = self.channel.post(path, {"items": items}, Idempotency_Key=str(uuid4()))
        assert answer.status_code in (201, 409), answer.text

    def refund_by_hand(self) -> None:
        assert self.returns.refunds.ask(**unit(3)).status_code == 201

    def arrive(self) -> None:
        self.returns.arrive(self.number, "DOCK-1", {"_1": 1})

    def settle(self) -> None:
        self.returns.settle(self.number)

    def finish(self) -> None:
        """The parcel arrives, is judged, and everything that is owed is granted and paid."""
        self.receive()
        while self.returns.settle(self.number) == WaitsFor.POLICY:
            self.returns.judge(self.number)
        with suppress(BusinessRuleViolated):
            self.returns.judge_units(self.number, _1=1)
        for _ in range(3):
            self.settle()
            for refund in self.returns.refunds.order()["refunds"]:
                if refund["state"] == "requested":
                    self.returns.refunds.grant(refund["number"])
                    self.returns.refunds.pay(refund["number"])

    def findings(self) -> list[str]:
        found = [*in_database(self.since), *at_gateways(self.since)]
        return [str(finding) for finding in found if finding.number == self.money.number]


class Race(NamedTuple):
    """`refunded` is what goes back in the end."""

    acts: Mapping[str, Callable[[Table], None]]
    refunded: str
    before: Callable[[Table], None] = lambda table: None
    returns: int = 1


BY_HAND = {"refund by hand": Table.refund_by_hand, "refund of the return": Table.settle}
RETURNS = {"one return": Table.announce_another, "another return": Table.announce_another}
ACTS = {
    "two receipts": Race({"one receipt": Table.receive, "the same receipt": Table.receive}, "10.00"),
    "receipt and expiry": Race({"receipt": Table.receive, "expiry": Table.expire}, "10.00"),
    "cancel and receipt": Race({"cancel": Table.cancel, "receipt": Table.receive}, "10.00"),
    "two refunds": Race(BY_HAND, "20.00", before=Table.arrive),
    "two returns": Race(RETURNS, "10.00", returns=2),
}


@pytest.mark.parametrize("name", ACTS)
def test_whichever_of_two_acts_comes_first_each_unit_counts_once(channel: Client, name: str) -> None:
    print(f"repeat with RANDOM_SEED={SEED}")
    dice, wins, took, race = Random(f"{SEED} {name}"), Counter[str](), list[float](), ACTS[name]
    for _ in range(RACES):
        table = Table(channel)
        race.before(table)
        wins[meet(dice, took, {act: partial(do, table) for act, do in race.acts.items()}, SPREAD)] += 1

        table.finish()

        assert table.returns.refunds.sums("refunded", "outstanding") == (race.refunded, "0.00")
        assert stock_of(table.money, "1")["sellable"] == table.stock + 1
        assert len(table.returns.refunds.order()["returns"]) == race.returns
        assert table.findings() == []
    print(wins)
    if RACES >= MANY:
        assert min(wins[act] for act in race.acts) >= MIN_WINS
