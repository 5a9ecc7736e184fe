"""Acts on a placed order over the API: notes, cancellation, a new card. Facts are stored at once."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from order_api.core import clock
from order_api.core.database import transaction
from order_api.orders import history, repository
from order_api.orders.models.order import UndoReason
from order_api.outbox.models import OutboxRow
from order_api.outbox.subjects import Subject
from order_api.outbox.wake_ups import WAKE_UPS, WakeUp
from order_api.payments.errors import PaymentDeclined
from order_api.words.events import Event
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.orders import Json, line
from tests.factories.returns import return_of
from tests.factories.stories import authorize_payment, begin_undo
from tests.fixtures.service import Client

REASON = {"reason": "customer_changed_mind"}


def order_of(client: Client, order: Json) -> Json:
    return dict(client.get(f"/v1/orders/{order['id']}").get_json())


def events(client: Client, order: Json) -> list[str]:
    history = client.get(f"/v1/orders/{order['id']}/history").get_json()["events"]
    return [event["event"] for event in history]


def messages(order: Json) -> list[str]:
    with transaction() as session:
        query = select(OutboxRow.name).where(OutboxRow.business_key == order["number"], OutboxRow.kind == "message")
        return list(session.scalars(query.order_by(OutboxRow.id)))


def ship_everything(warehouse: Client, order: Json) -> None:
    hand_to_fulfillment(order)
    lines = [{"line_id": item["line_id"], "quantity": item["quantity"]} for item in order["items"]]
    parcel = {"carrier": "dhl", "tracking_number": str(uuid4()), "lines": lines}
    assert warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel).status_code == 201


# Notes.


def test_a_note_is_shown_with_the_order_and_its_author(channel: Client) -> None:
    order = channel.place()

    answer = channel.post(f"/v1/orders/{order['id']}/notes", {"text": "Called the customer."})

    assert answer.status_code == 201
    [note] = order_of(channel, order)["notes"]
    assert note == answer.get_json()
    assert note["text"] == "Called the customer."
    assert note["author"].startswith("channel-")


def test_a_note_raises_the_version_and_is_in_the_history_without_its_text(channel: Client) -> None:
    order = channel.place()

    channel.post(f"/v1/orders/{order['id']}/notes", {"text": "Called Ada."})

    assert order_of(channel, order)["version"] > order["version"]
    assert events(channel, order) == ["order.placed", "note.added"]
    assert "Ada" not in channel.get(f"/v1/orders/{order['id']}/history").text


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": 7}, {"text": "x" * 2001}, {"text": "a", "by": "me"}])
def test_a_note_without_a_proper_text_is_refused(channel: Client, body: Json) -> None:
    order = channel.place()

    assert channel.post(f"/v1/orders/{order['id']}/notes", body).status_code == 422


# Cancellation.


def test_a_cancellation_is_accepted_and_stored_at_once(channel: Client) -> None:
    order = channel.place()

    answer = channel.post(f"/v1/orders/{order['id']}/cancellations", REASON)

    assert answer.status_code == 202
    assert answer.get_json()["status"] == "cancel_requested"
    canceled = order_of(channel, order)
    assert (canceled["cancel_reason"], canceled["cancel_requested_at"]) == (
        "customer_changed_mind",
        answer.get_json()["cancel_requested_at"],
    )
    assert events(channel, order) == ["order.placed", "order.cancel_requested"]
    assert messages(order) == ["cancel-order"]


def test_canceling_twice_changes_nothing(channel: Client) -> None:
    order = channel.place()
    first = channel.post(f"/v1/orders/{order['id']}/cancellations", REASON)

    second = channel.post(f"/v1/orders/{order['id']}/cancellations", {"reason": "another"})

    assert second.status_code == 202
    assert second.get_json() == first.get_json()
    assert messages(order) == ["cancel-order"]


def test_a_cancellation_of_an_order_that_the_flow_gave_up_is_in_the_history_once(channel: Client) -> None:
    order = channel.place()
    begin_undo(channel.company.actor, UUID(order["id"]))

    answers = [channel.post(f"/v1/orders/{order['id']}/cancellations", REASON) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert [event for event in events(channel, order) if event.startswith("order.")] == [
        "order.placed",
        "order.given_up",
        "order.cancel_requested",
    ]
    assert order_of(channel, order)["undo_reason"] == "given_up_by_flow"
    assert order_of(channel, order)["cancel_reason"] == REASON["reason"]
    assert messages(order) == []


def test_an_order_with_a_shipped_unit_cannot_be_canceled(channel: Client, warehouse: Client) -> None:
    order = channel.place()
    ship_everything(warehouse, order)

    answer = channel.post(f"/v1/orders/{order['id']}/cancellations", REASON)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "order_already_shipped")
    assert order_of(channel, order)["cancel_requested_at"] is None


def test_a_cancellation_of_a_version_that_was_changed_since_is_refused(channel: Client) -> None:
    order = channel.place()
    seen = channel.get(f"/v1/orders/{order['id']}").headers["ETag"]
    channel.post(f"/v1/orders/{order['id']}/notes", {"text": "changed"})

    answer = channel.post(f"/v1/orders/{order['id']}/cancellations", REASON, If_Match=seen)

    assert (answer.status_code, answer.get_json()["code"]) == (412, "order_version_outdated")
    assert answer.get_json()["version"] == order_of(channel, order)["version"]
    assert order_of(channel, order)["cancel_requested_at"] is None


@pytest.mark.parametrize("if_match", ["{etag}", "*", '"0", {etag}, "7"', "W/{etag}"])
def test_a_cancellation_of_the_version_just_read_is_accepted(channel: Client, if_match: str) -> None:
    order = channel.place()
    etag = channel.get(f"/v1/orders/{order['id']}").headers["ETag"]

    answer = channel.post(f"/v1/orders/{order['id']}/cancellations", REASON, If_Match=if_match.format(etag=etag))

    assert answer.status_code == 202


@pytest.mark.parametrize("if_match", ['"0", "99"', 'W/"0"', "", "nonsense"])
def test_a_cancellation_that_does_not_name_the_current_version_is_refused(channel: Client, if_match: str) -> None:
    order = channel.place()

    answer = channel.post(f"/v1/orders/{order['id']}/cancellations", REASON, If_Match=if_match)

    assert answer.status_code == 412


def test_a_cancellation_needs_a_reason(channel: Client) -> None:
    order = channel.place()

    answer = channel.post(f"/v1/orders/{order['id']}/cancellations", {})

    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "reason")


# A new card.


def declined(channel: Client, company_order: Json) -> Json:
    with pytest.raises(PaymentDeclined):
        authorize_payment(channel.company.actor, UUID(company_order["id"]), "task-1")
    return company_order


def card_order(channel: Client, token: str) -> Json:
    return channel.place(line("10.00"), tenders=[{"type": "card", "token": token, "amount": "10.00"}])


NEW_CARD = {"type": "card", "token": "tok_approve"}


def test_a_new_card_takes_the_place_of_a_declined_one(channel: Client) -> None:
    order = declined(channel, card_order(channel, "tok_decline"))

    answer = channel.post(f"/v1/orders/{order['id']}/payments", NEW_CARD)

    assert answer.status_code == 201
    tenders = [(t["amount"], t["is_active"]) for t in answer.get_json()["tenders"]]
    assert tenders == [("0.00", False), ("10.00", True)]
    assert messages(order) == ["payment-method-replaced"]


def test_with_the_new_card_the_order_goes_on(channel: Client) -> None:
    order = declined(channel, card_order(channel, "tok_decline"))
    channel.post(f"/v1/orders/{order['id']}/payments", NEW_CARD)

    authorize_payment(channel.company.actor, UUID(order["id"]), "task-2")

    payments = [(p["kind"], p["status"], p["amount"]) for p in order_of(channel, order)["payments"]]
    assert payments == [("authorize", "declined", "10.00"), ("authorize", "done", "10.00")]


def test_the_same_new_card_sent_again_is_taken_on_once(channel: Client) -> None:
    order = declined(channel, card_order(channel, "tok_decline"))
    channel.post(f"/v1/orders/{order['id']}/payments", NEW_CARD)

    again = channel.post(f"/v1/orders/{order['id']}/payments", NEW_CARD)

    assert again.status_code == 201
    assert len(again.get_json()["tenders"]) == 2


def test_without_a_declined_card_there_is_none_to_replace(channel: Client) -> None:
    order = card_order(channel, "tok_approve:1")
    authorize_payment(channel.company.actor, UUID(order["id"]), "task-1")

    answer = channel.post(f"/v1/orders/{order['id']}/payments", {"type": "card", "token": "tok_approve:2"})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "no_declined_payment")


def test_an_order_that_is_being_canceled_takes_no_new_card(channel: Client) -> None:
    order = declined(channel, card_order(channel, "tok_decline"))
    channel.post(f"/v1/orders/{order['id']}/cancellations", REASON)

    answer = channel.post(f"/v1/orders/{order['id']}/payments", NEW_CARD)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "cancel_requested")


def test_only_a_card_can_take_the_place_of_a_card(channel: Client) -> None:
    order = declined(channel, card_order(channel, "tok_decline"))

    answer = channel.post(f"/v1/orders/{order['id']}/payments", {"type": "invoice", "token": "x"})

    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "type")


@pytest.fixture
def returns_wait_for_deliveries(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry of WAKE_UPS, as a slice of returns would add it."""
    of_return: Any = WakeUp("goods-arrived", "order-return", "return")  # type: ignore[arg-type]
    monkeypatch.setitem(WAKE_UPS, Event.ITEM_DELIVERED, (*WAKE_UPS[Event.ITEM_DELIVERED], of_return))


@pytest.mark.usefixtures("returns_wait_for_deliveries")
def test_a_fact_about_another_subject_of_an_order_wakes_the_flow_of_that_subject(channel: Client) -> None:
    order = channel.place()
    goods = return_of(order)
    with transaction() as session:
        locked = repository.get_for_update(session, channel.company.actor, UUID(order["id"]))
        history.record(session, locked, Event.ITEM_DELIVERED, channel.company.actor, subject=goods)

    assert (messages({"number": goods.number}), messages(order)) == (["goods-arrived"], [])
    row = channel.get(f"/v1/orders/{order['id']}/history").get_json()["events"][-1]
    assert (row["event"], row["details"]) == ("item.delivered", {"about": goods.number})


def test_naming_the_order_as_the_subject_of_a_fact_is_like_naming_no_subject(channel: Client) -> None:
    order = channel.place()
    itself = Subject("order", UUID(order["id"]), UUID(order["id"]), order["number"])
    item_id = UUID(order["items"][0]["id"])
    with transaction() as session:
        locked = repository.get_for_update(session, channel.company.actor, UUID(order["id"]))
        locked.begin_undo(UndoReason.GIVEN_UP_BY_FLOW, clock.now())
        history.record(session, locked, Event.ITEM_DELIVERED, channel.company.actor, item_id=item_id, subject=itself)

    assert messages(order) == []
    assert channel.get(f"/v1/orders/{order['id']}/history").get_json()["events"][-1]["details"] == {}


@pytest.mark.usefixtures("returns_wait_for_deliveries")
def test_the_undo_of_an_order_ends_no_flow_of_its_other_subjects(channel: Client) -> None:
    order = channel.place()
    goods, item_id = return_of(order), UUID(order["items"][0]["id"])
    with transaction() as session:
        locked = repository.get_for_update(session, channel.company.actor, UUID(order["id"]))
        locked.begin_undo(UndoReason.GIVEN_UP_BY_FLOW, clock.now())
        for about in (None, goods):
            history.record(session, locked, Event.ITEM_DELIVERED, channel.company.actor, item_id=item_id, subject=about)

    assert (messages({"number": goods.number}), messages(order)) == (["goods-arrived"], [])
