"""Captures that are reported late and refunds that are owed do not spoil what comes after."""

from uuid import UUID, uuid4

import pytest

from order_api.core.database import transaction
from order_api.core.outside import run
from order_api.payments.replace import replace_tender
from order_api.payments.void import VoidPayment
from order_api.refunds.owed import sums_owed
from order_api.shipments.repository import unsettled_shipments
from tests.factories.gateway_events import carry_out, send_event
from tests.factories.refunds import ONE_BROKEN, SUMS, Refunds, order_of, paid_order, unit
from tests.factories.stories import close_order
from tests.fixtures.service import Client


def owed_while_declined(channel: Client) -> tuple[Refunds, UUID]:
    """A refund of 10.00 is granted but not paid yet; the captures of a later parcel of 20.00 are declined."""
    cards = [{"type": "card", "token": f"tok_approve:{uuid4()}", "amount": amount} for amount in ("22.00", "8.00")]
    refunds = order_of(channel, 3, tenders=cards)
    money = refunds.money
    money.capture(money.ship(**{"1": 1}), task="first")
    refunds.grant(refunds.asked(**unit(1)))
    refunds.use_card("tok_decline_capture")
    parcel = money.ship(**{"1": 2})
    refunds.capture_declined(parcel)
    return refunds, parcel


def test_a_late_capture_reverses_only_what_it_paid_while_a_refund_is_owed(channel: Client) -> None:
    cards = [{"type": "card", "token": f"tok_approve:{uuid4()}", "amount": amount} for amount in ("22.00", "8.00")]
    refunds = order_of(channel, 3, tenders=cards)
    money = refunds.money
    money.capture(money.ship(**{"1": 1}), task="first")
    refunds.grant(refunds.asked(**unit(1)))
    refunds.use_card("tok_decline_capture")
    refunds.capture_declined(money.ship(**{"1": 2}))
    refunds.write_off()
    declined = [r for r in refunds.order()["payments"] if r["kind"] == "capture" and r["status"] == "declined"]
    assert sorted(r["amount"] for r in declined) == ["12.00", "8.00"]
    [key] = [str(r["id"]) for r in declined if r["amount"] == "12.00"]

    send_event(channel, "capture_done", key)
    assert carry_out(key) == ["carried_out"]

    assert refunds.sums("captured", "written_off") == ("22.00", "8.00")


def test_a_late_capture_of_a_part_does_not_settle_the_parcel_while_a_refund_is_owed(channel: Client) -> None:
    refunds, parcel = owed_while_declined(channel)
    declined = [r for r in refunds.order()["payments"] if r["kind"] == "capture" and r["status"] == "declined"]
    [key] = [str(r["id"]) for r in declined if r["amount"] == "12.00"]

    send_event(channel, "capture_done", key)
    carry_out(key)

    with transaction() as session:
        assert [each.id for each in unsettled_shipments(session, refunds.money.id)] == [parcel]


@pytest.mark.parametrize("destination", ["original", "outside"])
def test_the_customer_may_send_another_card_while_a_refund_is_owed(channel: Client, destination: str) -> None:
    refunds = order_of(channel, 2)
    money = refunds.money
    money.capture(money.ship(**{"1": 1}), task="first")
    number = refunds.asked(destination=destination, **unit(1))
    refunds.grant(number)
    refunds.use_card("tok_decline_refund")
    refunds.pay(number)
    refunds.use_card("tok_decline_capture")
    refunds.capture_declined(money.ship(**{"1": 1}))
    assert [r["status"] for r in refunds.read(number)["payments"]] == [
        "declined" if destination == "original" else "requested"
    ]

    with transaction() as session:
        replace_tender(session, money.actor, money.id, {"type": "card", "token": f"tok_approve:{uuid4()}"})


def test_a_tender_pays_the_next_parcel_after_its_write_off_was_reversed(channel: Client) -> None:
    refunds = order_of(channel, 3)
    money = refunds.money
    refunds.use_card(f"tok_decline_capture_once:{uuid4()}")
    refunds.capture_declined(money.ship(**{"1": 2}))
    refunds.write_off()
    [key] = refunds.row_ids("capture")
    send_event(channel, "capture_done", key)
    carry_out(key)
    assert refunds.sums("captured", "written_off") == ("20.00", "0.00")

    money.capture(money.ship(**{"1": 1}), task="second")

    assert refunds.sums(*SUMS) == ("30.00", "30.00", "0.00", "0.00")


def test_money_captured_after_the_order_was_closed_goes_back(channel: Client) -> None:
    refunds = order_of(channel, 2)
    money = refunds.money
    money.capture(money.ship(**{"1": 1}), task="first")
    refunds.use_card("tok_decline_capture")
    parcel = money.ship(**{"1": 1})
    refunds.capture_declined(parcel)
    [key] = [str(r["id"]) for r in refunds.order()["payments"] if r["status"] == "declined"]
    assert refunds.paid(**unit(1))["ends_unpaid"] == "10.00"
    money.capture(parcel, task="again", retry=True)
    refunds.use_card("tok_approve")
    assert close_order(money.actor, money.id)

    send_event(channel, "capture_done", key)
    carry_out(key)

    assert refunds.sums("captured", "due", "outstanding") == ("20.00", "10.00", "-10.00")
    assert len(refunds.order()["refunds"]) == 2


def test_an_order_closes_after_a_late_capture_of_a_replaced_and_released_card(channel: Client) -> None:
    refunds = order_of(channel, 1)
    money = refunds.money
    refunds.use_card("tok_decline_capture")
    parcel = money.ship(**{"1": 1})
    refunds.capture_declined(parcel)
    [key] = [str(r["id"]) for r in refunds.order()["payments"] if r["status"] == "declined"]
    with transaction() as session:
        replace_tender(session, money.actor, money.id, {"type": "card", "token": f"tok_approve:{uuid4()}"})
    run(VoidPayment(money.actor, money.id, "release", only_replaced=True))
    money.capture(parcel, task="replaced")
    refunds.use_card("tok_approve")
    send_event(channel, "capture_done", key)
    carry_out(key)
    refunds.paid(excess=True)
    assert refunds.sums(*SUMS) == ("10.00", "20.00", "10.00", "0.00")

    assert close_order(money.actor, money.id)
    voids = [r["amount"] for r in refunds.order()["payments"] if r["kind"] == "void"]
    assert voids == ["10.00"]


def test_what_failed_is_in_the_pages_of_what_is_owed(channel: Client) -> None:
    for _ in range(2):
        refunds = paid_order(channel)
        key = refunds.paid(**ONE_BROKEN)["payments"][0]["id"]
        send_event(channel, "refund_failed", key)
        carry_out(key)

    found, query = 0, {"limit": 1}
    while query:
        answer = channel.get("/v1/owed", **query)
        assert answer.status_code == 200, answer.text
        page = answer.get_json()
        found += 1
        query = {"limit": 1, "cursor": page["next_cursor"]} if page.get("next_cursor") else {}
    assert found >= len(channel.get("/v1/owed", limit=200).get_json()["owed"])


def test_the_gauge_of_what_is_owed_counts_what_failed(channel: Client) -> None:
    refunds = paid_order(channel)
    key = refunds.paid(**ONE_BROKEN)["payments"][0]["id"]
    before = count_owed()

    send_event(channel, "refund_failed", key)
    carry_out(key)

    assert count_owed() == before + 1


def count_owed() -> int:
    with transaction() as session:
        return sum(each.count for each in sums_owed(session).values())
