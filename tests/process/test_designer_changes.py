"""The promise to workflow designers: statuses, steps and item flows need only a deployment, not our release."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from order_api.access.authenticate import digest_of
from tests.fixtures.designer import ITEM_FLOW, ITEM_MODEL, ORDER_MODEL, change, copy_of_our_models, deployed
from tests.fixtures.shop import Json, Shop


def with_gift_wrapping(folder: Path) -> Path:
    """The order gets status `gift_wrapping` when it is frozen. Each item gets it from a new task after reserving."""
    models = copy_of_our_models(folder)
    change(
        models,
        ORDER_MODEL,
        (
            '<camunda:property name="order-status-after" value="freeze_edit"/>',
            '<camunda:property name="order-status-after" value="gift_wrapping"/>'
            '<camunda:property name="status-category" value="open"/>',
        ),
    )
    after_reserving = "flow_reserve_inventory_to_send_to_fulfillment"
    change(
        models,
        ITEM_MODEL,
        (
            f"<bpmn:outgoing>{after_reserving}</bpmn:outgoing>\n    </bpmn:serviceTask>\n"
            f'    <bpmn:sequenceFlow id="{after_reserving}" sourceRef="task_reserve_inventory"',
            "<bpmn:outgoing>flow_reserve_inventory_to_wrap</bpmn:outgoing>\n    </bpmn:serviceTask>"
            '<bpmn:sequenceFlow id="flow_reserve_inventory_to_wrap" sourceRef="task_reserve_inventory" '
            'targetRef="task_wrap"/>'
            '<bpmn:serviceTask id="task_wrap" name="Wrap it" camunda:type="external" camunda:topic="update-status">'
            "<bpmn:extensionElements><camunda:properties>"
            '<camunda:property name="item-status-after" value="gift_wrapping"/>'
            '<camunda:property name="status-category" value="open"/></camunda:properties></bpmn:extensionElements>'
            "<bpmn:incoming>flow_reserve_inventory_to_wrap</bpmn:incoming>"
            f"<bpmn:outgoing>{after_reserving}</bpmn:outgoing></bpmn:serviceTask>"
            f'<bpmn:sequenceFlow id="{after_reserving}" sourceRef="task_wrap"',
        ),
        (
            "</bpmndi:BPMNPlane>",
            '<bpmndi:BPMNShape id="shape_wrap" bpmnElement="task_wrap">'
            '<dc:Bounds x="0" y="0" width="100" height="80"/></bpmndi:BPMNShape>'
            '<bpmndi:BPMNEdge id="edge_wrap" bpmnElement="flow_reserve_inventory_to_wrap">'
            '<di:waypoint x="0" y="0"/><di:waypoint x="100" y="0"/></bpmndi:BPMNEdge></bpmndi:BPMNPlane>',
        ),
    )
    return models


def statuses(shop: Shop, order: Json, event: str) -> list[str]:
    return [e["after"] for e in shop.history(order["id"]) if e["event"] == event]


def of_order(shop: Shop, order: Json) -> list[str]:
    return statuses(shop, order, "order.status_changed")


def of_item(shop: Shop, order: Json) -> list[str]:
    return statuses(shop, order, "item.status_changed")


def finish(shop: Shop, order: Json) -> None:
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    shop.deliver(shop.ship(order))
    shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])


@dataclass(frozen=True)
class Stage:
    """One order was in its edit window and one awaited shipment when the designer deployed; one came later."""

    editable: Json
    shipping: Json
    new: Json


@pytest.fixture(scope="module")
def stage(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    models = with_gift_wrapping(tmp_path_factory.mktemp("designer"))
    with shop.edit_window("PT1H"):
        editable = shop.place()
    shipping = shop.place()
    shop.wait_for_activity(editable["id"], "event_edit_window")
    shop.wait_for_activity(shipping["id"], "wait_for_shipment")
    with deployed(shop, models):
        new = shop.place()
        shop.fire_timer(editable["id"], "event_edit_window")
        for order in (editable, shipping, new):
            finish(shop, order)
    return Stage(editable, shipping, new)


FROM_FULFILLMENT_ON = ["submitted_to_fulfillment", "shipped", "delivered", "completed"]
ORDER_BEFORE = ["ready_to_edit", "freeze_edit", *FROM_FULFILLMENT_ON]
ORDER_NOW = ["ready_to_edit", "gift_wrapping", *FROM_FULFILLMENT_ON]
ITEM_BEFORE = ["reserved", "submitted_to_fulfillment", "shipped", "delivered"]
ITEM_NOW = ["reserved", "gift_wrapping", "submitted_to_fulfillment", "shipped", "delivered"]


def test_a_new_order_shows_the_new_statuses(shop: Shop, stage: Stage) -> None:
    assert of_order(shop, stage.new) == ORDER_NOW
    assert of_item(shop, stage.new) == ITEM_NOW


def test_a_running_order_keeps_its_version_but_items_that_start_later_take_the_latest(shop: Shop, stage: Stage) -> None:
    assert of_order(shop, stage.editable) == ORDER_BEFORE
    assert of_item(shop, stage.editable) == ITEM_NOW


def test_an_item_that_was_under_way_keeps_its_version(shop: Shop, stage: Stage) -> None:
    assert of_order(shop, stage.shipping) == ORDER_BEFORE
    assert of_item(shop, stage.shipping) == ITEM_BEFORE


@pytest.mark.usefixtures("stage")
def test_deploying_the_old_models_again_brings_the_old_statuses_back(shop: Shop) -> None:
    order = shop.place()

    finish(shop, order)

    assert (of_order(shop, order), of_item(shop, order)) == (ORDER_BEFORE, ITEM_BEFORE)


# A collection with its own item flow.

ROW = """<rule id="rule_{key}"><inputEntry id="{key}_a"><text>"{collection}"</text></inputEntry>
<inputEntry id="{key}_b"><text></text></inputEntry><inputEntry id="{key}_c"><text></text></inputEntry>
<outputEntry id="{key}_d"><text>"item-gift-shop"</text></outputEntry></rule>"""


@pytest.fixture
def gift_shop(shop: Shop) -> str:
    """Adds a collection and returns its key, such as `gift-shop-1a2b3c4d`.

    The API key of its web shop is `osk_gift-shop-1a2b3c4d`, that of its warehouse `osk_gift-shop-1a2b3c4d_warehouse`.
    """
    key, collection_id = f"gift-shop-{uuid4().hex[:8]}", uuid4()
    shop.sql(
        "INSERT INTO order_collections (id, key, name, stored_properties) "
        'VALUES (%s, %s, %s, \'{"edit_window": "PT0S"}\')',
        collection_id,
        key,
        key,
    )
    add_key(shop, key, collection_id, "channel", "web")
    add_key(shop, f"{key}_warehouse", collection_id, "warehouse")
    return key


def add_key(shop: Shop, key: str, collection_id: UUID, role: str, channel: str | None = None) -> None:
    row = (uuid4(), key, digest_of(f"osk_{key}"), role, collection_id, channel)
    insert = "INSERT INTO api_keys (id, name, digest, role, collection_id, channel) VALUES (%s, %s, %s, %s, %s, %s)"
    shop.sql(insert, *row)


def with_an_item_flow_for(gift_shop: str, folder: Path) -> Path:
    models = copy_of_our_models(folder)
    drawn = (models / ITEM_MODEL).read_text().replace("item-ship-to-home", "item-gift-shop")
    drawn = drawn.replace(
        '<camunda:property name="item-status-after" value="reserved"/>',
        '<camunda:property name="item-status-after" value="being_wrapped"/>'
        '<camunda:property name="status-category" value="open"/>',
    )
    (models / "processes" / "item-gift-shop.bpmn").write_text(drawn)
    row = ROW.format(key="gift_shop", collection=gift_shop)
    change(models, ITEM_FLOW, ('<rule id="rule_ship_to_home">', row + '<rule id="rule_ship_to_home">'))
    return models


def item_flows(shop: Shop, order: Json) -> set[str]:
    processes = shop.engine("GET", "/history/process-instance", processInstanceBusinessKey=order["number"])
    return {process["processDefinitionKey"] for process in processes} - {"order-submit"}


def place_at(gift_shop: str, shop: Shop) -> Json:
    answer = shop.call("POST", "/v1/orders", shop.body(collection=gift_shop), f"osk_{gift_shop}")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def cancel_at(gift_shop: str, shop: Shop, order: Json) -> None:
    shop.call("POST", f"/v1/orders/{order['id']}/cancellations", {"reason": "changed_mind"}, f"osk_{gift_shop}")


def test_a_row_of_a_table_gives_a_collection_its_own_item_flow(shop: Shop, gift_shop: str, tmp_path: Path) -> None:
    with deployed(shop, with_an_item_flow_for(gift_shop, tmp_path)):
        theirs, ours = place_at(gift_shop, shop), shop.place()
        for order in (theirs, ours):
            shop.wait_for_activity(order["id"], "wait_for_shipment")

    assert (item_flows(shop, theirs), item_flows(shop, ours)) == ({"item-gift-shop"}, {"item-ship-to-home"})
    shown = shop.call("GET", f"/v1/orders/{theirs['id']}/history", key=f"osk_{gift_shop}").json()["events"]
    assert next(e["after"] for e in shown if e["event"] == "item.status_changed") == "being_wrapped"
    cancel_at(gift_shop, shop, theirs)
    shop.cancel(ours["id"])
    for order in (theirs, ours):
        shop.wait_until_ended(order["id"])


@pytest.mark.parametrize(
    ("task_id", "queue"), [("usertask_unable_to_ship", "Unable to ship"), ("usertask_wrap_anew", "Other tasks")]
)
def test_people_see_the_tasks_of_an_added_item_flow_and_operators_see_its_instances(
    shop: Shop, gift_shop: str, tmp_path: Path, task_id: str, queue: str
) -> None:
    models = with_an_item_flow_for(gift_shop, tmp_path)
    drawn = models / "processes" / "item-gift-shop.bpmn"
    drawn.write_text(drawn.read_text().replace("usertask_unable_to_ship", task_id))

    with deployed(shop, models):
        order = place_at(gift_shop, shop)
        shop.wait_for_activity(order["id"], "wait_for_shipment")
        shop.report_unable(order["items"][0], key=f"osk_{gift_shop}_warehouse")
        task = shop.wait_for_task(order["id"], task_id)

    instance = shop.engine("GET", f"/process-instance/{task['processInstanceId']}", user="otto-operator")
    assert task["id"] in in_queue(shop, queue, "stan-store")
    assert instance["businessKey"] == order["number"]
    cancel_at(gift_shop, shop, order)
    shop.wait_until_ended(order["id"])


def in_queue(shop: Shop, name: str, user: str) -> set[str]:
    [queue] = shop.engine("GET", "/filter", name=name)
    return {task["id"] for task in shop.engine("GET", f"/filter/{queue['id']}/list", user=user)}
