"""Returns through the API: who announces, sees, receives and judges them, and what comes twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from order_api.access.models import User
from order_api.core.database import transaction
from order_api.stores.models import Store
from order_api.words import Role
from tests.factories.orders import Json
from tests.factories.returned_goods import Returns
from tests.fixtures.service import Client
from tests.integration.test_refunds import person

DOCK = {"reference": "DOCK-1", "items": [{"line_id": "1", "quantity": 1}]}


def announce(client: Client, returns: Returns, **changes: Any) -> Any:
    body = {"items": [{"line_id": "1", "quantity": 2, "reason": "too_small"}], **changes}
    path = f"/v1/orders/{returns.money.id}/returns"
    return client.post(path, body, Idempotency_Key=str(uuid4()))


def announced(client: Client, returns: Returns, **changes: Any) -> str:
    answer = announce(client, returns, **changes)
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["number"])


def test_a_return_is_announced_and_read(channel: Client, returns: Returns) -> None:
    answer = announce(channel, returns, comment="Runs small.")

    document = answer.get_json()
    number = f"{returns.refunds.order()['number']}-R1"
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/v1/returns/{number}")
    assert channel.get(f"/v1/returns/{number}").get_json() == document
    assert (document["state"], document["comes_by"], document["location"]) == ("announced", "parcel", "main")
    [line] = document["lines"]
    assert (line["line_id"], line["reason"], line["reason_words"]) == ("1", "too_small", "Too small")
    assert [(units["first_unit"], units["quantity"], units["verdict"]) for units in line["units"]] == [(1, 2, None)]
    assert [head["number"] for head in returns.refunds.order()["returns"]] == [number]


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"items": [{"line_id": "9", "quantity": 1, "reason": "too_small"}]}, 422, "refund_invalid", "line_id"),
        ({"items": [{"line_id": "1", "quantity": 9, "reason": "too_small"}]}, 409, "more_than_remains", None),
        ({"items": [{"line_id": "1", "quantity": 1, "reason": "no_such"}]}, 422, "reason_not_offered", None),
        ({"items": [{"line_id": "1", "reason": "too_small"}]}, 422, "invalid_content", "items.0.quantity"),
        (
            {"items": [{"line_id": "1", "units": [n], "reason": "too_small"} for n in (1, 2)]},
            422,
            "return_invalid",
            "items",
        ),
        ({"location": "elsewhere"}, 422, "return_invalid", "location"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_announced(
    channel: Client, returns: Returns, changes: Json, status: int, code: str, field: str | None
) -> None:
    answer = announce(channel, returns, **changes)

    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert field is None or [error["field"] for error in problem["errors"]] == [field]
    assert returns.refunds.order()["returns"] == []


def test_a_quantity_without_a_key_could_be_announced_twice_so_it_is_refused(channel: Client, returns: Returns) -> None:
    body = {"items": [{"line_id": "1", "quantity": 1, "reason": "too_small"}]}

    answer = channel.post(f"/v1/orders/{returns.money.id}/returns", body)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_required")


def test_five_at_once_for_one_unit_are_one_return(channel: Client, returns: Returns) -> None:
    body = {"items": [{"line_id": "2", "units": [1], "reason": "too_small"}, *_all_of("3", 1)]}

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: announce(channel, returns, **body).status_code, range(5)))

    assert sorted(answers) == [201, 409, 409, 409, 409]
    assert len(returns.refunds.order()["returns"]) == 1


def _all_of(line_id: str, *numbers: int) -> list[Json]:
    return [{"line_id": line_id, "units": list(numbers), "reason": "too_small"}]


def test_a_receipt_that_comes_twice_counts_once_and_another_content_is_refused(
    channel: Client, warehouse: Client, returns: Returns
) -> None:
    path = f"/v1/returns/{announced(channel, returns)}/receipts"

    first, again = (warehouse.post(path, DOCK) for _ in range(2))
    other = warehouse.post(path, {**DOCK, "items": [{"line_id": "1", "quantity": 2}]})

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert (other.status_code, other.get_json()["code"]) == (409, "receipt_differs")


def test_goods_of_no_unit_are_told_and_kept_in_words(channel: Client, warehouse: Client, returns: Returns) -> None:
    number = announced(channel, returns)
    body = {"reference": "DOCK-1", "items": [{"line_id": "1", "quantity": 9}], "unexpected": "A grey scarf"}

    answer = warehouse.post(f"/v1/returns/{number}/receipts", body).get_json()

    assert answer["unknown"] == [{"line_id": "1", "quantity": 6}]
    assert answer["document"]["receipts"][0]["unknown"] == "6 more of line 1; A grey scarf"


def test_verdicts_are_given_once_about_goods_of_the_receipt(
    channel: Client, warehouse: Client, returns: Returns
) -> None:
    number = announced(channel, returns)
    receipt = warehouse.post(f"/v1/returns/{number}/receipts", DOCK).get_json()["receipt_id"]
    path, verdict = f"/v1/returns/{number}/receipts/{receipt}/verdicts", {"line_id": "1", "quantity": 1}
    body = {"verdicts": [{**verdict, "verdict": "scrap"}]}

    first, again = (warehouse.post(path, body, Idempotency_Key="V-1") for _ in range(2))
    more = warehouse.post(path, body, Idempotency_Key="V-2")
    unknown = warehouse.post(path, {"verdicts": [{**body["verdicts"][0], "line_id": "9"}]}, Idempotency_Key="V-3")
    elsewhere = warehouse.post(path.replace(receipt, str(uuid4())), body, Idempotency_Key="V-4")

    assert [(u["quantity"], u["verdict"]) for u in first.get_json()["lines"][0]["units"]] == [(1, "scrap"), (1, None)]
    assert again.get_json() == first.get_json()
    assert (more.status_code, more.get_json()["code"]) == (409, "verdict_given")
    assert (unknown.status_code, unknown.get_json()["errors"][0]["field"]) == (422, "verdicts.0.line_id")
    assert (elsewhere.status_code, elsewhere.get_json()["code"]) == (404, "return_not_found")


def test_a_scan_moves_a_return_once(channel: Client, returns: Returns) -> None:
    number = announced(channel, returns)
    returns.judge(number)
    body = {"reference": "DHL-1", "at": "2026-11-30T10:00:00Z", "words": "Picked up"}

    states = [channel.post(f"/v1/returns/{number}/scans", body).get_json()["state"] for _ in range(2)]

    assert states == ["in_transit", "in_transit"]
    events = channel.get(f"/v1/orders/{returns.money.id}/history").get_json()["events"]
    assert [event["event"] for event in events].count("return.scanned") == 1


def test_a_return_of_which_goods_have_come_is_not_canceled(
    channel: Client, warehouse: Client, returns: Returns
) -> None:
    number = announced(channel, returns)
    warehouse.post(f"/v1/returns/{number}/receipts", DOCK)

    answer = channel.post(f"/v1/returns/{number}/cancel", {"reason": "Keeps them."})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "return_over")


def test_a_canceled_return_frees_its_units(channel: Client, returns: Returns) -> None:
    number = announced(channel, returns)

    states = [
        channel.post(f"/v1/returns/{number}/cancel", {"reason": "Keeps them."}).get_json()["state"] for _ in range(2)
    ]

    assert states == ["canceled", "canceled"]
    assert announce(channel, returns).status_code == 201


# Stores.


@pytest.fixture
def store(app: Flask, channel: Client) -> Client:
    """A colleague of the store main-street. The collection has another store, too."""
    with transaction() as session:
        session.add(Store(collection_id=channel.company.id, key=f"other-{uuid4().hex[:8]}", name="Other"))
    return person(app, channel, Role.STORE_OPERATOR)


def test_store_staff_see_and_list_the_returns_of_their_store_without_addresses(
    channel: Client, store: Client, returns: Returns
) -> None:
    own = announced(channel, returns, location="main-street", items=_all_of("1", 1))
    other = announced(channel, returns, items=_all_of("1", 2))

    listed = store.get("/v1/returns", order_number=returns.refunds.order()["number"])
    of_order = store.get(f"/v1/orders/{returns.money.id}").get_json()["returns"]

    assert [row["number"] for row in of_order] == [own]
    assert [row["number"] for row in listed.get_json()["returns"]] == [own]
    assert [store.get(f"/v1/returns/{number}").status_code for number in (own, other)] == [200, 404]
    for word in ("address", "street", "postal", "email"):
        assert word not in store.get(f"/v1/returns/{own}").text.replace("main-street", "")


def test_a_store_receives_returns_of_any_location_at_its_own(channel: Client, store: Client, returns: Returns) -> None:
    number = announced(channel, returns)
    path = f"/v1/returns/{number}/receipts"

    received = store.post(path, DOCK)
    wrong = store.post(path, {**DOCK, "reference": "DOCK-2", "location": "main"})
    receipt = received.get_json()["receipt_id"]
    verdict = {"verdicts": [{"line_id": "1", "quantity": 1, "verdict": "resellable"}]}
    judged = store.post(f"{path}/{receipt}/verdicts", verdict, Idempotency_Key="V-1")

    assert received.get_json()["document"]["receipts"][0]["location"] == "main-street"
    assert (wrong.status_code, wrong.get_json()["errors"][0]["field"]) == (422, "location")
    assert judged.status_code == 201


def test_a_store_operator_without_a_store_sees_no_return(channel: Client, store: Client, returns: Returns) -> None:
    number = announced(channel, returns, location="main-street")
    with transaction() as session:
        username = channel.company.staff[Role.STORE_OPERATOR]
        session.execute(update(User).where(User.username == username).values(store_keys=None))

    try:
        assert store.get(f"/v1/returns/{number}").status_code == 404
        assert store.post(f"/v1/returns/{number}/receipts", DOCK).status_code == 422
    finally:
        with transaction() as session:
            session.execute(update(User).where(User.username == username).values(store_keys=["main-street"]))


# The list.


def test_returns_are_listed_newest_first_and_filtered(channel: Client, returns: Returns) -> None:
    numbers = [announced(channel, returns, items=_all_of("1", n)) for n in (1, 2, 3)]
    returns.cancel(numbers[0])
    order_number = returns.refunds.order()["number"]

    def found(**query: Any) -> list[str]:
        rows, query = [], {"order_number": order_number, "limit": 2, **query}
        while True:
            page = channel.get("/v1/returns", **query).get_json()
            rows += [row["number"] for row in page["returns"]]
            if page["next_cursor"] is None:
                return rows
            query["cursor"] = page["next_cursor"]

    assert found() == numbers[::-1]
    assert found(state="canceled") == [numbers[0]]
    assert found(location="main-street") == []
    assert found(reason="too_small") == numbers[::-1]
    assert found(reason="too_large") == []
    assert found(older_than_days=1) == []
    assert found(announced_before="2026-01-01T00:00:00Z") == []


def test_returns_whose_money_is_due_are_listed_the_first_due_first(channel: Client, returns: Returns) -> None:
    numbers = [announced(channel, returns, items=_all_of("1", n)) for n in (1, 2, 3)]
    for number, days in zip(numbers[:2], (9, 3), strict=True):
        returns.judge(number, refund_days=days)
        returns.receive(number, f"DOCK-{number}", _1=1)
        returns.settle(number)

    query = {"order_number": returns.refunds.order()["number"], "refund_due_before": "2099-01-01T00:00:00Z"}
    page = channel.get("/v1/returns", **query, limit=1).get_json()
    after = channel.get("/v1/returns", **query, limit=1, cursor=page["next_cursor"]).get_json()
    foreign = channel.get("/v1/returns", limit=1, cursor=page["next_cursor"])

    assert [row["number"] for row in (*page["returns"], *after["returns"])] == [numbers[1], numbers[0]]
    assert after["next_cursor"] is None
    assert (foreign.status_code, foreign.get_json()["code"]) == (422, "cursor_invalid")


def test_a_preview_tells_the_lines_although_the_tables_cannot_be_asked(channel: Client, returns: Returns) -> None:
    body = {"items": [{"line_id": "1", "quantity": 2, "reason": "too_small"}]}

    preview = channel.post(f"/v1/orders/{returns.money.id}/returns/preview", body).get_json()

    assert (preview["decision"], preview["refund"], preview["paid_back"]) == ("unknown", None, "0.00")
    assert [(line["line_id"], line["quantity"], line["amount"]) for line in preview["lines"]] == [("1", 2, "39.40")]
    assert returns.refunds.order()["returns"] == []
