"""Refunds of an order, asked for over HTTP; the steps of their process are called as its tasks would."""

from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from order_api.access.actor import system_actor
from order_api.core.database import transaction
from order_api.core.outside import run
from order_api.outbox.subjects import Subject
from order_api.refunds.grant import grant_refund
from order_api.refunds.judge import judge_refund
from order_api.refunds.pay_back import PayBack
from order_api.refunds.refuse import refuse_refund
from order_api.refunds.repository import get
from tests.factories.money import Money
from tests.factories.orders import Json, charge, discount, line, ship_group, tax
from tests.fixtures.service import Client

WORKER = system_actor("refund")


def three_lines(channel: Client) -> Money:
    """The order of the worked cases AS04 to AS08: lines of 59.10, 44.35 and 6.56, shipping of 6.48."""
    lines = [
        line("19.99", 3, tax("4.50", "0.0825"), line_id="1"),
        line("45.00", 1, tax("3.38", "0.0825"), line_id="2"),
        line("3.33", 2, tax("0.50", "0.0825"), line_id="3"),
    ]
    group = ship_group(charges=[charge("5.99", taxes=[tax("0.49", "0.0825")])])
    return Money(channel, channel.place(*lines, ship_groups=[group], discounts=[discount("10.00", "TEN")]))


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

    def bill(self) -> Json:
        return dict(self.client.get(f"/v1/orders/{self.money.id}").get_json()["bill"])

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
