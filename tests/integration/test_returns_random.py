"""Random acts on returns of one order: after each, no unit is promised or paid for twice, and every sum adds up."""

import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from order_api.cli.audit import in_database
from order_api.core.errors import BusinessRuleViolated, NotYet
from order_api.returns.decide import DECISIONS
from order_api.returns.settle import WaitsFor
from order_api.returns.words import RefundWhen, ShippingBack
from tests.factories.fates import rows
from tests.factories.orders import Json
from tests.factories.refunds import paid_order
from tests.factories.returned_goods import LABEL, RESTOCKING, Returns, stock_of
from tests.fixtures.service import Client

SEQUENCES, STEPS = 2, 40
SEED = int(os.environ.get("SEED", "0")) or random.randrange(10**6)
LINES = {"1": 3, "2": 1, "3": 2}
VERDICTS = ("resellable", "resellable", "quarantine", "scrap", "sent_back")
RESTOCKED = ("resellable", "quarantine", "scrap")


class RandomReturns:
    """Refusals are part of the game: an act that may not be carried out changes nothing."""

    def __init__(self, returns: Returns, dice: random.Random) -> None:
        self.returns, self.dice = returns, dice
        self.numbers: list[str] = []
        self.receipts: list[tuple[str, str]] = []
        self.stock_before = self.stock()
        self.carried_out = Counter[str]()

    def stock(self) -> Counter[str]:
        counts = Counter[str]()
        for line_id in LINES:
            counts.update(stock_of(self.returns.money, line_id))
        return counts

    def act(self) -> None:
        acts: list[Callable[[], Any]] = [self.announce, self.refund, self.reduce]
        if self.numbers:
            acts += [self.judge, self.judge, self.decide, self.settle, self.settle, self.give_back]
            acts += [self.receive] * 3
            acts += [self.scan, self.expire, self.cancel]
        if self.receipts:
            acts += [self.verdict] * 8
        act = self.dice.choice(acts)
        with suppress(BusinessRuleViolated, NotYet):
            act()
            self.carried_out[act.__name__] += 1

    def units(self) -> dict[str, int]:
        chosen = self.dice.sample(sorted(LINES), self.dice.randint(1, 3))
        return {f"_{line_id}": self.dice.randint(1, LINES[line_id]) for line_id in chosen}

    def number(self) -> str:
        return self.dice.choice(self.numbers)

    def announce(self) -> None:
        reason = self.dice.choice(("changed_mind", "too_small", "arrived_broken"))
        self.numbers.append(self.returns.announce(reason, "parcel", **self.units()))

    def policy(self) -> Json:
        return {
            "decision": self.dice.choice(("accept", "accept", "accept", "approve", "refuse")),
            "words": "So says the table.",
            "refund_when": self.dice.choice(list(RefundWhen)),
            "shipping_back": self.dice.choice(list(ShippingBack)),
            "goods_kept": self.dice.random() < 0.1,
        }

    def judge(self) -> None:
        fees = [fee for fee in (RESTOCKING, LABEL) if self.dice.random() < 0.5]
        self.returns.judge_each(self.number(), {line_id: self.policy() for line_id in LINES}, {}, {}, fees)

    def decide(self) -> None:
        decisions = [self.returns.approve, self.returns.refuse]
        decisions += [partial(self.returns.decide, decision=word) for word in DECISIONS]
        self.dice.choice(decisions)(self.number())

    def receive(self) -> None:
        number, reference = self.number(), f"DOCK-{self.dice.randint(1, 9)}"
        self.returns.receive(number, reference, **self.units())
        self.receipts.append((number, reference))

    def verdict(self) -> None:
        number, reference = self.dice.choice(self.receipts)
        units = {f"_{self.dice.choice(sorted(LINES))}": 1}
        self.returns.judge_units(number, reference, self.dice.choice(VERDICTS), **units)

    def settle(self) -> None:
        self.returns.settle(self.number())
        self.grant()

    def give_back(self) -> None:
        self.returns.give_back(self.number())

    def grant(self) -> None:
        for refund in self.returns.refunds.order()["refunds"]:
            if refund["state"] == "requested":
                if self.dice.random() < 0.1:
                    self.returns.refunds.refuse(refund["number"])
                    continue
                self.returns.refunds.grant(refund["number"])
                self.returns.refunds.pay(refund["number"])

    def scan(self) -> None:
        self.returns.scan(self.number(), f"DHL-{self.dice.randint(1, 3)}")

    def expire(self) -> None:
        self.returns.expire(self.number())

    def cancel(self) -> None:
        self.returns.cancel(self.number())

    def refund(self) -> None:
        body = {"items": [{"line_id": "1", "quantity": 1, "goods": "broken"}]}
        if self.returns.refunds.preview(**body).status_code == 200:
            self.returns.refunds.paid(**body)

    def reduce(self) -> None:
        body = {"price_reductions": [{"line_id": self.dice.choice(sorted(LINES)), "amount": "0.50"}]}
        if self.returns.refunds.preview(**body).status_code == 200:
            self.returns.refunds.paid(**body)

    def check(self) -> None:
        bill = {
            name: Decimal(self.returns.refunds.bill()[name]) for name in ("due", "captured", "refunded", "outstanding")
        }
        assert 0 <= bill["refunded"] <= bill["captured"]
        assert bill["outstanding"] == bill["due"] - bill["captured"] + bill["refunded"] == 0
        assert self.stock() - self.stock_before == self.judged()
        remedied = self.remedied()
        assert len(remedied) == len(set(remedied)), "a unit has one remedy"

    def judged(self) -> Counter[str]:
        """How many units have been judged to be worth which stock."""
        query = """SELECT u.verdict, u.quantity FROM return_units u JOIN return_lines l ON l.id = u.line_id
            JOIN returns r ON r.id = l.return_id WHERE r.order_id = :id AND u.verdict IS NOT NULL"""
        counts = Counter[str]()
        for verdict, quantity in rows(self.returns.money, query):
            if verdict in RESTOCKED:
                counts["sellable" if verdict == "resellable" else str(verdict)] += quantity
        return counts

    def remedied(self) -> list[tuple[str, int]]:
        """Each unit that carries a remedy."""
        query = "SELECT item_id, first_unit, quantity FROM remedies WHERE order_id = :id AND released_at IS NULL"
        return [(str(id_), first + n) for id_, first, count in rows(self.returns.money, query) for n in range(count)]

    def finish(self) -> None:
        """All that is open is decided, judged and settled."""
        for number in self.numbers:
            self.returns.judge(number)
            self.returns.approve(number)
            for of, reference in self.receipts:
                for line_id in LINES:
                    with suppress(BusinessRuleViolated):
                        while of == number:
                            self.returns.judge_units(number, reference, "resellable", **{f"_{line_id}": 1})
            self.returns.expire(number)
            self.returns.decide(number, "write_off_goods")
            for _ in range(9):
                self.returns.decide(number, "ask_again")
                with suppress(NotYet):
                    if self.returns.settle(number) in (WaitsFor.NOTHING, WaitsFor.OVER):
                        break
                self.grant()


@pytest.mark.parametrize("sequence", range(SEQUENCES))
def test_no_sequence_of_acts_gives_back_a_unit_twice_or_loses_one(channel: Client, sequence: int) -> None:
    seed = f"{SEED}-{sequence}"
    game = RandomReturns(Returns(paid_order(channel)), random.Random(seed))
    print(f"SEED={SEED}, sequence {sequence}")
    for _ in range(STEPS):
        game.act()
        game.check()
    print(f"SEED={SEED}, sequence {sequence}: {game.carried_out}")
    game.finish()
    game.check()

    since = datetime.now(UTC) - timedelta(days=1)
    number = game.returns.money.number
    assert [finding for finding in in_database(since) if finding.number == number] == []
