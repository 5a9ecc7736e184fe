"""The order decides whether it may be canceled now: the button and the refusal use the same answer."""

import pytest

from order_api.core import clock
from order_api.core.errors import ServiceError
from order_api.orders.errors import CancelRequested, OrderAlreadyShipped, OrderClosed, UndoRunning
from order_api.orders.models import Order
from order_api.orders.models.item import OrderItem
from order_api.orders.models.order import UndoReason
from order_api.words import Category

NOW = clock.now()


def order(shipped: int = 0, category: str = Category.OPEN, **facts: object) -> Order:
    item = OrderItem(shipped_quantity=shipped)
    return Order(number="A1", status="some_status", status_category=category, items=[item], **facts)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (order(shipped=1), OrderAlreadyShipped),
        (order(shipped=1, category=Category.DONE), OrderAlreadyShipped),
        (order(category=Category.CANCELED), OrderClosed),
        (order(cancel_requested_at=NOW), CancelRequested),
        (order(undo_began_at=NOW, undo_reason=UndoReason.PAYMENT_GIVEN_UP), UndoRunning),
        (order(shipped=1, undo_began_at=NOW, undo_reason=UndoReason.CANCEL_REQUESTED), UndoRunning),
    ],
)
def test_an_order_names_the_fact_that_forbids_its_cancellation(given: Order, refusal: type[ServiceError]) -> None:
    assert type(given.why_not_cancel()) is refusal


def test_an_open_order_of_which_nothing_has_shipped_may_be_canceled() -> None:
    assert order().why_not_cancel() is None


def test_a_cancellation_is_refused_with_what_the_order_says() -> None:
    shipped = order(shipped=1)

    with pytest.raises(OrderAlreadyShipped) as refused:
        shipped.request_cancel("sue", "late", NOW)

    assert refused.value.detail == str(shipped.why_not_cancel())
    assert shipped.cancel_requested_at is None
