"""The shop pays once: what was tried to get more back than was paid, and does not work."""

from uuid import uuid4

import pytest

from order_api.core.database import transaction
from order_api.integrations.payment.port import GatewayReply, PaymentRequest
from order_api.integrations.payment.simulator import PaymentSimulator
from order_api.refunds.retry import retry_refund
from tests.factories.deaths import Killed, die_once
from tests.factories.gateway_events import carry_out, send_event
from tests.factories.refunds import (
    ONE_BROKEN,
    SUMS,
    WORKER,
    Refunds,
    of_line,
    off,
    order_of,
    paid_order,
    problem,
    unit,
    written_off,
)
from tests.fixtures.service import Client


def doubled(channel: Client) -> tuple[Refunds, str]:
    """Two units, whose first capture was declined and reported late, after its retry: 20.00 are captured twice."""
    refunds = order_of(channel, 3)
    money = refunds.money
    refunds.use_card(f"tok_decline_capture_once:{uuid4()}")
    parcel = money.ship(**{"1": 1})
    refunds.capture_declined(parcel)
    money.capture(parcel, task="retry", retry=True)
    [key, _] = [str(r["id"]) for r in refunds.order()["payments"] if r["kind"] == "capture"]
    return refunds, key


def test_excess_is_not_reckoned_while_another_refund_waits(channel: Client) -> None:
    refunds = order_of(channel, 3)
    money = refunds.money
    money.capture(money.ship(**{"1": 1}), task="first")
    refunds.use_card(f"tok_decline_capture_once:{uuid4()}")
    unpaid = money.ship(**{"1": 2})
    refunds.capture_declined(unpaid)
    waiting = refunds.asked(**unit(1))
    assert (refunds.read(waiting)["ends_unpaid"], refunds.read(waiting)["paid_back"]) == ("10.00", "0.00")
    money.capture(unpaid, task="retry", retry=True)
    assert refunds.sums(*SUMS) == ("30.00", "30.00", "0.00", "0.00")

    assert problem(refunds.ask(excess=True), 409)["code"] == "refund_waiting"
    refunds.cancel(waiting)

    assert refunds.sums(*SUMS) == ("30.00", "30.00", "0.00", "0.00")


def test_what_a_late_capture_reversed_is_not_ended_again_by_a_refund_that_waits(channel: Client) -> None:
    refunds = written_off(channel)
    waiting = refunds.asked(**ONE_BROKEN)
    [key] = refunds.row_ids("capture")
    send_event(channel, "capture_done", key)
    assert carry_out(key) == ["carried_out"]

    assert problem(refunds.ask(**of_line(1, "2")), 409)["code"] == "refund_waiting"
    refunds.grant(waiting)
    refunds.pay(waiting)

    paid = refunds.paid(**of_line(1, "2"))
    assert (refunds.read(waiting)["paid_back"], paid["amount"], paid["paid_back"]) == ("19.70", "44.35", "44.35")


def test_what_is_written_off_is_ended_by_one_refund_at_a_time(channel: Client) -> None:
    refunds = order_of(channel, 2)
    money = refunds.money
    money.capture(money.ship(**{"1": 1}), task="first")
    refunds.use_card("tok_decline_capture")
    refunds.capture_declined(money.ship(**{"1": 1}))
    refunds.write_off()
    shield = refunds.asked(**unit(2))
    assert problem(refunds.ask(**unit(1)), 409)["code"] == "refund_waiting"
    refunds.cancel(shield)
    refunds.paid(**unit(1))

    assert refunds.sums("refunded", "written_off") == ("0.00", "0.00")


def test_refunds_that_waited_before_a_parcel_was_unpaid_are_both_granted(channel: Client) -> None:
    refunds = order_of(channel, 3)
    money = refunds.money
    money.capture(money.ship(**{"1": 2}), task="first")
    waiting = [refunds.asked(**unit(number)) for number in (1, 2)]
    refunds.use_card("tok_decline_capture")
    refunds.capture_declined(money.ship(**{"1": 1}))

    for number in waiting:
        assert refunds.grant(number)

    assert [(refunds.read(n)["ends_unpaid"], refunds.read(n)["paid_back"]) for n in waiting] == [
        ("10.00", "0.00"),
        ("0.00", "10.00"),
    ]


def test_a_refund_that_waits_is_paid_what_the_captured_debt_leaves(channel: Client) -> None:
    refunds = order_of(channel, 3)
    money = refunds.money
    money.capture(money.ship(**{"1": 1}), task="first")
    refunds.use_card(f"tok_decline_capture_once:{uuid4()}")
    unpaid = money.ship(**{"1": 2})
    refunds.capture_declined(unpaid)
    first = refunds.asked(**unit(1))
    money.capture(unpaid, task="retry", retry=True)
    refunds.grant(first)
    refunds.pay(first)

    assert refunds.sums("refunded", "outstanding") == ("10.00", "0.00")


def test_a_capture_without_an_answer_makes_no_excess(channel: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its worker died before the gateway got it; in the end the gateway declines it."""
    refunds = order_of(channel, 1)
    money = refunds.money
    refunds.use_card("tok_decline_capture")
    parcel = money.ship(**{"1": 1})
    refunds.capture_declined(parcel)
    [key] = [str(r["id"]) for r in refunds.order()["payments"] if r["status"] == "declined"]
    die_once(monkeypatch, PaymentSimulator, "capture", after=False)
    with pytest.raises(Killed):
        money.capture(parcel, task="retry", retry=True)
    send_event(channel, "capture_done", key)
    carry_out(key)
    assert refunds.ask(excess=True).status_code == 409
    refunds.capture_declined(parcel)

    assert refunds.sums(*SUMS) == ("10.00", "10.00", "0.00", "0.00")
    assert money.statuses()["capture declined"] == 1


def test_a_refund_waits_for_the_answer_to_a_capture(channel: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    refunds = order_of(channel, 2)
    money = refunds.money
    money.capture(money.ship(**{"1": 1}), task="first")
    parcel = money.ship(**{"1": 1})
    die_once(monkeypatch, PaymentSimulator, "capture", after=False)
    with pytest.raises(Killed):
        money.capture(parcel)
    assert problem(refunds.ask(**unit(1)), 409)["code"] == "payment_in_progress"
    refunds.use_card("tok_decline_capture")
    refunds.capture_declined(parcel)

    refunds.paid(**unit(1))

    assert refunds.sums(*SUMS) == ("10.00", "10.00", "0.00", "0.00")


def test_an_excess_refund_pays_no_more_than_was_approved(channel: Client) -> None:
    refunds = order_of(channel, 3)
    money = refunds.money
    refunds.use_card("tok_decline_capture")
    parcels = [money.ship(**{"1": n}) for n in (1, 2)]
    for parcel in parcels:
        refunds.capture_declined(parcel)
    keys = {r["amount"]: str(r["id"]) for r in refunds.order()["payments"] if r["status"] == "declined"}
    refunds.use_card("tok_approve")
    for parcel in parcels:
        money.capture(parcel, task="retry", retry=True)
    send_event(channel, "capture_done", keys["10.00"])
    carry_out(keys["10.00"])
    number = refunds.asked(excess=True)
    assert refunds.judge(number, "supervisor") == "supervisor"
    assert refunds.read(number)["paid_back"] == "10.00"
    send_event(channel, "capture_done", keys["20.00"])
    carry_out(keys["20.00"])

    refunds.grant(number)

    assert refunds.read(number)["paid_back"] == "10.00"


def test_an_excess_that_the_next_parcel_used_up_ends_with_nothing_paid(channel: Client) -> None:
    refunds, key = doubled(channel)
    send_event(channel, "capture_done", key)
    carry_out(key)
    number = refunds.asked(excess=True)
    refunds.money.capture(refunds.money.ship(**{"1": 1}), task="next")

    refunds.grant(number)
    refunds.pay(number)

    assert refunds.read(number)["paid_back"] == "0.00"
    assert refunds.sums(*SUMS) == ("30.00", "20.00", "0.00", "10.00")


def test_a_supervisor_who_types_infinity_is_asked_again(channel: Client) -> None:
    refunds = paid_order(channel)
    number = refunds.asked(**off("1.00", "1"))

    assert refunds.grant(number, "Infinity") is False


@pytest.mark.parametrize("how", ["retry", "outside"])
def test_a_declined_refund_that_the_provider_made_after_all_is_not_paid_again(channel: Client, how: str) -> None:
    refunds = paid_order(channel, "tok_decline_refund_once")
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    refunds.pay(number)
    key = str(refunds.read(number)["payments"][0]["id"])
    send_event(channel, "refund_done", key)
    first = carry_out(key)

    if how == "retry":
        with transaction() as session:
            retry_refund(session, WORKER, refunds.subject(session, number))
        refunds.pay(number)
    else:
        refunds.redirect(number)
        refunds.book_rest(number)

    assert first == ["carried_out"]
    assert refunds.sums("refunded", "outstanding") == ("19.70", "0.00")
    assert len([row for row in refunds.order()["payments"] if row["kind"] in ("refund", "transfer_outside")]) == 1


def test_a_declined_refund_made_after_its_transfer_is_booked_as_paid_twice(channel: Client) -> None:
    refunds = paid_order(channel, "tok_decline_refund_once")
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    refunds.pay(number)
    key = str(refunds.read(number)["payments"][0]["id"])
    refunds.redirect(number)
    refunds.book(number, "BANK-1")
    send_event(channel, "refund_done", key)

    assert carry_out(key) == ["carried_out"]
    assert refunds.sums("refunded", "outstanding") == ("39.40", "19.70")


def test_an_approval_that_comes_after_a_decline_of_the_same_request_is_booked(
    channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow worker's call is answered after another worker's call of the same request was declined."""
    refunds = paid_order(channel)
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    real = PaymentSimulator.refund

    def slow(self: PaymentSimulator, request: PaymentRequest, capture: str) -> GatewayReply:
        monkeypatch.setattr(PaymentSimulator, "refund", lambda *_: GatewayReply(False, "", "try_again_later"))
        refunds.pay(number)
        refunds.redirect(number)
        refunds.book(number, "BANK-1")
        return real(self, request, capture)

    monkeypatch.setattr(PaymentSimulator, "refund", slow)
    refunds.pay(number)

    assert refunds.given_back_at_the_gateway() == [1970]
    assert refunds.sums("refunded", "outstanding") == ("39.40", "19.70")
