"""Carries out the worked cases of the bill: maps their acts to routes and stories, in one place."""

import json
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from order_api.core import money as amounts
from order_api.core.database import transaction
from order_api.payments.errors import PaymentDeclined
from order_api.settlement.write_off import write_off_parcels
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.fates import change
from tests.factories.money import Money
from tests.factories.orders import Json, address
from tests.fixtures.service import Client

SAMPLE = Path(__file__).parents[1] / "samples" / "after_sale_cases.json"
ALL_CASES: list[Json] = json.loads(SAMPLE.read_text(encoding="utf-8"))
CASES = [case for case in ALL_CASES if case["issue"] == "bill"]
CASES_OF_REFUNDS = [case for case in ALL_CASES if case["issue"] == "refund"]
CASES_OF_RETURNS = [case for case in ALL_CASES if case["issue"] == "return"]
DECLINES_CAPTURES = """UPDATE simulator_payments SET token = 'tok_decline_capture' WHERE key IN
    (SELECT id FROM payment_transactions WHERE order_id = :id AND kind = 'authorize')"""


class Case:
    """The order of a case, placed and authorized."""

    def __init__(self, channel: Client, order: Json) -> None:
        self.channel = channel
        self.money = Money(channel, channel.place(**body_of(order)), is_at_warehouse=False)
        self.currency = order["currency"]
        self.at_warehouse: set[str] = set()
        self.money.authorize()

    def carry_out(self, act: Json) -> Any:
        [(name, what)] = act.items()
        return getattr(self, f"_{name}")(**what)

    def _cancel(self, units: dict[str, int]) -> Json:
        """Its preview tells the same sums."""
        items = [{"line_id": line_id, "quantity": count} for line_id, count in units.items()]
        path = f"/v1/orders/{self.money.id}/cancellations"
        preview = self.channel.post(f"{path}/preview", {"items": items})
        answer = self.channel.post(path, {"items": items, "reason": "changed_mind"}, Idempotency_Key=str(uuid4()))
        assert (preview.status_code, answer.status_code) == (200, 200), answer.text
        return dict(preview.get_json())

    def _ship(self, parcel: str, units: dict[str, int], capture: str = "approved") -> list[int]:
        """Returns the captures of the parcel."""
        if new := set(units) - self.at_warehouse:
            hand_to_fulfillment(self.money.order, *new)
            self.at_warehouse |= new
        shipment_id = self.money.ship(**units)
        if capture == "declined":
            change(self.money, DECLINES_CAPTURES)
        before = len(self.money.done().get("capture", []))
        with suppress(PaymentDeclined):
            self.money.capture(shipment_id, task=parcel)
        return self.money.done().get("capture", [])[before:]

    def _write_off(self, amount: str) -> None:
        with transaction() as session:
            write_off_parcels(session, self.money.actor, self.money.id, None, "write-off")

    def document(self) -> Json:
        return dict(self.channel.get(f"/v1/orders/{self.money.id}").get_json())

    def text(self, minor: int) -> str:
        return amounts.to_text(minor, self.currency)

    def minor(self, text: str) -> int:
        return amounts.to_minor(Decimal(text), self.currency)


def body_of(order: Json) -> Json:
    """The order of a case with what every order needs besides its prices."""
    groups = [{"method": "standard", "address": address(), **group} for group in order["ship_groups"]]
    tenders = [{"token": "tok_approve", **tender} for tender in order["tenders"]]
    return {**order, "ship_groups": groups, "tenders": tenders}
