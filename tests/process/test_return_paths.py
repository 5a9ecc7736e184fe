"""What comes back, on the real engine: stock, money, statuses, fates and mails at the end of each return."""

from typing import NamedTuple

from tests.factories import engine_returns as returns
from tests.factories.engine_refunds import CSR, SUPERVISOR, token_of
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

HOW_TO_SEND, GOT, PAID = "Your return for order N", "We have received your goods of order N", "Your refund for order N"
ONE_PARCEL = sorted([HOW_TO_SEND, GOT, PAID])
TWO_PARCELS = sorted([HOW_TO_SEND, GOT, PAID, GOT, PAID])
ENDED = "Your return for order N has ended"


class End(NamedTuple):
    """`back`: how many units have the fate *returned*. `money`: due, captured, refunded and outstanding. `mails` by
    their subjects, sorted: two processes write them."""

    state: str
    back: int
    stock: dict[str, int]
    money: tuple[str, ...]
    mails: list[str]


def end_of(shop: Shop, order: Json, number: str, state: str) -> End:
    """Also looks that the order is completed as before."""
    document = returns.ended(shop, number, state)
    returned = "SELECT coalesce(sum(quantity), 0) FROM unit_ranges WHERE order_id = %s AND fate = 'returned'"
    [(back,)] = shop.sql(returned, order["id"])
    assert shop.order(order["id"])["status"] == "completed"
    sums, mails = returns.sums(shop, order), sorted(returns.mails(shop, order))
    return End(document["state"], int(back), returns.stock_back(shop, order), sums, mails)


def at_wait_for_goods(shop: Shop, order: Json, **units: int) -> str:
    number = returns.announce(shop, order, **units)
    shop.wait_for_activity(number, returns.FOR_GOODS)
    return number


def test_all_comes_as_announced(shop: Shop) -> None:
    order = returns.delivered(shop)
    number = at_wait_for_goods(shop, order, _1=2)

    receipt = returns.receive(shop, number, _1=2)
    shop.wait_for_task(number, returns.INSPECT)
    before = returns.sums(shop, order), returns.stock_back(shop, order)
    returns.judge(shop, number, receipt, _1=2)

    assert before == (("60.00", "60.00", "0.00", "0.00"), {})
    assert end_of(shop, order, number, "completed") == End(
        "completed", 2, {"sellable": 2}, ("20.00", "60.00", "40.00", "0.00"), ONE_PARCEL
    )


def test_fewer_come_and_the_rest_is_free_again_after_the_last_day(shop: Shop) -> None:
    order = returns.delivered(shop)
    number = at_wait_for_goods(shop, order, _1=2)
    returns.arrive(shop, number, _1=1)
    shop.wait_for_activity(number, returns.FOR_GOODS)

    shop.fire_timer(number, "event_expire")

    assert end_of(shop, order, number, "completed") == End(
        "completed", 1, {"sellable": 1}, ("40.00", "60.00", "20.00", "0.00"), sorted([HOW_TO_SEND, GOT, PAID, ENDED])
    )
    returns.announce(shop, order, _1=2)


def test_more_of_a_line_comes_and_joins_under_the_same_policy(shop: Shop) -> None:
    order = returns.delivered(shop)
    number = at_wait_for_goods(shop, order, _1=1)

    returns.arrive(shop, number, _1=3)

    assert end_of(shop, order, number, "completed") == End(
        "completed", 3, {"sellable": 3}, ("0.00", "60.00", "60.00", "0.00"), ONE_PARCEL
    )
    lines = returns.read(shop, number)["lines"]
    assert [(line["is_announced"], line["reason"], line["is_allowed"]) for line in lines] == [
        (True, "changed_mind", True),
        (False, "changed_mind", True),
    ]


def test_other_goods_of_the_order_join_under_their_own_policy(shop: Shop) -> None:
    order = returns.delivered(shop, shop.line("MUG-WHITE", 2, "20.00"), shop.line(shop.new_sku(1), 1, "5.00"))
    number = at_wait_for_goods(shop, order, _1=1)

    returns.arrive(shop, number, _1=1, _2=1)

    assert end_of(shop, order, number, "completed") == End(
        "completed", 2, {"sellable": 2}, ("20.00", "45.00", "25.00", "0.00"), ONE_PARCEL
    )
    assert returns.read(shop, number)["lines"][1]["reason"] == "not_announced"


def test_other_goods_that_need_a_person_wait_for_one_and_get_no_money_if_refused(shop: Shop) -> None:
    order = returns.delivered(shop, shop.line("MUG-WHITE", 2, "20.00"), shop.line(shop.new_sku(1), 1, "5.00"))
    number = returns.announce_as(shop, order, {"_1": 1}, key=token_of(shop, CSR))
    shop.wait_for_activity(number, returns.FOR_GOODS)
    shop.sql("UPDATE unit_ranges SET at = at - interval '60 days' WHERE order_id = %s", order["id"])

    receipt = returns.receive(shop, number, _1=1, _2=1)
    shop.decide(number, returns.APPROVAL, SUPERVISOR, "refuse_return", "Much too late.")
    shop.wait_for_task(number, returns.INSPECT)
    returns.judge(shop, number, receipt, _1=1, _2=1)

    end = end_of(shop, order, number, "completed")
    assert (end.back, end.stock, end.money) == (2, {"sellable": 2}, ("25.00", "45.00", "20.00", "0.00"))
    assert "We cannot take back your goods of order N" in end.mails


def test_goods_of_no_order_wait_for_a_person(shop: Shop) -> None:
    order = returns.delivered(shop)
    number = at_wait_for_goods(shop, order, _1=1)
    receipt = returns.receive(shop, number, "DOCK-1", "A grey scarf", _1=1)

    shop.decide(number, returns.DIFFERS, CSR, "dealt_with")
    shop.wait_for_task(number, returns.INSPECT)
    returns.judge(shop, number, receipt, _1=1)

    end = end_of(shop, order, number, "completed")
    assert end.mails == sorted([HOW_TO_SEND, GOT, "Something is different about your return for order N", PAID])
    assert returns.read(shop, number)["receipts"][0]["looked_at"]


def test_a_second_parcel_is_received_judged_and_paid_by_itself(shop: Shop) -> None:
    order = returns.delivered(shop)
    number = at_wait_for_goods(shop, order, _1=2)
    returns.arrive(shop, number, "DOCK-1", _1=1)
    wait_until(lambda: returns.read(shop, number)["refunds"], what="a refund of its own")
    returns.arrive(shop, number, "DOCK-2", _1=1)

    assert end_of(shop, order, number, "completed") == End(
        "completed",
        2,
        {"sellable": 2},
        ("20.00", "60.00", "40.00", "0.00"),
        TWO_PARCELS,
    )


def test_a_parcel_after_the_last_day_joins_again_and_starts_the_process_anew(shop: Shop) -> None:
    order = returns.delivered(shop)
    number = at_wait_for_goods(shop, order, _1=2)
    shop.fire_timer(number, "event_expire")
    returns.ended(shop, number, "expired")

    returns.arrive(shop, number, _1=2)

    assert end_of(shop, order, number, "completed") == End(
        "completed", 2, {"sellable": 2}, ("20.00", "60.00", "40.00", "0.00"), sorted([HOW_TO_SEND, ENDED, GOT, PAID])
    )


def test_a_return_that_was_canceled_while_it_travels_takes_what_arrives(shop: Shop) -> None:
    order = returns.delivered(shop)
    number = at_wait_for_goods(shop, order, _1=2)
    returns.scan(shop, number)
    returns.cancel(shop, number)
    returns.ended(shop, number, "canceled")

    returns.arrive(shop, number, _1=2)

    assert end_of(shop, order, number, "completed") == End(
        "completed", 2, {"sellable": 2}, ("20.00", "60.00", "40.00", "0.00"), ONE_PARCEL
    )


def test_the_rest_of_the_order_is_canceled_meanwhile(shop: Shop) -> None:
    """Trap 16: what the card held for the canceled unit is released, and only what came back is given back."""
    order = shop.place(shop.line("MUG-WHITE", 2, "20.00"), shop.line(shop.new_sku(), 1, "5.00"))
    shop.ship(order, 2, 0)
    shop.deliver_all(order)
    number = at_wait_for_goods(shop, order, _1=1)

    rest = {"items": [{"line_id": "2", "quantity": 1}], "reason": "changed_mind"}
    returns.post(shop, f"/v1/orders/{order['id']}/cancellations", rest, status=200)
    shop.wait_for_status(order["id"], "completed")
    returns.arrive(shop, number, _1=1)

    end = end_of(shop, order, number, "completed")
    assert (end.back, end.stock, end.money) == (1, {"sellable": 1}, ("20.00", "40.00", "20.00", "0.00"))
    assert shop.money(order["id"])["void"] == 5_00


def gold_order(shop: Shop) -> Json:
    groups = {"type": "guest", "name": "Ada", "email": f"{shop.new_sku().lower()}@example.com", "groups": ["gold"]}
    return returns.delivered(shop, customer=groups)


def test_goods_that_are_lost_on_the_way_back_are_written_off_because_their_money_went_with_the_scan(
    shop: Shop,
) -> None:
    order = gold_order(shop)
    number = at_wait_for_goods(shop, order, _1=2)
    returns.scan(shop, number)
    wait_until(lambda: returns.read(shop, number)["refunds"], what="the money at the scan")
    shop.wait_for_activity(number, returns.FOR_GOODS)

    shop.fire_timer(number, "event_expire")
    shop.decide(number, returns.NOT_ARRIVED, SUPERVISOR, "write_off_goods", "The carrier lost it.")

    assert end_of(shop, order, number, "completed") == End(
        "completed", 0, {}, ("20.00", "60.00", "40.00", "0.00"), sorted([HOW_TO_SEND, PAID])
    )


def test_a_supervisor_gives_goods_more_time(shop: Shop) -> None:
    order = gold_order(shop)
    number = at_wait_for_goods(shop, order, _1=2)
    returns.scan(shop, number)
    wait_until(lambda: returns.read(shop, number)["refunds"], what="the money at the scan")
    shop.wait_for_activity(number, returns.FOR_GOODS)
    shop.fire_timer(number, "event_expire")

    shop.decide(number, returns.NOT_ARRIVED, SUPERVISOR, "wait_longer")
    shop.wait_for_activity(number, returns.FOR_GOODS)
    returns.receive(shop, number, _1=2)

    end = end_of(shop, order, number, "completed")
    assert (end.back, end.stock, end.money) == (2, {"sellable": 2}, ("20.00", "60.00", "40.00", "0.00"))


def test_cheap_goods_that_were_our_fault_stay_with_the_customer(shop: Shop) -> None:
    order = returns.delivered(shop, shop.line(shop.new_sku(2), 2, "5.00"))

    number = returns.announce_as(shop, order, {"_1": 1}, reason="wrong_item")

    assert end_of(shop, order, number, "completed") == End(
        "completed", 0, {}, ("5.00", "10.00", "5.00", "0.00"), sorted([HOW_TO_SEND, PAID])
    )


def test_damaged_goods_are_scrap_and_are_paid_for(shop: Shop) -> None:
    order = returns.delivered(shop)
    number = at_wait_for_goods(shop, order, _1=2)
    receipt = returns.receive(shop, number, _1=2)
    returns.judge(shop, number, receipt, "scrap", _1=1)
    returns.judge(shop, number, receipt, "quarantine", _1=1)

    assert end_of(shop, order, number, "completed") == End(
        "completed",
        2,
        {"scrap": 1, "quarantine": 1},
        ("20.00", "60.00", "40.00", "0.00"),
        ONE_PARCEL,
    )


def test_goods_that_go_back_to_the_customer_are_not_paid_for(shop: Shop) -> None:
    order = returns.delivered(shop)
    number = at_wait_for_goods(shop, order, _1=1)

    returns.arrive(shop, number, "DOCK-1", "sent_back", _1=1)

    end = end_of(shop, order, number, "completed")
    assert (end.stock, end.money, end.mails) == ({}, ("60.00", "60.00", "0.00", "0.00"), sorted([HOW_TO_SEND, GOT]))


def test_a_return_that_gives_nothing_says_so_before_and_completes(shop: Shop) -> None:
    order = returns.delivered(shop, shop.line(shop.new_sku(1), 1, "0.00"), shop.line("MUG-WHITE", 1, "20.00"))
    body = {"items": [{"line_id": "1", "units": [1], "reason": "changed_mind"}]}
    preview = shop.call("POST", f"/v1/orders/{order['id']}/returns/preview", body).json()

    number = at_wait_for_goods(shop, order, _1=1)
    returns.arrive(shop, number, _1=1)

    assert (preview["decision"], preview["paid_back"]) == ("accept", "0.00")
    end = end_of(shop, order, number, "completed")
    assert (end.back, end.stock, end.money) == (1, {"sellable": 1}, ("20.00", "20.00", "0.00", "0.00"))
