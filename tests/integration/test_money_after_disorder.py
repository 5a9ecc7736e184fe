"""What a gateway says late, twice or by declining neither pays twice, nor locks an order, nor keeps money."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from order_api.core.database import transaction
from order_api.core.errors import NotYet
from order_api.core.outside import run
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.payments.authorize import AuthorizePayment
from order_api.payments.hold import amounts_to_hold
from order_api.payments.ledger import rows_of
from order_api.progress.freeze import freeze_order
from tests.factories.disorder import declined_then_tried_again, findings, first_try, make_old
from tests.factories.gateway_events import report
from tests.factories.money import Money
from tests.factories.orders import Json, line
from tests.factories.refunds import ONE_BROKEN, Refunds, of_line, off, paid_order
from tests.factories.stories import cancel_items, close_order
from tests.fixtures.service import Client

SUMS = ("captured", "refunded", "outstanding")


def two_items(channel: Client, token: str = "tok_approve", *more: Json) -> Refunds:
    """An order of 10.00 (A) and 20.00 (B) on one card, authorized and frozen; `more` lines cost 5.00 each."""
    tenders = [{"type": "card", "token": f"{token}:{uuid4()}", "amount": f"{30 + 5 * len(more)}.00"}]
    lines = [line("10.00", line_id="A"), line("20.00", line_id="B"), *more]
    money = Money(channel, channel.place(*lines, tenders=tenders))
    money.authorize()
    with transaction() as session:
        freeze_order(session, money.actor, money.id)
    return Refunds(channel, money)


def test_a_second_try_is_not_made_when_the_first_turns_out_to_be_done(channel: Client) -> None:
    refunds, number, _ = declined_then_tried_again(channel)
    assert report(refunds.client, "refund_done", first_try(refunds)) == ["carried_out"]

    with pytest.raises(NotYet):
        refunds.pay(number)
    make_old(refunds)
    refunds.pay(number)

    assert refunds.given_back_at_the_gateway() == [19_70]
    assert refunds.sums(*SUMS) == ("116.49", "19.70", "0.00")
    assert refunds.read(number)["state"] == "paid"


def test_of_two_payments_of_one_refund_the_one_that_comes_back_is_not_paid_again(channel: Client) -> None:
    refunds, number, _ = declined_then_tried_again(channel)
    first = first_try(refunds)
    refunds.pay(number)
    report(refunds.client, "refund_done", first)
    assert refunds.sums("refunded") == ("39.40",)

    assert report(refunds.client, "refund_failed", first)[-1] == "carried_out"

    assert [refund["number"] for refund in refunds.order()["refunds"]] == [number]
    assert refunds.sums(*SUMS) == ("116.49", "19.70", "0.00")


def test_a_transfer_that_was_made_although_the_gateway_had_paid_is_booked(channel: Client) -> None:
    refunds = paid_order(channel, "tok_decline_refund_once")
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    refunds.pay(number)
    first = first_try(refunds)
    refunds.redirect(number)
    report(refunds.client, "refund_done", first)
    query = "SELECT name FROM outbox WHERE business_key = :number AND state = 'pending' AND kind = 'message'"
    with transaction() as session:
        woken = set(session.scalars(text(query), {"number": number}))

    refunds.book(number, "BANK-1")
    refunds.book(number, "BANK-1")

    assert "refund-booked" in woken, "the task to pay outside ends"
    assert refunds.sums("refunded", "outstanding") == ("39.40", "19.70")


def declines_no_more(refunds: Refunds) -> None:
    refunds.use_card("tok_approve")
    with transaction() as session:
        session.execute(text("UPDATE tenders SET token = 'tok_approve' WHERE order_id = :id"), {"id": refunds.money.id})


def captured_twice(refunds: Refunds, parcel: UUID) -> None:
    """The first capture was declined, the second done; then the gateway reports the first as done, too."""
    declined = next(row["id"] for row in refunds.order()["payments"] if row["status"] == "declined")
    refunds.money.capture(parcel, "retry", retry=True)
    assert report(refunds.client, "capture_done", str(declined)) == ["carried_out"]


def test_a_card_that_was_captured_twice_pays_the_next_parcel_after_the_excess_went_back(channel: Client) -> None:
    refunds = two_items(channel, "tok_decline_capture_once")
    parcel = refunds.money.ship(A=1)
    refunds.capture_declined(parcel)
    captured_twice(refunds, parcel)
    refunds.paid(excess=True, reason="captured_twice")
    assert refunds.sums(*SUMS) == ("20.00", "10.00", "20.00")
    declines_no_more(refunds)

    refunds.money.capture(refunds.money.ship(B=1), "second")

    assert refunds.sums(*SUMS) == ("40.00", "10.00", "0.00")
    assert findings(refunds.money) == []


def test_what_a_refund_paid_twice_is_not_held_again_for_goods_that_wait(channel: Client) -> None:
    refunds = two_items(channel, "tok_decline_refund_once", line("5.00", line_id="C"))
    refunds.money.capture(refunds.money.ship(A=1), "first")
    [canceled] = [item["id"] for item in refunds.order()["items"] if item["line_id"] == "C"]
    cancel_items(refunds.money.actor, refunds.money.id, UUID(canceled))
    number = refunds.asked(items=[{"line_id": "A", "quantity": 1, "goods": "broken"}])
    refunds.grant(number)
    refunds.pay(number)
    refunds.retry(number)
    refunds.pay(number)
    report(refunds.client, "refund_done", first_try(refunds))
    assert refunds.sums(*SUMS) == ("10.00", "20.00", "30.00")

    with transaction() as session:
        order = repository.get_for_update(session, refunds.money.actor, refunds.money.id, Order.items, Order.tenders)
        held = amounts_to_hold(session, order, rows_of(session, order.id))

    assert list(held.values()) == [20_00]


def test_a_late_capture_corrects_what_was_booked_as_expired(channel: Client) -> None:
    refunds = two_items(channel, "tok_decline_capture_once")
    money = refunds.money
    refunds.capture_declined(money.ship(A=1))
    refunds.write_off()
    [authorized] = refunds.row_ids("authorize")
    [declined] = refunds.row_ids("capture")
    declines_no_more(refunds)
    assert report(refunds.client, "authorization_expired", authorized) == ["carried_out"]
    assert run(AuthorizePayment(money.actor, money.id, "again", money.items["B"])).refusal is None

    assert report(refunds.client, "capture_done", declined) == ["carried_out"]
    money.capture(money.ship(B=1), "second")
    close_order(money.actor, money.id)

    done = money.done()
    assert (done["authorize"], done["expired"], sum(done["capture"])) == ([30_00, 20_00], [20_00], 30_00)
    assert refunds.sums(*SUMS) == ("30.00", "0.00", "0.00")


def test_money_reported_late_goes_back_once_the_refund_that_waited_is_decided(channel: Client) -> None:
    refunds = two_items(channel, "tok_decline_capture_once")
    money = refunds.money
    parcel = money.ship(A=1, B=1)
    refunds.capture_declined(parcel)
    money.capture(parcel, "retry", retry=True)
    close_order(money.actor, money.id)
    waiting = refunds.asked(**off("3.00"))
    declined = next(row["id"] for row in refunds.order()["payments"] if row["status"] == "declined")
    assert report(refunds.client, "capture_done", str(declined)) == ["carried_out"]
    assert [refund["number"] for refund in refunds.order()["refunds"]] == [waiting]

    refunds.cancel(waiting)

    of_excess = refunds.order()["refunds"][-1]
    assert (of_excess["reason"], of_excess["paid_back"]) == ("captured_beyond_bill", "30.00")


def test_a_late_capture_wakes_no_flow_that_has_ended(channel: Client) -> None:
    refunds = two_items(channel, "tok_decline_capture_once")
    parcel = refunds.money.ship(A=1)
    refunds.capture_declined(parcel)

    captured_twice(refunds, parcel)

    assert "payment-method-replaced" not in refunds.money.waiting_messages(parcel)


def test_an_expiry_that_two_captures_hear_of_at_once_is_booked_when_both_are_answered(channel: Client) -> None:
    refunds = two_items(channel)
    money = refunds.money
    [authorized] = refunds.row_ids("authorize")
    first, second = money.ship(A=1), money.ship(B=1)
    with transaction() as session:
        session.execute(text("UPDATE simulator_payments SET decides_at = now() WHERE key = :key"), {"key": authorized})
        under_way = """INSERT INTO payment_transactions (id, order_id, tender_id, kind, parent_id, shipment_id, amount,
            currency, status, requested_at) SELECT :id, order_id, tender_id, 'capture', id, :parcel, 2000, currency,
            'requested', now() FROM payment_transactions WHERE id = :key"""
        session.execute(text(under_way), {"id": uuid4(), "parcel": second, "key": authorized})
    with pytest.raises(NotYet):
        money.capture(first, "first")

    money.capture(second, "second")
    money.capture(first, "first")

    assert money.done()["expired"] == [30_00]
    assert sum(money.done()["capture"]) == 30_00


def test_items_that_wait_for_a_card_go_when_another_item_got_money_or_was_canceled(channel: Client) -> None:
    query = "SELECT item_id FROM outbox WHERE business_key = :number AND state = 'pending' AND item_id IS NOT NULL"
    for how in ("retried", "canceled"):
        refunds = two_items(channel, "tok_expire_then_decline")
        money = refunds.money
        [authorized] = refunds.row_ids("authorize")
        report(refunds.client, "authorization_expired", authorized)
        for item in ("A", "B"):
            assert run(AuthorizePayment(money.actor, money.id, f"of {item}", money.items[item])).refusal is not None
        if how == "retried":
            declines_no_more(refunds)
            assert run(AuthorizePayment(money.actor, money.id, "r", money.items["B"], retry=True)).refusal is None
            waiting = [money.items["A"]]
        else:
            cancel_items(money.actor, money.id, money.items["A"])
            cancel_items(money.actor, money.id, money.items["B"])
            waiting = []

        with transaction() as session:
            assert list(session.scalars(text(query), {"number": money.number})) == waiting, how


def test_the_audit_finds_nothing_after_an_expiry_and_a_write_off_that_was_reversed(channel: Client) -> None:
    refunds = two_items(channel, "tok_decline_capture_once")
    refunds.capture_declined(refunds.money.ship(A=1))
    refunds.write_off()
    [declined] = refunds.row_ids("capture")
    report(refunds.client, "capture_done", declined)
    report(refunds.client, "authorization_expired", refunds.row_ids("authorize")[0])

    assert findings(refunds.money) == []


def test_the_customer_of_an_invoice_reads_that_it_is_lowered(channel: Client) -> None:
    tenders = [{"type": "invoice", "amount": "30.00"}]
    money = Money(channel, channel.place(line("10.00", 3), tenders=tenders))
    money.authorize()
    money.capture(money.ship(**{"1": 3}))

    reads = Refunds(channel, money).preview(**of_line(1)).get_json()["customer_reads"]

    assert "You owe less for your order" in reads
    assert "10.00 USD off your invoice" in reads
    assert "paid back" not in reads
