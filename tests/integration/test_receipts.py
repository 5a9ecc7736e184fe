"""Receipts of stock over HTTP: each counts once, and only for its sender."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from order_api.core.database import transaction
from order_api.reservations.models import Bin, Receipt
from order_api.words import Role
from tests.factories.companies import create_company
from tests.factories.orders import Json
from tests.fixtures.service import Client
from tests.integration.test_refunds import person


def receipt(**changes: object) -> Json:
    return {"reference": f"R-{uuid4()}", "sku": f"SKU-{uuid4()}", "quantity": 7, **changes}


def on_hand(sku: str) -> int:
    with transaction() as session:
        return int(session.scalar(select(func.coalesce(func.sum(Bin.on_hand), 0)).where(Bin.sku == sku)) or 0)


def test_received_stock_is_on_hand(warehouse: Client) -> None:
    body = receipt()

    answer = warehouse.post("/v1/inventory/receipts", body)

    assert answer.status_code == 201
    assert answer.get_json() == {**body, "location": "main", "bin": "default"}
    assert on_hand(body["sku"]) == 7
    with transaction() as session:
        kept = session.scalars(select(Receipt).where(Receipt.sku == body["sku"])).one()
    assert kept.reported_by.startswith("channel:warehouse-")
    assert kept.reported_by.endswith(str(warehouse.company.id))


@pytest.mark.parametrize("header", [{}, {"Idempotency_Key": "receipt-1"}])
def test_a_repeated_reference_counts_once(warehouse: Client, header: dict[str, str]) -> None:
    body = receipt()
    keys = {name: f"{value}-{uuid4()}" for name, value in header.items()}

    answers = [warehouse.post("/v1/inventory/receipts", body, **keys) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert on_hand(body["sku"]) == 7


def test_a_reference_may_bring_several_skus_and_bins(warehouse: Client) -> None:
    body = receipt()

    warehouse.post("/v1/inventory/receipts", body)
    warehouse.post("/v1/inventory/receipts", {**body, "bin": "B-02"})
    warehouse.post("/v1/inventory/receipts", {**body, "sku": f"{body['sku']}-L"})

    assert (on_hand(body["sku"]), on_hand(f"{body['sku']}-L")) == (14, 7)


def test_a_reference_that_comes_again_with_another_quantity_is_refused(warehouse: Client) -> None:
    body = receipt()
    warehouse.post("/v1/inventory/receipts", body)

    answer = warehouse.post("/v1/inventory/receipts", {**body, "quantity": 8})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "receipt_reference_used")
    assert on_hand(body["sku"]) == 7


def test_a_reference_is_that_of_its_sender_alone(warehouse: Client, app: Flask) -> None:
    body, other = receipt(), create_company()
    warehouse.post("/v1/inventory/receipts", body)

    answer = Client(app, other, other.warehouse_key).post("/v1/inventory/receipts", body)

    assert (answer.status_code, on_hand(body["sku"])) == (201, 14)


def test_store_staff_receive_at_their_own_stores(app: Flask, warehouse: Client) -> None:
    body, clerk = receipt(), person(app, warehouse, Role.STORE_OPERATOR)

    answers = [clerk.post("/v1/inventory/receipts", body | {"location": at}) for at in ("main", "main-street")]

    assert [answer.status_code for answer in answers] == [422, 201]
    assert answers[0].get_json()["code"] == "location_not_yours"
    assert on_hand(body["sku"]) == 7


@pytest.mark.parametrize("field", ["reference", "sku", "location", "bin"])
def test_a_key_with_a_blank_at_the_end_is_refused(warehouse: Client, field: str) -> None:
    answer = warehouse.post("/v1/inventory/receipts", receipt(**{field: "MUG "}))

    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize("quantity", [0, -1, 1.5, "7", None, 10_000_001])
def test_a_receipt_of_no_proper_quantity_is_refused(warehouse: Client, quantity: object) -> None:
    answer = warehouse.post("/v1/inventory/receipts", receipt(quantity=quantity))

    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "quantity")
