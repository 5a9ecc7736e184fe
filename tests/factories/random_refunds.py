"""Random refunds of an order on a running system, for the service and for the second reckoning at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any
from uuid import uuid4

from tests.bank.system import decide
from tests.factories.engine_refunds import APPROVE, CSR, REFUSED, SUPERVISOR, ended, refund, send_event
from tests.factories.random_orders import DECIMALS, in_text
from tests.factories.second_reckoning import SecondReckoning
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until


@dataclass
class RandomRefunds:
    """`wait_for_bill` ends when the order document says what `second` says."""

    shop: Shop
    dice: Random
    order: Json
    second: SecondReckoning
    count: Callable[[str], None]
    wait_for_bill: Callable[[], None]
    paid: list[tuple[str, int]] = field(default_factory=list)
    """The payments that went back, which the bank may still send back: key and amount."""

    def possible(self) -> list[Callable[[], None]]:
        """The acts of which something is left; what may fail is rarer, so it stands twice."""
        left = {
            self.units: self._free_lines(),
            self.reduce: self.second.left,
            self.charge: self._charges_left(),
            self.tax: self.second.taxes_left(),
            self.fail: self.paid,
        }
        return [act for act, is_left in left.items() if is_left] + [self.fail] * bool(self.paid)

    def units(self) -> None:
        line = self.dice.choice(self._free_lines())
        count = self.dice.randint(1, self.second.free_units(line))
        self._give_back("units", items=[{"line_id": self._line_id(line), "quantity": count, "goods": "lost"}])
        self.second.give_back({line: count}, [])
        self.wait_for_bill()

    def reduce(self) -> None:
        line = self.dice.choice([*(n for n in range(len(self.order["items"])) if self.second.left_of_line(n)), None])
        most = self.second.left if line is None else self.second.left_of_line(line)
        amount = self.dice.randint(1, most)
        where = {} if line is None else {"line_id": self._line_id(line)}
        self._give_back("reduce", price_reductions=[{"amount": self._text(amount), **where}])
        if line is None:
            self.second.reduce_order(amount)
        else:
            self.second.reduce_line(line, amount)
        self.wait_for_bill()

    def charge(self) -> None:
        place = self.dice.choice(self._charges_left())
        departed, _, left = self.second.departed_charges[place]
        amount = left.gross if self.dice.random() < 0.5 else self.dice.randint(1, left.gross)
        [sent] = [n for n, part in enumerate(self.second.whole_charges()) if part is departed]
        charges = [charge for owner in (*self.order["ship_groups"], self.order) for charge in owner["charges"]]
        self._give_back("charge", charges=[{"charge_id": charges[sent]["id"], "amount": self._text(amount)}])
        self.second.refund_charge(place, amount)
        self.wait_for_bill()

    def tax(self) -> None:
        """Of a line or of one of its charges."""
        line, place = self.dice.choice(self.second.taxes_left())
        item = self.order["items"][line]
        taxes = [tax for bearer in (item, *item["charges"]) for tax in bearer["taxes"]]
        self._give_back("tax", taxes=[{"tax_id": taxes[place]["id"]}])
        self.second.remove_tax(line, place)
        self.wait_for_bill()

    def fail(self) -> None:
        """The bank sends a payment back: the money is owed again, until a colleague has tried again."""
        key, amount = self.paid.pop(self.dice.randrange(len(self.paid)))
        decide(self.shop.system, key, approved=False)
        send_event(self.shop, "refund_failed", key, decline_code="closed")
        self.second.refunded -= amount
        self.wait_for_bill()
        latest = "SELECT number FROM refunds WHERE order_id = %s ORDER BY position DESC LIMIT 1"
        [(number,)] = self.shop.sql(latest, self.order["id"])
        self.shop.decide(number, REFUSED, CSR, "retry_refund")
        self._remember(number)
        self.count("fail")
        self.second.refunded += amount
        self.wait_for_bill()

    def _give_back(self, kind: str, **body: Any) -> None:
        """A supervisor approves what the table does not grant at once."""
        key, path = {"Idempotency-Key": str(uuid4())}, f"/v1/orders/{self.order['id']}/refunds"
        answer = self.shop.call("POST", path, {**body, "reason": "other"}, **key)
        assert answer.status_code == 201, answer.text
        self.count(kind)
        number = answer.json()["number"]
        wait_until(lambda: self._state(number) != "requested", what="the answer of the table")
        if self._state(number) == "needs_approval":
            self.shop.decide(number, APPROVE, SUPERVISOR, "grant_refund")
        self._remember(number)

    def _remember(self, number: str) -> None:
        decimals = DECIMALS[self.order["currency"]]
        for row in ended(self.shop, number, "paid")["payments"]:
            if row["status"] == "done":
                self.paid.append((row["id"], int(Decimal(row["amount"]).scaleb(decimals))))

    def _state(self, number: str) -> str:
        return str(refund(self.shop, number)["state"])

    def _free_lines(self) -> list[int]:
        return [line for line in range(len(self.order["items"])) if self.second.free_units(line)]

    def _charges_left(self) -> list[int]:
        return [place for place, (_, _, left) in enumerate(self.second.departed_charges) if left.gross]

    def _line_id(self, line: int) -> str:
        return str(self.order["items"][line]["line_id"])

    def _text(self, minor: int) -> str:
        return in_text(minor, self.order["currency"])
