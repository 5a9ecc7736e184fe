"""Plays the worked cases of returns on a running system: from the order to the money, as channel and warehouse do."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.factories import engine_refunds as refunds
from tests.factories import engine_returns as returns
from tests.factories.after_sale import CASES_OF_RETURNS, body_of
from tests.factories.orders import Json
from tests.fixtures.designer import add_row
from tests.fixtures.shop import Shop
from tests.fixtures.system import wait_until

POLICY, FEES = Path("decisions/return-policy.dmn"), Path("decisions/return-fees.dmn")
REASONS = {"damaged": "arrived_broken"}
"""Where the list of the collection has another word."""


def mc08() -> Iterator[Json]:
    """Line B of MC01: a restocking fee of 15 % on what is refundable, waived when the seller is at fault."""
    like = next(case for case in CASES_OF_RETURNS if case["id"] == "AS22")
    [shipped, returned] = like["steps"]
    for reason, back, due in (("changed_mind", "37.70", "78.79"), ("damaged", "44.35", "72.14")):
        act = {"return": {**returned["act"]["return"], "reason": reason}}
        expected = {"paid_back": back, "refunded": back, "due": due, "outstanding": "0.00"}
        yield {**like, "id": f"MC08 {reason}", "steps": [shipped, {"act": act, "expect": expected}]}


CASES = [*CASES_OF_RETURNS, *mc08()]


def write_rows(models: Path) -> None:
    """The tables answer what each case says: the customer's group is its name."""
    inspected = {"decision": '"accept"', "goods_kept": "false", "refund_when": '"inspected"', "inspect": "true"}
    for case in CASES:
        name, [first, *_] = case["id"].lower().replace(" ", "_"), _returns_of(case)
        of_case = {"customer_groups": f'list contains(?, "{case["id"]}")'}
        shipping = '"all_at_once"' if "charges" in first else '"none"'
        add_row(models, POLICY, name, of_case, {**inspected, "shipping_back": shipping, "refund_days": "14"})
        for number, fee in enumerate(first.get("fees", ())):
            add_row(models, FEES, f"{name}_{number}", of_case, _answer(fee))


def _answer(fee: Json) -> dict[str, str]:
    words = {name: f'"{text}"' for name, text in fee.items() if name in ("type", "of", "per", "tax")}
    size = {"percent": str(Decimal(fee["percent"]) * 100)} if "percent" in fee else {"amount": str(fee["amount"])}
    return {**words, **size, "words": '"Kept"'}


def _returns_of(case: Json) -> list[Json]:
    return [step["act"]["return"] for step in case["steps"] if "return" in step["act"]]


class ReturnOnEngine:
    def __init__(self, shop: Shop, case: Json) -> None:
        self.shop, self.case = shop, case
        customer = {"type": "registered", "id": str(uuid4()), "name": "Ada", "groups": [case["id"]]}
        customer["email"] = f"{uuid4().hex}@example.com"
        self.order = shop.place(**body_of(case["order"]), customer=customer)
        self.number: str | None = None
        self.arrived = 0

    def play(self) -> list[Json]:
        """What each step gave back, and the bill after it."""
        return [self._carry_out(**step["act"]) | self._bill() for step in self.case["steps"]]

    def _carry_out(self, **act: Json) -> Json:
        [(name, what)] = act.items()
        result: Json = getattr(self, f"_{name}")(**what)
        return result

    def _ship(self, parcel: str, units: dict[str, int]) -> Json:
        self.shop.ship(self.order, *(units[item["line_id"]] for item in self.order["items"]))
        self.shop.deliver_all(self.order)
        self.shop.wait_for_status(self.order["id"], "completed")
        return {}

    def _price_reduction(self, amount: str, on: str, **_: str) -> Json:
        wanted = [{"amount": amount, "line_id": on.removeprefix("line ")}]
        number = refunds.ask(self.shop, self.order, price_reductions=wanted, reason="price_promised")
        return {"paid_back": refunds.ended(self.shop, number, "paid")["paid_back"]}

    def _return(
        self, items: dict[str, int], announced: dict[str, int] | None = None, reason: str = "changed_mind", **_: Any
    ) -> Json:
        units = {f"_{line_id}": count for line_id, count in items.items()}
        if self.number is None:
            coming = {f"_{line_id}": count for line_id, count in (announced or items).items()}
            reason = REASONS.get(reason, reason)
            self.number = returns.announce_as(self.shop, self.order, coming, reason=reason)
        number, shop = self.number, self.shop
        shop.wait_for_activity(number, returns.FOR_GOODS)
        self.arrived += 1
        receipt = returns.receive(shop, number, f"DOCK-{self.arrived}", **units)
        shop.wait_for_task(number, returns.INSPECT)
        returns.judge(shop, number, receipt, "resellable", **units)
        wait_until(lambda: len(self._refunds()) == self.arrived, what="the refund of the parcel")
        return {"paid_back": refunds.ended(shop, self._refunds()[-1]["number"], "paid")["paid_back"]}

    def _refunds(self) -> list[Json]:
        assert self.number is not None
        return list(returns.read(self.shop, self.number)["refunds"])

    def _bill(self) -> Json:
        bill: Json = self.shop.order(self.order["id"])["bill"]
        return bill
