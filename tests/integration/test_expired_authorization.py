"""An authorization that ends before the goods leave: booked once, held anew before more goods are released."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from order_api.core.database import transaction
from order_api.core.errors import NotYet
from order_api.core.outside import run
from order_api.integrations.payment import simulator
from order_api.notifications.notices import Notice
from order_api.notifications.notify import notify_customer
from order_api.payments.authorize import AuthorizePayment
from order_api.payments.errors import PaymentDeclined, PaymentExpired
from order_api.payments.expire import why_not_release
from order_api.payments.void import VoidPayment
from order_api.progress.freeze import freeze_order
from tests.factories.gateway_events import carry_out, send_event
from tests.factories.money import Money
from tests.factories.orders import Json, line
from tests.fixtures.service import Client

PAID, LEFT = 30_00, 20_00


def two_items(channel: Client, token: str = "tok_approve", *tenders: Json, is_sent: bool = True) -> Money:
    """An order of 10.00 (A) and 20.00 (B), authorized and frozen."""
    lines = [line("10.00", line_id="A"), line("20.00", line_id="B")]
    paid_by = list(tenders) or [{"type": "card", "token": f"{token}:{uuid4()}", "amount": "30.00"}]
    money = Money(channel, channel.place(*lines, tenders=paid_by), is_at_warehouse=is_sent)
    money.authorize()
    with transaction() as session:
        freeze_order(session, money.actor, money.id)
    return money


def authorization(money: Money) -> str:
    query = "SELECT id FROM payment_transactions WHERE order_id = :id AND kind = 'authorize' ORDER BY requested_at DESC"
    with transaction() as session:
        return str(session.scalars(text(query), {"id": money.id}).first())


def expire(channel: Client, money: Money, key: str = "") -> list[str | None]:
    key = key or authorization(money)
    assert send_event(channel, "authorization_expired", key).status_code == 204
    return carry_out(key)


def end_at_the_gateway(money: Money) -> None:
    query, key = "UPDATE simulator_payments SET decides_at = now() WHERE key = :key", authorization(money)
    with transaction() as session:
        session.execute(text(query), {"key": key})


def the_bank_approves_again(money: Money) -> None:
    query, token = "UPDATE tenders SET token = :token WHERE order_id = :id", f"tok_approve:{uuid4()}"
    with transaction() as session:
        session.execute(text(query), {"token": token, "id": money.id})


def why_not(money: Money, item: str = "B") -> PaymentExpired | None:
    with transaction() as session:
        return why_not_release(session, money.actor, money.id, money.items[item])


def authorize_again(money: Money, item: str = "B", task: str = "again", **more: Any) -> AuthorizePayment:
    return run(AuthorizePayment(money.actor, money.id, task, money.items[item], **more))


def cancel(channel: Client, money: Money, **units: int) -> None:
    items = [{"line_id": line_id, "quantity": quantity} for line_id, quantity in units.items()]
    body = {"items": items, "reason": "customer_changed_mind"}
    answer = channel.post(f"/v1/orders/{money.id}/cancellations", body, Idempotency_Key=str(uuid4()))
    assert answer.status_code == 200, answer.text


def read(channel: Client, money: Money) -> Json:
    return dict(channel.get(f"/v1/orders/{money.id}").get_json())


def tell(money: Money, item: str = "B") -> None:
    with transaction() as session:
        notify_customer(session, money.actor, money.id, Notice.PAYMENT_DECLINED, money.items[item])


def mails(money: Money) -> list[str]:
    query = "SELECT notice FROM notifications WHERE order_id = :id AND notice = 'payment_declined'"
    with transaction() as session:
        return list(session.scalars(text(query), {"id": money.id}))


def messages_to(money: Money, item: str) -> list[str]:
    query = "SELECT name FROM outbox WHERE business_key = :number AND state = 'pending' AND item_id = :item"
    with transaction() as session:
        return list(session.scalars(text(query), {"number": money.number, "item": money.items[item]}))


def test_what_was_not_captured_is_booked_as_expired_once(channel: Client) -> None:
    money = two_items(channel)
    money.capture(money.ship(A=1))

    outcomes = [expire(channel, money) for _ in range(2)]

    assert outcomes[-1] == ["carried_out", "no_news"]
    assert money.done() == {"authorize": [PAID], "capture": [10_00], "expired": [LEFT]}


def test_goods_are_not_released_until_money_is_held_again(channel: Client) -> None:
    money = two_items(channel)
    assert why_not(money) is None
    money.capture(money.ship(A=1))
    expire(channel, money)

    assert isinstance(why_not(money), PaymentExpired)
    assert authorize_again(money).refusal is None

    assert why_not(money) is None
    assert money.done()["authorize"] == [PAID, LEFT]
    money.capture(money.ship(B=1))
    assert money.done()["capture"] == [10_00, LEFT]


def test_a_repeated_task_holds_money_once_and_only_for_an_item(channel: Client) -> None:
    money = two_items(channel)
    expire(channel, money)

    money.authorize("the task of the order, started anew")
    assert money.done()["authorize"] == [PAID]

    for item, task in (("A", "again"), ("A", "again"), ("B", "of the other item")):
        assert authorize_again(money, item, task).refusal is None
    assert money.done()["authorize"] == [PAID, PAID]


def test_a_second_authorization_may_expire_too(channel: Client) -> None:
    money = two_items(channel)
    first = authorization(money)
    expire(channel, money)
    authorize_again(money)

    assert expire(channel, money) == ["carried_out"]
    assert expire(channel, money, first)[-1] == "no_news"

    authorize_again(money, task="and again")
    assert money.done() == {"authorize": [PAID, PAID, PAID], "expired": [PAID, PAID]}


def test_a_card_that_declines_makes_one_task_and_one_mail_and_a_new_one_releases_every_item(channel: Client) -> None:
    money = two_items(channel, "tok_expire_then_decline")
    expire(channel, money)

    for item in ("A", "B"):
        assert isinstance(authorize_again(money, item, f"task of {item}").refusal, PaymentDeclined)
        tell(money, item)

    assert money.statuses() == {"authorize done": 1, "expired done": 1, "authorize declined": 1}
    assert mails(money) == ["payment_declined"]
    waiting = [item["awaits_payment_since"] is not None for item in read(channel, money)["items"]]
    assert waiting == [True, True]
    answer = channel.post(f"/v1/orders/{money.id}/payments", {"type": "card", "token": "tok_approve"})
    assert answer.status_code == 201
    assert messages_to(money, "A") == messages_to(money, "B") == ["payment-method-replaced"]

    assert authorize_again(money, "A", "with the new card").refusal is None
    assert why_not(money, "B") is None

    assert messages_to(money, "A") == messages_to(money, "B") == []
    assert money.done()["authorize"] == [PAID, PAID]
    assert [item["awaits_payment_since"] for item in read(channel, money)["items"]] == [None, None]


def test_a_declined_card_is_tried_again_only_when_a_person_says_so(channel: Client) -> None:
    money = two_items(channel, "tok_expire_then_decline")
    expire(channel, money)
    for task in ("first", "second"):
        assert authorize_again(money, task=task).refusal is not None
    assert money.statuses()["authorize declined"] == 1

    authorize_again(money, task="third", retry=True)

    assert money.statuses()["authorize declined"] == 2


def test_a_capture_that_holds_money_anew_lets_the_other_items_go(channel: Client) -> None:
    money = two_items(channel, "tok_expire_then_decline")
    parcel = money.ship(A=1)
    expire(channel, money)
    assert authorize_again(money, "B").refusal is not None
    the_bank_approves_again(money)

    money.capture(parcel, "a person tries again", retry=True)

    assert messages_to(money, "B") == ["payment-method-replaced"]
    assert why_not(money, "B") is None


def test_canceling_what_the_declined_card_would_pay_lets_the_other_items_go(channel: Client) -> None:
    tokens = ("tok_approve", "tok_expire_then_decline")
    tenders = [{"type": "card", "token": f"{token}:{uuid4()}", "amount": "15.00"} for token in tokens]
    money = two_items(channel, "", *tenders, is_sent=False)
    expire(channel, money)
    assert authorize_again(money, "A").refusal is not None

    cancel(channel, money, B=1)

    assert messages_to(money, "A") == ["payment-method-replaced"]
    assert authorize_again(money, "A", "woken").refusal is None
    assert why_not(money, "A") is None


def test_the_message_before_our_own_answer_waits_for_it(channel: Client) -> None:
    money = two_items(channel)
    key = authorization(money)
    with transaction() as session:
        session.execute(text("UPDATE payment_transactions SET status = 'requested' WHERE id = :id"), {"id": key})
    send_event(channel, "authorization_expired", key)

    with pytest.raises(NotYet):
        carry_out(key)

    with transaction() as session:
        session.execute(text("UPDATE payment_transactions SET status = 'done' WHERE id = :id"), {"id": key})
    assert carry_out(key) == ["carried_out"]


def test_a_message_about_a_released_authorization_says_nothing_new(channel: Client) -> None:
    money = two_items(channel)
    run(VoidPayment(money.actor, money.id, "undo"))

    assert expire(channel, money) == ["no_news"]
    assert money.done() == {"authorize": [PAID], "void": [PAID]}


def test_what_expired_is_not_released_by_the_undo(channel: Client) -> None:
    money = two_items(channel)
    expire(channel, money)

    assert run(VoidPayment(money.actor, money.id, "undo")).refusal is None

    assert money.done() == {"authorize": [PAID], "expired": [PAID]}


def test_an_undo_that_learns_of_the_expiry_from_the_gateway_ends(channel: Client) -> None:
    money = two_items(channel)
    end_at_the_gateway(money)

    assert run(VoidPayment(money.actor, money.id, "undo")).refusal is None

    assert money.done() == {"authorize": [PAID], "expired": [PAID]}
    assert expire(channel, money) == ["no_news"]


def test_a_capture_that_learns_of_the_expiry_from_the_gateway_authorizes_anew_and_captures(channel: Client) -> None:
    money = two_items(channel)
    end_at_the_gateway(money)

    money.capture(money.ship(A=1, B=1))

    assert money.done() == {"authorize": [PAID, PAID], "capture": [PAID], "expired": [PAID]}
    assert money.statuses()["capture declined"] == 1


def test_an_authorization_that_ends_at_once_is_not_asked_for_over_and_over(
    channel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator, "EXPIRES", timedelta())
    money = two_items(channel, "tok_expire")
    parcel = money.ship(A=1, B=1)

    for task in ("capture", "capture"):
        with pytest.raises(PaymentDeclined):
            money.capture(parcel, task)

    assert money.statuses() == {"authorize done": 2, "capture declined": 2, "expired done": 2}
