"""A key that was typed in another form of Unicode is the same key. It is shown as it was first sent."""

from uuid import uuid4

from sqlalchemy import text

from order_api.camunda.names import Topic
from order_api.core.database import transaction
from order_api.returns.find import find_returns
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.flows import Flow, work
from tests.factories.orders import Json, discount, line, ship_group
from tests.factories.returned_goods import Returns
from tests.fixtures.service import Client

ONE, TWO = "Caf\u00e9", "Cafe\u0301"
"""Look the same: the last letter is one character, or a letter and its accent."""


def test_an_order_that_was_placed_under_the_same_name_is_not_placed_again(channel: Client) -> None:
    name = uuid4().hex
    first = channel.place(external_id=TWO + name)

    again = channel.post("/v1/orders", channel.body(external_id=ONE + name))
    found = channel.get("/v1/orders", external_id=ONE + name).get_json()["orders"]

    assert (again.status_code, again.get_json()["code"]) == (409, "order_already_placed")
    assert [order["external_id"] for order in found] == [TWO + name] == [first["external_id"]]


def test_a_line_is_found_within_the_order_that_names_it(channel: Client) -> None:
    whole = discount("2.00", "ORDER", eligible_lines=[ONE], shares=[{"line_id": ONE, "amount": "2.00"}])
    sent = channel.body(line("10.00", line_id=TWO, ship_group=ONE), ship_groups=[ship_group(id=TWO)], discounts=[whole])

    answer = channel.post("/v1/orders", sent)

    order = answer.get_json()
    assert answer.status_code == 201, order
    assert ([item["line_id"] for item in order["items"]], order["ship_groups"][0]["key"]) == ([TWO], TWO)


def test_two_lines_of_one_name_are_refused(channel: Client) -> None:
    twice = channel.body(line("10.00", line_id=TWO), line("10.00", line_id=ONE))

    answer = channel.post("/v1/orders", twice)

    assert {error["code"] for error in answer.get_json()["errors"]} == {"repeated_line_id"}


def test_stock_is_found_and_counted_once(channel: Client, warehouse: Client) -> None:
    name = uuid4().hex
    receipt: Json = {"reference": TWO + name, "sku": TWO + name, "quantity": 2}
    for form in (TWO, ONE):
        same = {"reference": form + name, "sku": form + name}
        answer = warehouse.post("/v1/inventory/receipts", receipt | same)
        assert (answer.status_code, answer.get_json()["sku"]) == (201, form + name)

    first, second = (Flow(channel.place(line("10.00", 2, sku=form + name))) for form in (ONE, TWO))

    answers = [work(flow.task(Topic.RESERVE_INVENTORY, {})).bpmn_error_code for flow in (first, second)]

    assert answers == [None, "out_of_stock"]
    shown = [channel.get(f"/v1/orders/{flow.order['id']}").get_json() for flow in (first, second)]
    assert [order["reservations"][0]["sku"] for order in shown] == [ONE + name, TWO + name]


def test_a_line_ships_and_comes_back_under_either_name(channel: Client, warehouse: Client) -> None:
    order = hand_to_fulfillment(channel.place(line("10.00", 2, line_id=TWO)))
    parcel: Json = {"carrier": "dhl", "lines": [{"line_id": ONE, "quantity": 2}]}

    path = f"/v1/orders/{order['id']}/shipments"
    shipped = [warehouse.post(path, parcel | {"tracking_number": form}) for form in (TWO, ONE)]
    back = {"items": [{"line_id": ONE, "quantity": 1, "reason": "too_small"}]}
    announced = channel.post(f"/v1/orders/{order['id']}/returns", back, Idempotency_Key=uuid4().hex)
    number = announced.get_json()["number"]
    arrived = [arrives(warehouse, number, reference=form, line_id=form) for form in (TWO, ONE)]

    assert [answer.status_code for answer in shipped] == [201, 201]
    assert announced.get_json()["lines"][0]["line_id"] == TWO
    receipts = channel.get(f"/v1/returns/{number}").get_json()["receipts"]
    assert [(receipt["reference"], receipt["unknown"]) for receipt in receipts] == [(TWO, None)], arrived


def arrives(warehouse: Client, number: str, reference: str, line_id: str) -> Json:
    sent = {"reference": reference, "items": [{"line_id": line_id, "quantity": 1}]}
    answer = warehouse.post(f"/v1/returns/{number}/receipts", sent)
    return dict(answer.get_json())


def test_a_scan_counts_once_and_is_found(channel: Client, warehouse: Client, returns: Returns) -> None:
    number, parcel = returns.announce(_1=1), uuid4().hex
    scan: Json = {"at": "2026-11-29T08:30:00Z"}

    for form in (TWO, ONE):
        assert warehouse.post(f"/v1/returns/{number}/scans", scan | {"reference": form + parcel}).status_code == 201
    scans = "SELECT s.reference FROM return_scans s JOIN returns r ON r.id = s.return_id WHERE r.number = :number"
    with transaction() as session:
        found = find_returns(session, returns.money.actor, ONE + parcel)
        stored = list(session.scalars(text(scans), {"number": number}))

    assert ([return_.number for return_, _ in found], stored) == ([number], [TWO + parcel])
