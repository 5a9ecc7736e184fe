"""No step of an item scans a whole table, because it would do so while it locks the order."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.core.database import engine
from order_api.orders.fates import CauseKind, Fate
from order_api.orders.models import Order, OrderItem, ShipGroup, UnitRange
from order_api.orders.unit_ledger import ledger_of
from order_api.reservations.models import Reservation
from order_api.reservations.repository import backorders, missing_units, open_of_item
from order_api.reservations.status import ReservationStatus
from order_api.shipments.models import FulfillmentRequestRow, RequestStatus
from order_api.shipments.repository import is_at_fulfillment, requests_of_item
from tests.factories.companies import Company
from tests.factories.stored_orders import stored_item, stored_order

ITEMS = 3_000


@pytest.fixture(scope="module")
def crowded(company: Company) -> Iterator[Session]:
    """Many items, most of them shipped long ago; visible only in this transaction."""
    order, group = stored_order(company), uuid4()
    items = [stored_item(order["id"], group, line_id=str(number)) for number in range(ITEMS)]
    home = {"id": group, "order_id": order["id"], "position": 1, "key": "home", "fulfillment_type": "ship_to_home"}
    with engine().connect() as connection, Session(connection) as session:
        session.execute(insert(Order), [order])
        session.execute(insert(ShipGroup), [home])
        session.execute(insert(OrderItem), items)
        held = {"sku": "MUG", "allocated": 1, "status_since": clock.now()}
        session.execute(
            insert(Reservation), one_per_item(items, ReservationStatus.RESERVED, ReservationStatus.TAKEN, **held)
        )
        session.execute(
            insert(FulfillmentRequestRow), one_per_item(items, RequestStatus.ACCEPTED, RequestStatus.CANCELED)
        )
        session.execute(insert(UnitRange), shipped_ranges(items))
        session.execute(text("ANALYZE reservations, fulfillment_requests, unit_ranges"))
        yield session
        session.rollback()


def one_per_item(items: list[dict[str, Any]], open_: str, closed: str, **more: Any) -> list[dict[str, Any]]:
    """One row per item; every tenth is open."""
    asked = {"quantity": 1, "requested_at": clock.now(), **more}
    return [
        {"order_id": item["order_id"], "item_id": item["id"], "status": closed if number % 10 else open_, **asked}
        for number, item in enumerate(items)
    ]


def shipped_ranges(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ships the one unit of each item."""
    left = {"first_unit": 1, "quantity": 1, "fate": Fate.SHIPPED, "at": clock.now()}
    cause = {"cause_kind": CauseKind.SHIPMENT, "cause_id": uuid4()}
    return [{"order_id": item["order_id"], "item_id": item["id"], **left, **cause} for item in items]


def units_of_item(session: Session, item_id: UUID) -> None:
    ledger_of(session, [OrderItem(id=item_id, quantity=1)])


def plan(session: Session, step: Callable[[Session, UUID], Any]) -> str:
    """PostgreSQL's plan for the one query of the step."""
    asked: list[tuple[str, Any]] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
    step(session, uuid4())
    ((sql, values),) = asked
    return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {sql}", values))


@pytest.mark.parametrize(
    ("step", "index"),
    [
        (open_of_item, "uq_reservations_open_item"),
        (is_at_fulfillment, "uq_fulfillment_requests_open_item"),
        (requests_of_item, "ix_fulfillment_requests_item_id"),
        (lambda session, _: backorders(session, "MUG", 101), "ix_reservations_backorders"),
        (lambda session, _: missing_units(session, "MUG"), "ix_reservations_backorders"),
        (units_of_item, "ix_unit_ranges_item_id"),
    ],
)
def test_a_step_finds_what_was_asked_for_its_item_by_an_index(
    crowded: Session, step: Callable[[Session, UUID], Any], index: str
) -> None:
    query_plan = plan(crowded, step)

    assert f"using {index} on" in query_plan or f"on {index} " in query_plan, query_plan
    assert "Seq Scan" not in query_plan
