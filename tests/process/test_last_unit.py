"""Twenty orders at once for the last unit: one gets it, the others wait, and new stock serves all of them."""

from concurrent.futures import ThreadPoolExecutor

from tests.fixtures.shop import Shop
from tests.fixtures.system import wait_until

BUYERS = 20


def test_of_twenty_orders_at_once_exactly_one_gets_the_last_unit(shop: Shop) -> None:
    sku = shop.new_sku(stock=1)
    with ThreadPoolExecutor(BUYERS) as buyers:
        orders = list(buyers.map(lambda _: shop.place(shop.line(sku)), range(BUYERS)))
    wait_until(
        lambda: waiting(shop, sku) == BUYERS - 1 and sent(shop, sku),
        what="one order at the warehouse, all others backordered",
    )

    sent_before_more_came = sent(shop, sku)
    shop.receive(sku, BUYERS - 1)
    wait_until(lambda: len(sent(shop, sku)) == BUYERS, what="every order at the warehouse")

    assert len(sent_before_more_came) == 1
    assert sorted(sent(shop, sku)) == sorted(order["items"][0]["id"] for order in orders)


def waiting(shop: Shop, sku: str) -> int:
    counted = "SELECT count(*) FROM order_items WHERE sku = %s AND status = 'backordered'"
    return int(shop.sql(counted, sku)[0][0])


def sent(shop: Shop, sku: str) -> list[str]:
    of_sku = (
        "SELECT f.item_id::text FROM fulfillment_requests f JOIN order_items i ON i.id = f.item_id WHERE i.sku = %s"
    )
    return [row[0] for row in shop.sql(of_sku, sku)]
