"""A gateway's messages, each about one request, beside messages about others, our own calls, and what people booked."""

from contextlib import suppress
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from order_api.cli import main
from order_api.core.database import transaction
from order_api.core.errors import NotYet, OutsideSystemUnavailable
from order_api.integrations.payment.port import GatewayReply, PaymentRequest
from order_api.integrations.payment.simulator import PaymentSimulator
from tests.factories.disorder import declined_then_tried_again, first_try, make_old
from tests.factories.gateway_events import carry_out, report, send_event
from tests.factories.refunds import ONE_BROKEN, Refunds, off, order_of, paid_order, unit
from tests.factories.stories import close_order, settle_parcel
from tests.fixtures.service import Client
from tests.integration.test_paid_twice import explain

EARLY, LATER = "2026-11-30T08:00:00+00:00", "2026-11-30T09:00:00+00:00"


def unavailable(*_: object) -> GatewayReply:
    raise OutsideSystemUnavailable("no answer")


def without_reference(*_: object) -> GatewayReply:
    return GatewayReply(approved=False, reference="", decline_code="try_again_later")


def test_a_refund_made_after_all_counts_although_a_later_message_was_about_another(
    channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    refunds = order_of(channel, 2)
    refunds.money.capture(refunds.money.ship(**{"1": 2}), task="first")
    first = refunds.asked(**unit(1))
    refunds.grant(first)
    with monkeypatch.context() as gateway:
        gateway.setattr(PaymentSimulator, "refund", without_reference)
        refunds.pay(first)
    refunds.use_card(f"tok_pending_refund:{uuid4()}")
    second = refunds.asked(**unit(2))
    refunds.grant(second)
    refunds.pay(second)
    keys = [str(refunds.read(number)["payments"][0]["id"]) for number in (first, second)]
    send_event(channel, "refund_done", keys[1], at=LATER)
    assert carry_out(keys[1]) == ["carried_out"]

    send_event(channel, "refund_done", keys[0], at=EARLY)

    assert carry_out(keys[0]) == ["carried_out"]
    assert refunds.sums("refunded", "outstanding") == ("20.00", "0.00")


def test_a_late_capture_counts_after_its_authorization_was_reported_as_expired(
    channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    refunds = order_of(channel, 2)
    refunds.money.capture(refunds.money.ship(**{"1": 1}), task="first")
    with monkeypatch.context() as gateway:
        gateway.setattr(PaymentSimulator, "capture", without_reference)
        refunds.capture_declined(refunds.money.ship(**{"1": 1}))
    refunds.write_off()
    [authorization] = refunds.row_ids("authorize")
    [declined] = [str(row["id"]) for row in refunds.order()["payments"] if row["status"] == "declined"]
    send_event(channel, "authorization_expired", authorization, at=LATER)
    carry_out(authorization)

    send_event(channel, "capture_done", declined, at=EARLY)

    assert carry_out(declined) == ["carried_out"]
    assert refunds.sums("captured", "written_off", "outstanding") == ("20.00", "0.00", "0.00")


def granted(channel: Client) -> tuple[Refunds, str, str]:
    """A refund of 19.70 that its gateway was not asked for yet, its number, and the key of its request."""
    refunds = paid_order(channel)
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    return refunds, number, str(refunds.read(number)["payments"][0]["id"])


def pay_while_it_fails(channel: Client, monkeypatch: pytest.MonkeyPatch, refunds: Refunds, number: str) -> None:
    """The gateway pays and the bank sends the money back at once; its message comes before the gateway's answer."""
    real = PaymentSimulator.refund

    def slow(self: PaymentSimulator, request: PaymentRequest, capture: str) -> GatewayReply:
        answer = real(self, request, capture)
        send_event(channel, "refund_failed", str(request.key), at=LATER)
        with pytest.raises(NotYet):
            carry_out(str(request.key))
        return answer

    monkeypatch.setattr(PaymentSimulator, "refund", slow)
    refunds.pay(number)


def test_a_failure_that_comes_before_our_own_answer_waits_for_it(
    channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the answer, which is older, would say that the money has gone."""
    refunds, number, key = granted(channel)

    pay_while_it_fails(channel, monkeypatch, refunds, number)

    assert carry_out(key) == ["carried_out"]
    assert refunds.sums("refunded", "outstanding") == ("0.00", "-19.70")


def test_a_failure_that_comes_before_the_answer_to_a_repeated_call_waits_for_it_too(
    channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    refunds, number, key = granted(channel)
    with monkeypatch.context() as gateway, suppress(OutsideSystemUnavailable):
        gateway.setattr(PaymentSimulator, "refund", unavailable)
        refunds.pay(number)
    make_old(refunds)

    pay_while_it_fails(channel, monkeypatch, refunds, number)

    assert carry_out(key) == ["carried_out"]
    assert refunds.sums("refunded", "outstanding") == ("0.00", "-19.70")


def test_an_operator_makes_no_second_try_once_the_first_has_paid(channel: Client) -> None:
    refunds, number, first = declined_then_tried_again(channel)
    send_event(channel, "refund_done", first)
    assert carry_out(first) == ["carried_out"]

    asked = CliRunner().invoke(main, ["settle-refund", number])
    make_old(refunds)
    again = CliRunner().invoke(main, ["settle-refund", number])

    assert "may still be under way. Ask again in half a minute." in asked.output
    assert (again.output, again.exit_code) == (f"{number} is paid.\n", 0)
    assert refunds.sums("refunded") == ("19.70",)
    assert refunds.given_back_at_the_gateway() == []


def test_the_rest_of_a_payment_comes_back_of_which_a_person_booked_a_part(channel: Client) -> None:
    refunds, number, _ = declined_then_tried_again(channel)
    first = first_try(refunds)
    refunds.pay(number)
    report(channel, "refund_done", first)
    [_, second] = refunds.row_ids("refund")
    reduced = refunds.paid(**off("6.00", "2"))
    assert (reduced["ends_unpaid"], reduced["paid_back"]) == ("6.00", "0.00")
    explain(refunds, number, "came_back")
    assert refunds.sums("outstanding") == ("0.00",)

    send_event(channel, "refund_failed", second)

    assert carry_out(second) == ["carried_out"]
    assert refunds.sums("outstanding") == ("-6.00",), "the reduction is owed now"
    send_event(channel, "refund_failed", second)
    assert carry_out(second)[-1] == "no_news"


def test_a_capture_whose_answer_comes_after_the_order_closed_goes_back(
    channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    refunds = order_of(channel, 1)
    refunds.use_card("tok_decline_capture")
    parcel = refunds.money.ship(**{"1": 1})
    refunds.capture_declined(parcel)
    refunds.use_card("tok_approve")
    [declined] = [str(row["id"]) for row in refunds.order()["payments"] if row["status"] == "declined"]
    real = PaymentSimulator.capture

    def slow(self: PaymentSimulator, request: PaymentRequest, authorization: str) -> GatewayReply:
        send_event(channel, "capture_done", declined)
        carry_out(declined)
        with transaction() as session:
            old = "UPDATE payment_transactions SET requested_at = now() - interval '1 minute' WHERE id = :id"
            session.execute(text(old), {"id": request.key})
        close_order(refunds.money.actor, refunds.money.id)
        return real(self, request, authorization)

    monkeypatch.setattr(PaymentSimulator, "capture", slow)
    settle_parcel(refunds.money.actor, refunds.money.id, parcel, "again", retry=True)

    assert refunds.order()["status"] == "completed"
    assert refunds.sums("captured", "outstanding") == ("20.00", "-10.00")
    [refund] = refunds.order()["refunds"]
    assert (refund["paid_back"], refund["reason"]) == ("10.00", "captured_beyond_bill")


def test_a_new_card_pays_what_the_one_before_it_was_given_back(channel: Client) -> None:
    """A parcel was captured twice on the old card, and the excess went back; then the card declines the next parcel."""
    refunds = order_of(channel, 2)
    refunds.use_card("tok_decline_capture")
    parcel = refunds.money.ship(**{"1": 1})
    refunds.capture_declined(parcel)
    refunds.use_card("tok_approve")
    [declined] = [str(row["id"]) for row in refunds.order()["payments"] if row["status"] == "declined"]
    refunds.money.capture(parcel, task="again", retry=True)
    report(channel, "capture_done", declined)
    refunds.paid(excess=True, reason="captured_twice")
    with transaction() as session:
        declining = text("UPDATE tenders SET token = 'tok_decline' WHERE order_id = :id")
        session.execute(declining, {"id": refunds.money.id})
    second = refunds.money.ship(**{"1": 1})
    refunds.capture_declined(second)

    sent = channel.post(f"/v1/orders/{refunds.money.id}/payments", {"type": "card", "token": "tok_approve"})
    refunds.money.capture(second, task="third")

    assert sent.status_code == 201
    assert refunds.sums("captured", "refunded", "outstanding") == ("30.00", "10.00", "0.00")
