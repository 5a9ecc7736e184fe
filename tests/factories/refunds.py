"""Refunds of an order, asked for over HTTP; the steps of their process are called as its tasks would."""

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from order_api.access.actor import system_actor
from order_api.core.database import transaction
from order_api.core.errors import OutsideSystemUnavailable
from order_api.core.outside import run
from order_api.outbox.subjects import Subject
from order_api.payments.errors import PaymentDeclined
from order_api.refunds.book import book_refund
from order_api.refunds.errors import NothingToBook
from order_api.refunds.grant import grant_refund
from order_api.refunds.judge import judge_refund
from order_api.refunds.pay_back import PayBack
from order_api.refunds.refuse import refuse_refund
from order_api.refunds.repository import get
from order_api.refunds.retry import redirect_refund, retry_refund
from order_api.settlement.write_off import write_off_parcels
from tests.factories.money import Money
from tests.factories.orders import Json, charge, discount, line, ship_group, tax
from tests.fixtures.service import Client, refusal

WORKER = system_actor("refund")


def three_lines(channel: Client, token: str = "tok_approve") -> Money:
    """The order of the worked cases AS04 to AS08: lines of 59.10, 44.35 and 6.56, shipping of 6.48."""
    lines = [
        line("19.99", 3, tax("4.50", "0.0825"), line_id="1"),
        line("45.00", 1, tax("3.38", "0.0825"), line_id="2"),
        line("3.33", 2, tax("0.50", "0.0825"), line_id="3"),
    ]
    group = ship_group(charges=[charge("5.99", taxes=[tax("0.49", "0.0825")])])
    order = channel.place(
        *lines,
        ship_groups=[group],
        discounts=[discount("10.00", "TEN")],
        tenders=[{"type": "card", "token": f"{token}:{uuid4()}", "amount": "116.49"}],
    )
    return Money(channel, order)


def paid_order(channel: Client, token: str = "tok_approve") -> "Refunds":
    """The order of `three_lines`, all shipped in one parcel and paid."""
    money = three_lines(channel, token)
    money.authorize()
    money.capture(money.ship(**{"1": 3, "2": 1, "3": 2}))
    return Refunds(channel, money)


def written_off(channel: Client) -> "Refunds":
    """The order of `three_lines`, all shipped; its capture was declined and the amount written off."""
    money = three_lines(channel, "tok_decline_capture")
    money.authorize()
    with suppress(PaymentDeclined):
        money.capture(money.ship(**{"1": 3, "2": 1, "3": 2}))
    with transaction() as session:
        write_off_parcels(session, money.actor, money.id, None, "write-off")
    return Refunds(channel, money)


ONE_BROKEN: Json = {"items": [{"line_id": "1", "quantity": 1, "goods": "broken"}]}
SUMS = ("due", "captured", "refunded", "outstanding")


def unit(*numbers: int) -> Json:
    """Units of the first line that arrived broken."""
    return {"items": [{"line_id": "1", "units": list(numbers), "goods": "broken"}]}


def order_of(channel: Client, quantity: int, **changes: object) -> "Refunds":
    """An authorized order of one line at 10.00 a unit."""
    money = Money(channel, channel.place(line("10.00", quantity), **changes))
    money.authorize()
    return Refunds(channel, money)


def off(amount: str, line_id: str | None = None) -> Json:
    """A price reduction of a line, or of the order."""
    return {"price_reductions": [{"amount": amount} | ({"line_id": line_id} if line_id else {})]}


def of_line(quantity: int, line_id: str = "1", goods: str = "broken") -> Json:
    return {"items": [{"line_id": line_id, "quantity": quantity, "goods": goods}]}


def problem(answer: Any, status: int) -> Json:
    assert answer.status_code == status, answer.text
    return refusal(answer)


class Refunds:
    """The refunds of one order."""

    def __init__(self, client: Client, money: Money) -> None:
        self.client, self.money = client, money
        self.path = f"/v1/orders/{money.id}/refunds"

    def preview(self, **body: Any) -> Any:
        return self.client.post(f"{self.path}/preview", body)

    def ask(self, reason: str = "arrived_broken", key: str | None = None, **body: Any) -> Any:
        return self.client.post(self.path, {**body, "reason": reason}, Idempotency_Key=key or str(uuid4()))

    def asked(self, **body: Any) -> str:
        """The number of the new refund."""
        answer = self.ask(**body)
        assert answer.status_code == 201, answer.text
        return str(answer.get_json()["number"])

    def paid(self, **body: Any) -> Json:
        """A refund that is granted and paid back at once."""
        number = self.asked(**body)
        self.grant(number)
        self.pay(number)
        return self.read(number)

    def read(self, number: str) -> Json:
        return dict(self.client.get(f"/v1/refunds/{number}").get_json())

    def order(self) -> Json:
        return dict(self.client.get(f"/v1/orders/{self.money.id}").get_json())

    def bill(self) -> Json:
        return dict(self.order()["bill"])

    def sums(self, *names: str) -> tuple[str, ...]:
        bill = self.bill()
        return tuple(bill[name] for name in names)

    def judge(self, number: str, answer: object = "at_once", words: object = None) -> str:
        with transaction() as session:
            return judge_refund(session, WORKER, self.subject(session, number), answer, words)

    def grant(self, number: str, lowered_to: object = None) -> bool:
        with transaction() as session:
            return grant_refund(session, WORKER, self.subject(session, number), lowered_to)

    def refuse(self, number: str) -> None:
        with transaction() as session:
            refuse_refund(session, WORKER, self.subject(session, number))

    def pay(self, number: str) -> PayBack:
        with transaction() as session:
            subject = self.subject(session, number)
        return run(PayBack(WORKER, subject))

    def subject(self, session: Session, number: str) -> Subject:
        return get(session, WORKER, number).subject

    def retry(self, number: str) -> None:
        with transaction() as session:
            retry_refund(session, WORKER, self.subject(session, number))

    def redirect(self, number: str) -> None:
        with transaction() as session:
            redirect_refund(session, WORKER, self.subject(session, number))

    def book(self, number: str, reference: str) -> None:
        with transaction() as session:
            book_refund(session, WORKER, number, reference)

    def book_rest(self, number: str) -> None:
        """Nothing happens to a refund of which nothing is to be paid outside."""
        with suppress(NothingToBook):
            self.book(number, "BANK-1")

    def capture_declined(self, shipment_id: UUID) -> None:
        with suppress(PaymentDeclined):
            self.money.capture(shipment_id)

    def row_ids(self, kind: str) -> list[str]:
        return [str(row["id"]) for row in self.order()["payments"] if row["kind"] == kind]

    def cancel(self, number: str) -> None:
        answer = self.client.post(f"/v1/refunds/{number}/cancel", {"reason": "Found it."})
        assert answer.status_code == 200, answer.text

    def write_off(self) -> None:
        with transaction() as session:
            write_off_parcels(session, self.money.actor, self.money.id, None, "write-off")

    def use_card(self, token: str) -> None:
        """From now on, the simulated gateway treats the order's card like this one."""
        keys = "SELECT id FROM payment_transactions WHERE order_id = :id"
        with transaction() as session:
            change = text(f"UPDATE simulator_payments SET token = :token WHERE key IN ({keys})")
            session.execute(change, {"id": self.money.id, "token": token})

    def send_back_at_the_gateway(self, key: str) -> None:
        """The bank sends the money of this refund back to the simulated gateway."""
        with transaction() as session:
            change = "SET token = 'tok_fail_refund_later', decides_at = now() WHERE key = :key"
            session.execute(text(f"UPDATE simulator_payments {change}"), {"key": UUID(key)})

    def pay_until_answered(self, number: str) -> None:
        """The task is tried again after a lost answer."""
        for _ in range(2):
            with suppress(OutsideSystemUnavailable):
                self.pay(number)

    def given_back_at_the_gateway(self) -> list[int]:
        keys = "SELECT id FROM payment_transactions WHERE order_id = :id AND kind = 'refund'"
        with transaction() as session:
            query = text(f"SELECT amount FROM simulator_payments WHERE approved AND key IN ({keys}) ORDER BY at")
            return list(session.scalars(query, {"id": self.money.id}))
