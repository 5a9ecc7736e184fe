"""For each wait of a refund: how one comes there, and the act that brings it from there to its end."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.bank.system import decide, in_books
from tests.factories.engine_refunds import (
    APPROVE,
    CSR,
    OUTSIDE,
    REFUSED,
    SUPERVISOR,
    TWICE,
    ask,
    broken,
    completed_order,
    ended,
    mails_about_refunds,
    refund,
    rows,
    send_event,
    token_of,
)
from tests.fixtures.shop import Json, Shop


class RefundStory(NamedTuple):
    """`is_fact` says that the act may come while no process runs; else a person decides in a queue. `process` is the
    one that waits."""

    activity: str
    begin: Callable[[Shop], tuple[Json, str]]
    act: Callable[[Shop, str], Any]
    end: str
    is_fact: bool = False
    process: str = "order-refund"


def dear(shop: Shop) -> tuple[Json, str]:
    order = completed_order(shop, quantity=2, unit_price="80.00")
    return order, ask(shop, order, items=broken(2))


def of_card(token: str, **body: Any) -> Callable[[Shop], tuple[Json, str]]:
    def begin(shop: Shop) -> tuple[Json, str]:
        order = completed_order(shop, token=token)
        return order, ask(shop, order, items=broken(1), **body)

    return begin


def paid_twice(shop: Shop) -> tuple[Json, str]:
    """The refund of a closed order that the provider declined, paid at the second try, and then paid all the same."""
    order = completed_order(shop, token="tok_decline_refund_once")
    number = ask(shop, order, items=broken(1))
    shop.decide(number, REFUSED, CSR, "retry_refund")
    ended(shop, number, "paid")
    declined = str(refund(shop, number)["payments"][0]["id"])
    decide(shop.system, declined, approved=True)
    send_event(shop, "refund_done", declined)
    return order, number


def deciding(queue: str, user: str, decision: str) -> Callable[[Shop, str], None]:
    return lambda shop, number: shop.decide(number, queue, user, decision)


def cancel(shop: Shop, number: str) -> None:
    answer = shop.call("POST", f"/v1/refunds/{number}/cancel", {"reason": "Found it."})
    assert answer.status_code == 200, answer.text


def book(shop: Shop, number: str) -> None:
    path = f"/v1/refunds/{number}/bookings"
    answer = shop.call("POST", path, {"reference": "BANK-1"}, token_of(shop, SUPERVISOR))
    assert answer.status_code == 201, answer.text


def provider_decides(shop: Shop, number: str) -> None:
    in_books(shop.system, "UPDATE simulator_payments SET decides_at = now() WHERE decides_at IS NOT NULL")
    if shop.instances(number):
        shop.fire_timer(number, "event_ask_again")


REFUND_STORIES = {
    "granted": RefundStory(APPROVE, dear, deciding(APPROVE, SUPERVISOR, "grant_refund"), "paid"),
    "refused by a supervisor": RefundStory(APPROVE, dear, deciding(APPROVE, SUPERVISOR, "refuse_refund"), "refused"),
    "canceled": RefundStory(APPROVE, dear, cancel, "canceled", is_fact=True),
    "declined": RefundStory(
        REFUSED, of_card("tok_decline_refund_once"), deciding(REFUSED, CSR, "retry_refund"), "paid"
    ),
    "paid outside": RefundStory(OUTSIDE, of_card("tok_approve", destination="outside"), book, "paid", is_fact=True),
    "paid twice": RefundStory(
        TWICE, paid_twice, deciding(TWICE, SUPERVISOR, "came_back"), "paid", process="refund-paid-twice"
    ),
    "pending": RefundStory("wait_for_gateway", of_card("tok_pending_refund"), provider_decides, "paid", is_fact=True),
}

RefundOutcome = tuple[str, list[tuple[str, str, str]], tuple[str, ...], list[str]]


def refund_outcome(shop: Shop, order: Json, number: str, end: str) -> RefundOutcome:
    """State, money rows, the sums of the order, and the mails."""
    final, bill = ended(shop, number, end), shop.order(order["id"])["bill"]
    sums = tuple(bill[name] for name in ("due", "captured", "refunded", "outstanding"))
    return final["state"], rows(shop, number), sums, mails_about_refunds(shop, order)
