"""A gateway's messages: signed, stored once, carried out once, harmless when repeated, late or in the wrong order."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.errors import NotYet
from order_api.integrations.payment.port import GatewayReply, PaymentRequest
from order_api.integrations.payment.simulator import PaymentSimulator
from order_api.payment_events.handle import handle_event
from order_api.payment_events.models import PaymentEvent
from order_api.settlement.write_off import write_off_parcels
from tests.factories.gateway_events import carry_out, send_event
from tests.factories.refunds import ONE_BROKEN, SUMS, Refunds, of_line, paid_order, problem, three_lines
from tests.fixtures.service import Client
from workers.senders import RELAY


def mails(refunds: Refunds) -> list[str]:
    query = "SELECT notice FROM notifications WHERE order_id = :id AND notice LIKE 'refund%' ORDER BY created_at"
    with transaction() as session:
        return list(session.scalars(text(query), {"id": refunds.money.id}))


def pending(channel: Client) -> tuple[Refunds, str, str]:
    """A refund that the gateway decides later: its number and the key of its request."""
    refunds = paid_order(channel, "tok_pending_refund")
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    refunds.pay(number)
    return refunds, number, str(refunds.read(number)["payments"][0]["id"])


def waiting(refunds: Refunds, number: str) -> list[str]:
    query = "SELECT name FROM outbox WHERE business_key = :number AND state = 'pending' AND kind = 'message'"
    with transaction() as session:
        return list(session.scalars(text(query), {"number": number}))


def stored(adapter: str, body: bytes | None = None) -> list[bytes]:
    query = select(PaymentEvent.body).where(PaymentEvent.adapter == adapter)
    with transaction() as session:
        return list(session.scalars(query if body is None else query.where(PaymentEvent.body == body)))


def test_a_message_without_the_right_signature_is_refused_and_not_stored(channel: Client) -> None:
    signatures = ("0" * 64, "\u00e9", "")
    forged = [
        channel.call("POST", "/v1/payment-events/card", data=b"{}", headers={"X-Simulator-Signature": each})
        for each in signatures
    ]
    nowhere = channel.call("POST", "/v1/payment-events/invoice", data=b"{}")
    unknown = channel.call("POST", "/v1/payment-events/unheard_of", data=b"{}")

    assert stored("card", b"{}") == stored("invoice", b"{}") == []
    assert {problem(answer, 400)["code"] for answer in forged} == {"payment_event_refused"}
    assert problem(nowhere, 404)["code"] == problem(unknown, 404)["code"] == "payment_event_source_not_found"


def test_a_pending_refund_ends_with_the_gateways_message_which_wakes_its_flow(channel: Client) -> None:
    refunds, number, key = pending(channel)

    told = {"trace_number": "ARN-7", "expected_by": "2026-12-24"}
    sent = [send_event(channel, "refund_done", key, "E-1" + key, **told) for _ in range(3)]

    assert [answer.status_code for answer in sent] == [204] * 3
    [body] = [body for body in stored("card") if key.encode() in body]
    assert json.loads(body) == {"id": "E-1" + key, "kind": "refund_done", "key": key, **told}
    assert carry_out(key) == ["carried_out"]
    paid = refunds.read(number)
    assert (paid["state"], {name: paid["payments"][0][name] for name in told}) == ("paid", told)
    assert refunds.sums(*SUMS) == ("96.79", "116.49", "19.70", "0.00")
    assert waiting(refunds, number) == ["refund-decided"]
    refunds.pay(number)
    assert waiting(refunds, number) == []


def test_a_pending_refund_that_fails_is_declined_and_a_person_decides(channel: Client) -> None:
    refunds, number, key = pending(channel)
    send_event(channel, "refund_failed", key, decline_code="card_closed")

    assert carry_out(key) == ["carried_out"]

    assert refunds.read(number)["payments"][0]["decline_code"] == "card_closed"
    assert str(refunds.pay(number).refusal) == "The payment provider refused 19.70 USD: card_closed."
    assert refunds.sums(*SUMS) == ("96.79", "116.49", "0.00", "-19.70")


def test_a_message_while_our_own_call_is_under_way_pays_once_and_the_answer_adds_what_it_knows(
    channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    refunds = paid_order(channel)
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    key = str(refunds.read(number)["payments"][0]["id"])
    real = PaymentSimulator.refund

    def overtaken(self: PaymentSimulator, request: PaymentRequest, capture: str) -> GatewayReply:
        answer = real(self, request, capture)
        send_event(channel, "refund_done", key)
        assert carry_out(key) == ["carried_out"]
        return answer

    monkeypatch.setattr(PaymentSimulator, "refund", overtaken)
    refunds.pay(number)

    paid = refunds.read(number)
    assert (paid["state"], refunds.given_back_at_the_gateway()) == ("paid", [19_70])
    assert [bool(paid["payments"][0][name]) for name in ("trace_number", "expected_by", "reference")] == [True] * 3


@pytest.mark.parametrize(
    ("minutes", "outcome"), [(0, "NotYet"), (11, "unattributed")], ids=["may still come", "belongs to no order"]
)
def test_a_message_with_a_reference_that_no_request_has(channel: Client, minutes: int, outcome: str) -> None:
    event_id = by_reference("R-" + uuid4().hex, minutes)

    assert handled(event_id) == outcome


def test_a_message_that_names_only_the_gateways_reference_finds_its_request(channel: Client) -> None:
    refunds, number, _ = pending(channel)
    reference = "R-" + uuid4().hex
    with transaction() as session:
        known = "UPDATE payment_transactions SET reference = :reference WHERE order_id = :id AND kind = 'refund'"
        session.execute(text(known), {"reference": reference, "id": refunds.money.id})

    assert handled(by_reference(reference)) == "carried_out"
    assert refunds.read(number)["state"] == "paid"


def by_reference(reference: str, minutes_ago: int = 0) -> UUID:
    """A stored message without our key."""
    received = clock.now() - timedelta(minutes=minutes_ago)
    event = PaymentEvent(id=uuid4(), adapter="card", event_id=uuid4().hex, kind="refund_done", received_at=received)
    event.reference, event.body = reference, b""
    with transaction() as session:
        session.add(event)
    return event.id


def handled(event_id: UUID) -> str | None:
    try:
        with transaction() as session:
            handle_event(session, RELAY, event_id)
    except NotYet:
        return "NotYet"
    with transaction() as session:
        return session.get_one(PaymentEvent, event_id).outcome


def test_the_message_before_our_own_answer_and_again_after_a_later_refund_pays_once(channel: Client) -> None:
    refunds = paid_order(channel)
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    key = str(refunds.read(number)["payments"][0]["id"])
    send_event(channel, "refund_done", key)
    assert carry_out(key) == ["carried_out"]

    refunds.pay(number)
    later = refunds.paid(**of_line(1))
    send_event(channel, "refund_done", key)

    assert carry_out(key) == ["carried_out", "no_news"]
    assert later["state"] == "paid"
    assert refunds.sums("refunded", "outstanding") == ("39.40", "0.00")


def test_a_refund_that_fails_after_it_was_done_is_owed_again_by_a_new_refund_and_the_customer_hears_it(
    channel: Client,
) -> None:
    refunds = paid_order(channel)
    paid = refunds.paid(**ONE_BROKEN)
    key = paid["payments"][0]["id"]

    for _ in range(2):
        send_event(channel, "refund_failed", key, decline_code="account_closed")
    outcomes = carry_out(key)

    assert outcomes == ["carried_out", "no_news"]
    new = refunds.read(f"{refunds.money.number}-F2")
    assert (new["state"], new["amount"], new["paid_back"]) == ("paying", "0.00", "19.70")
    assert [(row["status"], row["decline_code"]) for row in new["payments"]] == [("declined", "account_closed")]
    assert refunds.sums(*SUMS) == ("96.79", "116.49", "0.00", "-19.70")
    assert refunds.judge(new["number"], "supervisor") == "granted"
    assert str(refunds.pay(new["number"]).refusal) == "The payment provider refused 19.70 USD: account_closed."
    assert mails(refunds) == ["refund_failed"]


def test_a_late_done_does_not_undo_a_later_failed(channel: Client) -> None:
    refunds = paid_order(channel)
    key = refunds.paid(**ONE_BROKEN)["payments"][0]["id"]
    send_event(channel, "refund_failed", key)
    send_event(channel, "refund_done", key)

    assert carry_out(key) == ["carried_out", "no_news"]

    assert refunds.sums(*SUMS) == ("96.79", "116.49", "0.00", "-19.70")


EARLY, LATER = "2026-11-30T09:30:00+02:00", "2026-11-30T08:00:00+00:00"


def test_of_a_pending_refund_a_late_done_does_not_undo_a_later_failed(channel: Client) -> None:
    refunds, number, key = pending(channel)
    send_event(channel, "refund_failed", key, at=LATER)
    send_event(channel, "refund_done", key, at=EARLY)

    assert carry_out(key) == ["carried_out", "no_news"]

    assert refunds.read(number)["payments"][0]["status"] == "declined"
    assert (refunds.sums(*SUMS), mails(refunds)) == (("96.79", "116.49", "0.00", "-19.70"), [])


def test_a_late_failed_does_not_undo_that_the_refund_was_made_after_all(channel: Client) -> None:
    refunds = paid_order(channel, "tok_decline_refund")
    paid = refunds.paid(**ONE_BROKEN)
    [declined] = paid["payments"]
    assert declined["status"] == "declined"
    send_event(channel, "refund_done", declined["id"], at=LATER)
    send_event(channel, "refund_failed", declined["id"], at=EARLY)

    assert carry_out(declined["id"]) == ["carried_out", "no_news"]

    assert refunds.read(paid["number"])["state"] == "paid"
    assert [refund["number"] for refund in refunds.order()["refunds"]] == [paid["number"]]
    assert (refunds.sums(*SUMS), mails(refunds)) == (("96.79", "116.49", "19.70", "0.00"), [])


def test_a_refund_that_fails_after_it_was_made_is_told_with_a_later_time(channel: Client) -> None:
    refunds, _, key = pending(channel)
    send_event(channel, "refund_done", key, at=EARLY)
    send_event(channel, "refund_failed", key, at=LATER)

    assert carry_out(key) == ["carried_out", "carried_out"]

    assert refunds.sums(*SUMS) == ("96.79", "116.49", "0.00", "-19.70")


def test_a_message_whose_time_has_no_zone_is_refused(channel: Client) -> None:
    refused = send_event(channel, "refund_done", str(uuid4()), at="2026-11-30T08:00:00")

    assert problem(refused, 400)["code"] == "payment_event_refused"


def test_what_failed_is_paid_outside_in_the_end_and_nothing_more_can_be_given_back_of_it(channel: Client) -> None:
    refunds = paid_order(channel)
    key = refunds.paid(**of_line(3))["payments"][0]["id"]
    send_event(channel, "refund_failed", key)
    carry_out(key)
    new = f"{refunds.money.number}-F2"

    refunds.redirect(new)
    refunds.book(new, "BANK-1")

    assert refunds.read(new)["state"] == "paid"
    assert refunds.sums(*SUMS) == ("57.39", "116.49", "59.10", "0.00")
    assert refunds.preview(**of_line(1, "2")).get_json()["payments"][0]["given_back_before"] == "59.10"


@pytest.mark.parametrize("kind", ["refund_done", "refund_failed", "capture_done"])
def test_a_message_about_no_request_of_ours_is_kept_and_marked(channel: Client, kind: str) -> None:
    key = str(uuid4())
    send_event(channel, kind, key)

    assert carry_out(key) == ["unattributed"]


def test_a_capture_that_was_declined_and_written_off_is_reported_late_and_the_write_off_reversed(
    channel: Client,
) -> None:
    money = three_lines(channel)
    money.authorize()
    refunds = Refunds(channel, money)
    refunds.use_card("tok_decline_capture")
    refunds.capture_declined(money.ship(**{"1": 3, "2": 1, "3": 2}))
    with transaction() as session:
        write_off_parcels(session, money.actor, money.id, None, "write-off")
    assert refunds.sums("captured", "written_off", "outstanding") == ("0.00", "116.49", "0.00")
    [key] = [row["id"] for row in refunds.order()["payments"] if row["kind"] == "capture"]

    for _ in range(2):
        send_event(channel, "capture_done", key)
    outcomes = carry_out(key)

    assert outcomes == ["carried_out", "no_news"]
    assert refunds.sums("captured", "written_off", "outstanding") == ("116.49", "0.00", "0.00")
