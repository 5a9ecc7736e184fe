"""The items of an order run in parallel: variables stay separate, and an order may have many items."""

from pathlib import Path

from tests.fixtures.designer import ITEM_FLOW, ITEM_MODEL, change, copy_of_our_models, deployed
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

GIFTS = "GIFT-BOX"
ROW = f"""<rule id="rule_gift"><inputEntry id="gift_a"><text></text></inputEntry>
<inputEntry id="gift_b"><text></text></inputEntry><inputEntry id="gift_c"><text>"{GIFTS}"</text></inputEntry>
<outputEntry id="gift_d"><text>"item-gift"</text></outputEntry></rule>"""


def with_an_item_flow_for_gifts(folder: Path) -> Path:
    models = copy_of_our_models(folder)
    drawn = (models / ITEM_MODEL).read_text().replace("item-ship-to-home", "item-gift")
    (models / "processes" / "item-gift.bpmn").write_text(drawn)
    change(models, ITEM_FLOW, ('<rule id="rule_ship_to_home">', ROW + '<rule id="rule_ship_to_home">'))
    return models


def wait_until_sent(shop: Shop, order: Json) -> None:
    at_warehouse = "SELECT count(*) FROM fulfillment_requests WHERE order_id = %s AND status = 'accepted'"
    wait_until(lambda: shop.sql(at_warehouse, order["id"]) == [(len(order["items"]),)], what="every item handed over")


def flow_of_item(shop: Shop, order: Json, item: Json) -> str:
    of_item = [{"name": "item_id", "operator": "eq", "value": item["id"]}]
    asked = {"processInstanceBusinessKey": order["number"], "variables": of_item}
    found = shop.engine("POST", "/history/process-instance", asked)
    [key] = {process["processDefinitionKey"] for process in found} - {"order-submit"}
    return str(key)


def test_items_that_run_side_by_side_keep_their_own_flows(shop: Shop, tmp_path: Path) -> None:
    lines = [shop.line(sku, 1, "1.00") for sku in ("MUG-WHITE", GIFTS) * 4]
    shop.receive(GIFTS, 4)
    with deployed(shop, with_an_item_flow_for_gifts(tmp_path)):
        order = shop.place(*lines)
        wait_until_sent(shop, order)
        shop.deliver(shop.ship(order))
        shop.wait_for_status(order["id"], "completed")

    flows = [flow_of_item(shop, order, item) for item in order["items"]]
    assert flows == ["item-ship-to-home", "item-gift"] * 4


def test_an_order_of_fifty_items_is_completed(shop: Shop) -> None:
    sku = shop.new_sku(stock=50)
    order = shop.place(*[shop.line(sku, 1, "1.00")] * 50)
    wait_until_sent(shop, order)

    shop.deliver(shop.ship(order))

    completed = shop.wait_for_status(order["id"], "completed")
    assert {item["status"] for item in completed["items"]} == {"delivered"}
    assert shop.money(order["id"]) == {"authorize": 5000, "capture": 5000, "void": 0}


def test_a_delivery_reported_too_early_is_taken_up_as_soon_as_the_flow_is_ready_for_it(shop: Shop) -> None:
    order = shop.place(shop.line())
    shop.wait_until_sent([order["items"][0]["id"]])
    shop.system.stop("workers")
    try:
        shop.deliver(shop.ship(order))
        wait_until(lambda: postpone_next_try(shop, order, "item-delivered"), what="a try before the flow waits")
    finally:
        shop.system.start("workers")

    shop.wait_for_status(order["id"], "completed")


def postpone_next_try(shop: Shop, order: Json, message: str) -> bool:
    tried = "WHERE business_key = %s AND name = %s AND attempts > 0 AND claimed_until IS NULL RETURNING id"
    return bool(shop.sql(f"UPDATE outbox SET due_at = now() + interval '1 hour' {tried}", order["number"], message))
