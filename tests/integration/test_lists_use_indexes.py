"""No list of orders scans the whole table, not even for staff who see every collection."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, ActorKind
from order_api.core import clock
from order_api.core.database import engine
from order_api.orders.models import Order
from order_api.orders.search import filtered_orders
from tests.factories.companies import Company
from tests.factories.stored_orders import stored_order

ORDERS = 3_000
EVERYWHERE = Actor(ActorKind.STAFF, "admin")


@pytest.fixture(scope="module")
def crowded(company: Company) -> Iterator[Session]:
    """A table with many orders, visible only in this transaction."""
    with engine().connect() as connection, Session(connection) as session:
        session.execute(insert(Order), [an_order(company, number) for number in range(ORDERS)])
        session.execute(text("ANALYZE orders"))
        yield session
        session.rollback()


def an_order(company: Company, number: int) -> dict[str, Any]:
    placed_at = clock.now() - timedelta(minutes=number)
    customer = {"customer_id": f"C-{number}", "customer_email": f"Ada-{number}@Shop.example"}
    status = "completed" if number % 100 else "on_hold"
    total = dict.fromkeys(("items_total", "grand_total"), number * 37 % ORDERS)
    return stored_order(company, placed_at=placed_at, status=status, **total, **customer)


def plan(session: Session, actor: Actor, **filters: Any) -> str:
    query = filtered_orders(actor, {"sort": "-placed_at", "limit": 50, **filters})
    sql = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    return "\n".join(session.scalars(text(f"EXPLAIN {sql}".replace(":", r"\:"))))


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({}, "ix_orders_placed_anywhere"),
        ({"sort": "placed_at"}, "ix_orders_placed_anywhere"),
        ({"sort": "total", "currency": "USD"}, "ix_orders_total_anywhere"),
        ({"sort": "-total", "currency": "USD"}, "ix_orders_total_anywhere"),
        ({"status": "on_hold"}, "ix_orders_status_anywhere"),
        ({"status": "on_hold", "sort": "placed_at"}, "ix_orders_status_anywhere"),
        ({"number": "N"}, "uq_orders_number"),
        ({"external_id": str(uuid4())}, "ix_orders_external_id"),
        ({"customer_id": "C-7"}, "ix_orders_customer"),
        ({"customer_email": "ada-7@shop.example"}, "ix_orders_customer_email"),
    ],
)
def test_a_list_for_those_who_see_everything_uses_an_index(
    crowded: Session, filters: dict[str, Any], index: str
) -> None:
    query_plan = plan(crowded, EVERYWHERE, **filters)

    assert f"using {index} on" in query_plan or f"on {index} " in query_plan, query_plan
    assert "Seq Scan" not in query_plan


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"sort": "placed_at"},
        {"sort": "total", "currency": "USD"},
        {"external_id": "E"},
        {"status": "on_hold"},
        {"status": "on_hold", "sort": "placed_at"},
    ],
)
def test_a_list_of_one_collection_uses_an_index(crowded: Session, company: Company, filters: dict[str, Any]) -> None:
    query_plan = plan(crowded, company.actor, **filters)

    assert "Seq Scan" not in query_plan, query_plan
