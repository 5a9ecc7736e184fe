"""Units are canceled where stock or a warehouse holds them: fewer are reserved; those sent are asked back first."""

import pytest

from tests.factories.flows import BEFORE_ITEMS, CANCEL_ITEM, STEP_BY_STEP, UNDO, work
from tests.factories.three_lines import ThreeLines
from tests.fixtures.service import Client
from workers.senders import RELAY

RESERVE = STEP_BY_STEP[len(BEFORE_ITEMS)]


@pytest.fixture
def shop(channel: Client, warehouse: Client) -> ThreeLines:
    return ThreeLines(channel, warehouse)


def test_fewer_units_are_reserved(shop: ThreeLines) -> None:
    shop.flow.walk(*STEP_BY_STEP[:-1])

    shop.cancel(A=1)

    reserved = "SELECT quantity, allocated, status FROM reservations WHERE order_id = :id"
    assert shop.sql(reserved) == [(2, 2, "reserved")]
    assert shop.pending("message") == []


def waiting_for_stock(channel: Client, warehouse: Client, stock_of_a: int) -> ThreeLines:
    shop = ThreeLines(channel, warehouse, stock_of_a)
    shop.flow.walk(*BEFORE_ITEMS)
    assert not work(shop.flow.task(*RESERVE)).is_success()
    return shop


def test_a_line_that_waits_for_stock_goes_on_once_it_has_enough(channel: Client, warehouse: Client) -> None:
    shop = waiting_for_stock(channel, warehouse, stock_of_a=0)
    shop.receive("A", 2)

    shop.cancel(A=1)

    assert shop.sql("SELECT quantity, allocated, status FROM reservations WHERE order_id = :id") == [(2, 2, "reserved")]
    assert shop.pending("message") == ["stock-allocated"]


def test_a_line_that_waits_for_stock_waits_for_fewer_units(channel: Client, warehouse: Client) -> None:
    shop = waiting_for_stock(channel, warehouse, stock_of_a=0)

    shop.cancel(A=1)

    assert shop.sql("SELECT quantity, status FROM reservations WHERE order_id = :id") == [(2, "backordered")]
    assert shop.pending("message") == []


def test_a_whole_line_that_waits_for_stock_ends_its_wait(channel: Client, warehouse: Client) -> None:
    shop = waiting_for_stock(channel, warehouse, stock_of_a=0)

    shop.cancel(A=3)

    assert shop.sql("SELECT status FROM reservations WHERE order_id = :id") == [("released",)]
    assert shop.pending("message") == ["stock-allocated"]
    assert shop.document()["items"][0]["status"] == "canceled"
    assert work(shop.flow.task(*RESERVE)).is_success()
    assert shop.pending("message") == []


def test_units_at_the_warehouse_are_asked_back_and_the_rest_is_sent_anew(shop: ThreeLines) -> None:
    shop.flow.walk(*STEP_BY_STEP)

    answer = shop.cancel(202, A=1, B=1)

    assert (answer["status"], shop.canceled()) == ("recall_asked", [0, 1, 0])
    assert answer["canceled"] == [{"line_id": "B", "first_unit": 2, "quantity": 1}]
    assert answer["asked_back"] == [{"line_id": "A", "first_unit": 3, "quantity": 1}]
    assert [(row["line_id"], row["status"]) for row in shop.document()["recalls"]] == [("A", "asked")]
    assert shop.pending("recall-units") == ["recall-units"]
    shop.recall(answer["cancellation_id"])
    assert shop.canceled() == [1, 1, 0]
    [recall] = shop.document()["recalls"]
    causes = [adjustment["cause_id"] for adjustment in shop.document()["bill"]["adjustments"]]
    assert (recall["status"], recall["canceled_by"]) == ("canceled", causes[-1])
    requests = "SELECT quantity, status FROM fulfillment_requests WHERE order_id = :id ORDER BY requested_at"
    assert shop.sql(requests) == [(3, "canceled"), (2, "accepted")]


def test_units_that_the_warehouse_gives_back_are_reserved_no_more(shop: ThreeLines) -> None:
    """Trap 19: canceling a fulfillment gives the reservation back, and the stock is free for others."""
    shop.flow.walk(*STEP_BY_STEP)
    answer = shop.cancel(202, A=2)
    assert shop.stock("A") == (5, 3)

    shop.recall(answer["cancellation_id"])

    assert shop.stock("A") == (5, 1)
    assert shop.sql("SELECT quantity, allocated FROM reservations WHERE order_id = :id") == [(1, 1)]


def test_a_recall_that_is_repeated_does_nothing_twice(shop: ThreeLines) -> None:
    shop.flow.walk(*STEP_BY_STEP)
    answer = shop.cancel(202, A=1)

    for _ in range(3):
        shop.recall(answer["cancellation_id"])

    assert shop.canceled() == [1, 0, 0]
    assert len(shop.sql("SELECT 1 FROM fulfillment_requests WHERE order_id = :id")) == 2
    assert shop.events().count("order.units_canceled") == 1


def test_units_that_were_asked_back_cannot_be_asked_for_again(shop: ThreeLines) -> None:
    shop.flow.walk(*STEP_BY_STEP)
    shop.cancel(202, A=2)

    problem = shop.cancel(409, A=2)

    assert problem["cancelable"] == 1


def test_page_and_plan_offer_as_many_units_even_if_a_unit_that_was_asked_back_has_left(shop: ThreeLines) -> None:
    shop.flow.walk(*STEP_BY_STEP)
    shop.cancel(202, A=[1])
    shop.flow.ship(shop.warehouse, 1)

    preview = shop.channel.post(f"{shop.path}/preview", {}).get_json()
    problem = shop.cancel(409, A=2)

    assert (preview["lines"][0]["cancelable"], problem["cancelable"]) == (1, 1)
    assert shop.cancel(202, A=1)["asked_back"] == [{"line_id": "A", "first_unit": 3, "quantity": 1}]


def test_goods_that_left_before_the_recall_have_shipped(shop: ThreeLines) -> None:
    shop.flow.walk(*STEP_BY_STEP)
    answer = shop.cancel(202, A=1)
    shop.flow.leave()

    shop.recall(answer["cancellation_id"])

    document = shop.document()
    assert (document["items"][0]["shipped_quantity"], shop.canceled()) == (3, [0, 0, 0])
    assert [row["status"] for row in document["recalls"]] == ["too_late"]


def test_a_whole_line_at_the_warehouse_ends_its_flow(shop: ThreeLines) -> None:
    shop.flow.walk(*STEP_BY_STEP)
    answer = shop.cancel(202, A=3)

    shop.recall(answer["cancellation_id"])

    assert (shop.canceled(), shop.pending("message")) == ([3, 0, 0], ["item-shipped"])
    assert len(shop.sql("SELECT 1 FROM fulfillment_requests WHERE order_id = :id")) == 1


def test_an_undo_that_comes_too_late_settles_what_was_asked_back(shop: ThreeLines) -> None:
    """The relay that should recall the units does not run."""
    shop.flow.walk(*STEP_BY_STEP)
    shop.cancel(202, A=1)
    shop.flow.leave()
    shop.flow.cancel(shop.channel)

    shop.flow.walk(*UNDO[:1], *UNDO[2:3])

    document = shop.document()
    assert (document["items"][0]["shipped_quantity"], shop.canceled()) == (3, [0, 2, 1])
    assert [row["status"] for row in document["recalls"]] == ["too_late"]


def test_a_line_that_cannot_ship_is_so_no_more_once_it_is_canceled(shop: ThreeLines) -> None:
    shop.flow.walk(*STEP_BY_STEP)
    shop.flow.report_unable(shop.warehouse)
    answer = shop.cancel(202, A=3)

    shop.recall(answer["cancellation_id"])

    assert shop.document()["items"][0]["unable_to_ship_reason"] is None


REQUESTS = "SELECT quantity, status FROM fulfillment_requests WHERE order_id = :id ORDER BY requested_at"


def test_the_rest_of_every_line_is_sent_anew(shop: ThreeLines) -> None:
    shop.hand_over("A", "B")
    answer = shop.cancel(202, A=1, B=1)

    shop.recall(answer["cancellation_id"])

    assert shop.canceled() == [1, 1, 0]
    accepted = [quantity for quantity, status in shop.sql(REQUESTS) if status == "accepted"]
    assert sorted(accepted) == [1, 2]


def test_a_recall_cancels_what_other_cancellations_asked_back_of_the_line(shop: ThreeLines) -> None:
    """Otherwise those units would be sent anew and could leave before their own recall."""
    shop.flow.walk(*STEP_BY_STEP)
    first, second = shop.cancel(202, A=1), shop.cancel(202, A=1)

    shop.recall(first["cancellation_id"])

    assert shop.canceled() == [2, 0, 0]
    assert shop.sql(REQUESTS) == [(3, "canceled"), (1, "accepted")]
    shop.recall(second["cancellation_id"])
    assert (shop.canceled(), len(shop.sql(REQUESTS))) == ([2, 0, 0], 2)
    assert shop.pending("notify-canceled") == ["notify-canceled"] * 2


def test_as_many_units_are_canceled_as_come_back_even_if_their_numbers_have_left(shop: ThreeLines) -> None:
    """Unit 1 is asked back, but the parcel that leaves takes the lowest number."""
    shop.flow.walk(*STEP_BY_STEP)
    answer = shop.cancel(202, A=[1])
    shop.flow.ship(shop.warehouse, 1)

    shop.recall(answer["cancellation_id"])

    assert (shop.canceled(), shop.document()["items"][0]["shipped_quantity"]) == ([1, 0, 0], 1)
    assert [row["status"] for row in shop.document()["recalls"]] == ["canceled"]


def test_a_mixed_request_sends_one_mail_at_once_and_one_when_the_rest_is_back(shop: ThreeLines) -> None:
    shop.flow.walk(*STEP_BY_STEP)
    answer = shop.cancel(202, A=1, B=1)
    shop.notify(answer["cancellation_id"])

    shop.recall(answer["cancellation_id"])

    causes = shop.sql("SELECT DISTINCT cause_id::text FROM adjustments WHERE order_id = :id")
    for (cause,) in causes:
        shop.notify(cause)
    assert shop.pending("mail").count("item_canceled") == 2


def test_the_flow_of_the_last_line_is_not_woken_so_that_the_undo_finds_the_process(shop: ThreeLines) -> None:
    shop.flow.walk(*STEP_BY_STEP)
    shop.hand_over("B", "C")
    answer = shop.cancel(202, A=3, B=2, C=1)

    shop.recall(answer["cancellation_id"])

    assert shop.pending("message") == ["item-shipped", "item-shipped", "cancel-order"]
    [(asker,)] = shop.sql("SELECT requested_by FROM cancellations WHERE id = '" + answer["cancellation_id"] + "'")
    assert shop.document()["cancel_requested_by"] == asker != RELAY.id


def test_a_line_given_up_by_its_flow_leaves_no_message_of_its_cancellation(channel: Client, warehouse: Client) -> None:
    shop = waiting_for_stock(channel, warehouse, stock_of_a=0)
    shop.cancel(A=3)
    assert shop.pending("message") == ["stock-allocated"]

    shop.flow.walk(CANCEL_ITEM[0])

    assert shop.pending("message") == []
