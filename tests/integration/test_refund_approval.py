"""What the approval table is asked about a refund: what the asker and the customer got before, and since when."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from order_api.access.actor import Actor
from order_api.core.database import transaction
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.refunds.approval import ApprovalQuestion, approval_question
from tests.factories.gateway_events import carry_out, send_event
from tests.factories.money import Money
from tests.factories.orders import line
from tests.factories.refunds import Refunds, off
from tests.fixtures.service import Client


def bought(channel: Client, **customer: str) -> Refunds:
    """An order of 100.00 that has shipped and is paid."""
    customer = {"type": "registered" if "id" in customer else "guest", **customer}
    money = Money(channel, channel.place(line("50.00", 2), customer=customer))
    money.authorize()
    money.capture(money.ship(**{"1": 2}))
    return Refunds(channel, money)


def asked(refunds: Refunds, amount: int = 30_00, actor: Actor | None = None) -> ApprovalQuestion:
    with transaction() as session:
        order = repository.get_with(session, refunds.money.actor, refunds.money.id, Order.items)
        return approval_question(session, actor or refunds.money.actor, order, amount, "other")


def age(refunds: Refunds, days: float) -> None:
    older = "UPDATE refunds SET requested_at = requested_at - make_interval(secs => :secs) WHERE order_id = :id"
    with transaction() as session:
        session.execute(text(older), {"secs": days * 86_400, "id": refunds.money.id})


def of_customer(question: ApprovalQuestion) -> tuple[int, str]:
    return question.customer_refunds, question.customer_refunded


def test_the_share_is_a_whole_percent_rounded_up_and_at_most_100(channel: Client) -> None:
    refunds = bought(channel, id=str(uuid4()))

    assert [asked(refunds, amount).share_of_order for amount in (1, 30_00, 30_01, 200_00)] == [1, 30, 31, 100]
    assert asked(refunds).refund_amount == "30.00"


@pytest.mark.parametrize(
    ("days", "today", "month"), [(0, "10.00", "10.00"), (29, "0.00", "10.00"), (31, "0.00", "0.00")]
)
def test_what_the_asker_has_asked_for_counts_today_and_in_30_days(
    channel: Client, days: int, today: str, month: str
) -> None:
    refunds = bought(channel, id=str(uuid4()))
    asker = replace(refunds.money.actor, id=uuid4().hex)
    refunds.paid(**off("10.00"))
    with transaction() as session:
        own = "UPDATE refunds SET requested_by = :asker WHERE order_id = :id"
        session.execute(text(own), {"asker": asker.id, "id": refunds.money.id})
    age(refunds, days)

    question = asked(refunds, actor=asker)

    assert (question.granted_today, question.granted_in_30_days) == (today, month)


@pytest.mark.parametrize(("days", "counted"), [(89, (1, "10.00")), (91, (0, "0.00"))])
def test_refunds_of_a_customer_count_for_90_days(channel: Client, days: int, counted: tuple[int, str]) -> None:
    customer = str(uuid4())
    refunds = bought(channel, id=customer)
    refunds.paid(**off("10.00"))
    age(refunds, days)

    assert of_customer(asked(bought(channel, id=customer))) == counted
    assert of_customer(asked(bought(channel, id=str(uuid4())))) == (0, "0.00")


def test_a_guest_is_known_by_the_address_in_lower_case(channel: Client) -> None:
    name = uuid4().hex
    bought(channel, email=f"{name}.MARY@Example.com").paid(**off("10.00"))

    assert of_customer(asked(bought(channel, email=f"{name}.mary@example.COM"))) == (1, "10.00")


def test_what_waits_counts_and_what_was_refused_canceled_or_taken_over_does_not(channel: Client) -> None:
    customer = str(uuid4())
    refunds = bought(channel, id=customer)
    waits, refused = refunds.asked(**off("10.00")), bought(channel, id=customer)
    number = refused.asked(**off("20.00"))
    refused.judge(number, "refused", "No.")
    refused.refuse(number)
    failed = bought(channel, id=customer)
    key = failed.paid(**off("5.00"))["payments"][0]["id"]
    send_event(channel, "refund_failed", key)
    carry_out(key)

    assert of_customer(asked(refunds)) == (2, "15.00")
    assert channel.post(f"/v1/refunds/{waits}/cancel", {"reason": "Found it."}).status_code == 200
    assert of_customer(asked(refunds)) == (1, "5.00")


def test_refunds_that_are_asked_for_at_once_count_each_other(channel: Client) -> None:
    """Otherwise a person could ask for any sum, as long as each refund is small and all come at the same moment."""
    several = [bought(channel, id=str(uuid4())) for _ in range(6)]

    with ThreadPoolExecutor(len(several)) as pool:
        numbers = list(pool.map(lambda refunds: refunds.asked(**off("10.00")), several))

    sum_ = """substring(payload::text FROM '"granted_today": "([0-9.]+)"')"""
    asked_before = f"SELECT {sum_} FROM outbox WHERE business_key = ANY(:numbers)"
    with transaction() as session:
        sums = sorted(session.scalars(text(asked_before), {"numbers": numbers}))
    assert len({float(each) for each in sums}) == len(several), sums
