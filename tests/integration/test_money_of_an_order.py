"""An order's money from authorization to its end, through the workers' stories: authorized = captured + voided."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.errors import OutsideSystemUnavailable
from order_api.integrations.payment.port import GatewayReply, PaymentRequest
from order_api.integrations.payment.simulator import PaymentSimulator
from order_api.outbox import announce
from order_api.outbox.lanes import PAYMENT
from order_api.outbox.models import OutboxRow, RowKind
from order_api.payments.errors import PaymentDeclined, ShippedUnpaid
from order_api.settlement.errors import ItemsStillOpen
from tests.factories.fates import shipment_ids
from tests.factories.money import Money, mc10
from tests.factories.orders import line
from tests.factories.stories import authorize_payment, cancel_items, close_order, void_payment
from tests.fixtures.service import Client
from workers.deliver_row import deliver_row


def test_mc10_each_shipment_is_captured_and_nothing_is_left_to_void(channel: Client) -> None:
    money = mc10(channel)
    money.authorize()
    money.ship(A=1, B=1)
    money.capture()
    money.ship(A=1, C=1)
    money.capture()

    close_order(money.actor, money.id)

    assert money.done() == {"authorize": [101_39], "capture": [63_59, 37_80]}


def test_mc10_what_is_left_of_an_authorization_is_released_at_the_end(channel: Client) -> None:
    """Trap 16."""
    money = mc10(channel)
    money.authorize()
    money.ship(A=1, B=1)
    money.capture()
    cancel_items(money.actor, money.id, money.items["C"])
    money.ship(A=1)
    money.capture()

    close_order(money.actor, money.id)

    assert money.done() == {"authorize": [101_39], "capture": [63_59, 21_60], "void": [16_20]}


def test_a_card_is_captured_before_an_invoice(channel: Client) -> None:
    tenders = [{"type": "invoice", "amount": "41.39"}, {"type": "card", "token": "tok_approve", "amount": "60.00"}]
    money = mc10(channel, tenders=tenders)
    money.authorize()
    money.ship(A=1, B=1)

    money.capture()

    assert money.done() == {"authorize": [41_39, 60_00], "capture": [60_00, 3_59]}


def test_a_task_that_comes_twice_moves_no_money_twice(channel: Client) -> None:
    money = mc10(channel)
    money.authorize()
    money.authorize()
    money.ship(A=2, B=1, C=1)
    money.capture()
    money.capture()
    void_payment(money.actor, money.id, "void")
    void_payment(money.actor, money.id, "void")

    assert money.done() == {"authorize": [101_39], "capture": [101_39]}


def test_a_declined_card_stays_declined_until_a_person_decides_to_retry(channel: Client) -> None:
    money = mc10(channel, tenders=[{"type": "card", "token": f"tok_decline_once:{uuid4()}", "amount": "101.39"}])
    with pytest.raises(PaymentDeclined):
        money.authorize("first")
    with pytest.raises(PaymentDeclined):
        money.authorize("first again")

    authorize_payment(money.actor, money.id, "decided", retry=True)

    assert money.statuses() == {"authorize declined": 1, "authorize done": 1}


def test_a_declined_capture_is_tried_again_once_per_decision(channel: Client) -> None:
    token = f"tok_decline_capture_once:{uuid4()}"
    money = mc10(channel, tenders=[{"type": "card", "token": token, "amount": "101.39"}])
    money.authorize()
    money.ship(A=2, B=1, C=1)
    with pytest.raises(PaymentDeclined):
        money.capture(task="first")

    money.capture(task="decided", retry=True)

    assert money.done() == {"authorize": [101_39], "capture": [101_39]}


def test_a_parcel_is_captured_while_other_units_of_its_items_are_still_to_ship(channel: Client) -> None:
    money = mc10(channel)
    money.authorize()
    parcel = money.ship(A=1)

    money.capture(parcel)

    assert money.done()["capture"] == [27_59]


def test_the_task_of_a_parcel_captures_no_other_parcel(channel: Client) -> None:
    money = mc10(channel)
    money.authorize()
    money.ship(A=1)
    second = money.ship(B=1)

    money.capture(second)

    assert money.done()["capture"] == [36_00]


@pytest.fixture
def leaves_while_another_is_captured(channel: Client, monkeypatch: pytest.MonkeyPatch) -> Money:
    """An order of two units. The second leaves while the gateway captures the first."""
    money = Money(channel, channel.place(items=[line("10.00", 2, line_id="A")]))
    money.authorize()
    take = PaymentSimulator.capture

    def take_while_a_parcel_leaves(gateway: PaymentSimulator, *asked: Any) -> GatewayReply:
        if not money.done().get("capture"):
            money.ship(A=1)
        return take(gateway, *asked)

    monkeypatch.setattr(PaymentSimulator, "capture", take_while_a_parcel_leaves)
    return money


def test_a_parcel_that_leaves_while_another_is_captured_has_its_message_waiting(
    leaves_while_another_is_captured: Money,
) -> None:
    money = leaves_while_another_is_captured
    first = money.ship(A=1)

    money.capture(first)

    [second] = set(shipment_ids(money)) - {first}
    assert (money.waiting_messages(first), money.waiting_messages(second)) == ([], ["parcel-left"])
    assert money.done()["capture"] == [1000]


def test_a_parcel_that_leaves_while_all_are_captured_is_captured_too(leaves_while_another_is_captured: Money) -> None:
    money = leaves_while_another_is_captured
    money.ship(A=1)

    money.capture()

    assert money.done()["capture"] == [1000, 1000]


def test_each_request_tells_the_gateway_the_number_of_the_order(
    channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Customer service searches the gateway's dashboard by it."""
    numbers: dict[str, set[str]] = {}
    for method in ("authorize", "capture", "void"):
        original = getattr(PaymentSimulator, method)

        def ask(gateway: PaymentSimulator, request: PaymentRequest, *more: str, original: Any = original) -> Any:
            numbers.setdefault(original.__name__, set()).add(request.order_number)
            return original(gateway, request, *more)

        monkeypatch.setattr(PaymentSimulator, method, ask)
    money = Money(channel, channel.place(items=[line("10.00", 2, line_id="A")]))
    money.authorize()
    money.ship(A=1)
    money.capture()
    void_payment(money.actor, money.id, "void")

    assert numbers == {"authorize": {money.number}, "capture": {money.number}, "void": {money.number}}


def test_an_order_given_up_before_anything_shipped_releases_everything(channel: Client) -> None:
    money = mc10(channel)
    money.authorize()

    void_payment(money.actor, money.id, "void")

    assert money.done() == {"authorize": [101_39], "void": [101_39]}


def test_no_money_is_released_while_something_that_left_is_not_paid(channel: Client) -> None:
    money = mc10(channel)
    money.authorize()
    money.ship(A=2, B=1)
    money.capture()
    money.ship(C=1)

    with pytest.raises(ShippedUnpaid, match="unpaid shipments: 1"):
        void_payment(money.actor, money.id, "too early")

    assert "void" not in money.done()


def test_an_order_that_costs_nothing_asks_no_gateway(channel: Client) -> None:
    money = Money(channel, channel.place(line("0.00", line_id="A"), tenders=[]))
    money.authorize()
    money.ship(A=1)
    money.capture()

    close_order(money.actor, money.id)

    assert money.done() == {}


def test_an_order_with_an_item_that_its_flow_has_lost_is_not_closed(channel: Client) -> None:
    money = mc10(channel)
    money.authorize()
    money.ship(A=2)
    money.capture()

    with pytest.raises(ItemsStillOpen, match="have neither shipped nor been canceled"):
        close_order(money.actor, money.id)


def lose_the_answer_once(void: Callable[..., GatewayReply]) -> Callable[..., GatewayReply]:
    lost: list[GatewayReply] = []

    def answer(*call: object) -> GatewayReply:
        if not lost:
            lost.append(void(*call))
            raise OutsideSystemUnavailable("No answer.")
        return void(*call)

    return answer


def test_an_authorization_that_arrives_after_the_undo_took_it_for_lost_is_released(
    channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker hung inside the call while the undo gave its request up. The first answer to the release is lost too."""
    money = Money(channel, channel.place(line("10.00")))
    authorize, before = PaymentSimulator.authorize, clock.now()

    def slowly(simulator: PaymentSimulator, *call: object) -> GatewayReply:
        monkeypatch.setattr(clock, "now", lambda: before + timedelta(minutes=1))
        void_payment(money.actor, money.id, "undo")
        assert money.statuses() == {"authorize lost": 1}
        return authorize(simulator, *call)  # type: ignore[arg-type]

    monkeypatch.setattr(PaymentSimulator, "authorize", slowly)
    money.authorize()
    assert money.done() == {"authorize": [10_00]}

    monkeypatch.setattr(PaymentSimulator, "void", lose_the_answer_once(PaymentSimulator.void))
    with transaction() as session:
        of_payment = select(OutboxRow).where(
            OutboxRow.business_key == money.number, OutboxRow.kind == RowKind.VOID_PAYMENT
        )
        row = session.scalars(of_payment).one()
    tries = [deliver_row(row).state for _ in range(3)]

    assert tries == ["pending", "delivered", "delivered"]
    assert money.done() == {"authorize": [10_00], "void": [10_00]}


def test_a_release_that_the_gateway_declines_for_good_is_asked_for_once_and_then_shown_as_stuck(
    channel: Client,
) -> None:
    tenders = [{"type": "card", "token": f"tok_decline_void:{uuid4()}", "amount": "10.00"}]
    money = Money(channel, channel.place(line("10.00"), tenders=tenders))
    money.authorize()
    with transaction() as session:
        announce.request_work(session, PAYMENT, RowKind.VOID_PAYMENT, money.number, order_id=money.id)
        row = session.scalars(
            select(OutboxRow).where(OutboxRow.business_key == money.number, OutboxRow.kind == RowKind.VOID_PAYMENT)
        ).one()

    result = deliver_row(row)

    assert (result.state, result.reason) == ("given_up", "The gateway refuses to release 10.00 USD: card_declined.")
    assert money.statuses() == {"authorize done": 1, "void declined": 1}
