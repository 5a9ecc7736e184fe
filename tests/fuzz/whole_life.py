"""Right requests: an order from its placing to its returns, so that every operation is answered 2xx."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from uuid import uuid4

from order_api.payments.errors import PaymentDeclined
from order_api.words import Role
from tests.factories.companies import PASSWORD
from tests.factories.gateway_events import send_event
from tests.factories.money import Money
from tests.factories.orders import Json, line
from tests.factories.random_orders import random_order
from tests.factories.refunds import Refunds, three_lines
from tests.factories.returned_goods import Returns
from tests.fuzz.caller import Caller

BROKEN: Json = {"items": [{"line_id": "1", "quantity": 1, "goods": "broken"}], "reason": "arrived_broken"}


@dataclass(frozen=True)
class Callers:
    """Those of one company."""

    channel: Caller
    warehouse: Caller
    admin: Caller
    supervisor: Caller
    visitor: Caller

    def always_right(self) -> "Callers":
        """Whose requests must never be refused."""
        return Callers(**{name: replace(caller, is_right=True) for name, caller in vars(self).items()})


def random_body(callers: Callers, dice: Random) -> Json:
    """Of an order that adds up, with a mark of its own."""
    channel = callers.channel
    own = {"collection": channel.company.key, "channel": "web", "external_id": channel.tally.mark()}
    return random_order(dice).body | own


class WholeLife:
    def __init__(self, callers: Callers, dice: Random) -> None:
        self.callers, self.dice, self.mark = callers.always_right(), dice, callers.channel.tally.mark
        self.stories: list[Callable[[], None]] = [self.reads, self.goods, self.money, self.refunds, self.returns]

    def live(self) -> None:
        self.dice.choice(self.stories)()

    def placed(self, **changes: Any) -> Json:
        answer = self.callers.channel.post("/v1/orders", random_body(self.callers, self.dice) | changes)
        return dict(answer.get_json())

    def reads(self) -> None:
        order, channel = self.placed(note=self.mark()), self.callers.channel
        path = f"/v1/orders/{order['id']}"
        for each in (path, f"{path}/history", f"{path}/options", "/v1/refunds", "/v1/returns", "/v1/owed"):
            channel.get(each)
        page = channel.get("/v1/orders", limit=self.dice.randint(1, 9)).get_json()
        channel.get("/v1/orders", cursor=page["next_cursor"]) if page["next_cursor"] else None
        channel.post(f"{path}/notes", {"text": self.mark()})
        channel.post(f"{path}/cancellations/preview", {})
        channel.post(f"{path}/cancellations", {"reason": self.mark()})

    def goods(self) -> None:
        channel, warehouse, sku = self.callers.channel, self.callers.warehouse, self.mark()
        warehouse.post("/v1/inventory/receipts", {"reference": self.mark(), "sku": sku, "quantity": 9})
        money = Money(channel, channel.place(line("10.00", 3, sku=sku), line("5.00", line_id="2")))
        lines = [{"line_id": "1", "quantity": 2}]
        parcel = {"carrier": "dhl", "tracking_number": self.mark(), "lines": lines}
        shipment = warehouse.post(f"/v1/orders/{money.id}/shipments", parcel).get_json()
        warehouse.post(f"/v1/shipments/{shipment['id']}/deliveries", {})
        report = {"reason": "damaged", "note": self.mark()}
        warehouse.post(f"/v1/items/{money.items['2']}/unable-to-ship", report)
        one = {"items": [{"line_id": "1", "quantity": 1}], "reason": "customer_changed_mind"}
        channel.post(f"/v1/orders/{money.id}/cancellations", one, Idempotency_Key=str(uuid4()))

    def money(self) -> None:
        channel = self.callers.channel
        tender = {"type": "card", "token": f"tok_decline:{uuid4()}", "amount": "10.00"}
        money = Money(channel, channel.place(line("10.00"), tenders=[tender]))
        with suppress(PaymentDeclined):
            money.authorize()
        token = f"tok_approve:{self.mark()}"
        channel.post(f"/v1/orders/{money.id}/payments", {"type": "card", "token": token})
        money.authorize("again")
        send_event(self.callers.visitor, "refund_done", str(uuid4()), event_id=self.mark())
        self.log_in()

    def log_in(self) -> None:
        name = self.callers.channel.company.staff[Role.CSR_ASSOCIATE]
        credentials = {"username": name, "password": PASSWORD}
        # Refused while another password is being checked.
        replace(self.callers.visitor, is_right=False).post("/v1/tokens", credentials)

    def refunds(self) -> None:
        channel = self.callers.channel
        refunds = Refunds(channel, self._paid())
        refunds.preview(items=BROKEN["items"])
        number = refunds.ask(**BROKEN, note=self.mark()).get_json()["number"]
        channel.get(f"/v1/refunds/{number}")
        channel.post(f"/v1/refunds/{number}/cancel", {"reason": self.mark()})
        number = refunds.ask(**BROKEN, destination="outside").get_json()["number"]
        refunds.judge(number)
        refunds.grant(number)
        refunds.pay(number)
        self.callers.supervisor.post(f"/v1/refunds/{number}/bookings", {"reference": self.mark()})

    def _paid(self) -> Money:
        money = three_lines(self.callers.channel)
        money.authorize()
        money.capture(money.ship(**{"1": 3, "2": 1, "3": 2}))
        return money

    def returns(self) -> None:
        channel, warehouse = self.callers.channel, self.callers.warehouse
        returns = Returns(Refunds(channel, self._paid()))
        path = f"/v1/orders/{returns.money.id}/returns"
        back = {"items": [{"line_id": "1", "quantity": 2, "reason": "too_small"}]}
        channel.post(f"{path}/preview", back)
        number = channel.post(path, back | {"comment": self.mark()}, Idempotency_Key=str(uuid4())).get_json()["number"]
        scan = {"reference": self.mark(), "at": "2026-11-30T10:00:00Z"}
        warehouse.post(f"/v1/returns/{number}/scans", scan)
        channel.get(f"/v1/returns/{number}")
        if self.dice.random() < 0.3:
            channel.post(f"/v1/returns/{number}/cancel", {"reason": self.mark()})
            return
        arrived = {"reference": self.mark(), "items": [{"line_id": "1", "quantity": 2}]}
        receipt = warehouse.post(f"/v1/returns/{number}/receipts", arrived).get_json()["receipt_id"]
        verdicts = [{"line_id": "1", "quantity": 1, "verdict": verdict} for verdict in ("scrap", "resellable")]
        warehouse.post(
            f"/v1/returns/{number}/receipts/{receipt}/verdicts", {"verdicts": verdicts}, Idempotency_Key=str(uuid4())
        )
