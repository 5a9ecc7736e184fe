"""No list of refunds scans the whole table, not even for staff who see every collection."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, ActorKind
from order_api.core import clock
from order_api.core.database import engine
from order_api.orders.models import Order
from order_api.refunds.models import Refund
from order_api.refunds.search import filtered_refunds
from tests.factories.companies import Company
from tests.factories.orders import Json
from tests.factories.stored_orders import stored_order

REFUNDS = 3_000
EVERYWHERE = Actor(ActorKind.STAFF, "admin")


@pytest.fixture(scope="module")
def crowded(company: Company) -> Iterator[Session]:
    """A table with many refunds, visible only in this transaction."""
    with engine().connect() as connection, Session(connection) as session:
        orders = [stored_order(company) for _ in range(REFUNDS)]
        session.execute(insert(Order), orders)
        session.execute(insert(Refund), [a_refund(order, number) for number, order in enumerate(orders)])
        session.execute(text("ANALYZE orders, refunds"))
        yield session
        session.rollback()


def a_refund(order: Json, number: int) -> Json:
    return {
        "id": uuid4(),
        "order_id": order["id"],
        "position": 1,
        "number": f"{order['number']}-F1",
        "state": "paid" if number % 100 else "needs_approval",
        "destination": "original",
        "wanted": {},
        "reason": "other",
        "requested_by": "ada",
        "requested_at": clock.now() - timedelta(minutes=number),
        **dict.fromkeys(("amount", "paid_back"), number),
        **dict.fromkeys(("ends_unpaid", "ends_written_off"), 0),
    }


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({}, "ix_refunds_requested"),
        ({"state": "paid"}, "ix_refunds_requested"),
        ({"state": "needs_approval"}, "ix_refunds_open"),
        ({"older_than_days": 1}, "ix_refunds_requested"),
        ({"amount_from": Decimal(20), "currency": "USD"}, "ix_refunds_requested"),
    ],
)
def test_a_list_of_refunds_uses_an_index(crowded: Session, filters: dict[str, Any], index: str) -> None:
    query = filtered_refunds(EVERYWHERE, {"limit": 50, **filters})
    sql = query.compile(crowded.get_bind(), compile_kwargs={"literal_binds": True})

    plan = "\n".join(crowded.scalars(text(f"EXPLAIN {sql}".replace(":", r"\:"))))

    assert f"using {index} on" in plan or f"on {index} " in plan, plan
    assert "Seq Scan on refunds" not in plan
