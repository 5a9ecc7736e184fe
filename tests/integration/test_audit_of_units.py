"""The audit of the chaos tests finds counts, ledger and stored worth that disagree."""

from typing import Any

import pytest

from order_api.core.database import engine
from order_api.orders.fates import Cause, CauseKind, Fate
from order_api.orders.line_units import Units
from tests.chaos.units import captures_are_what_was_kept, units_add_up
from tests.factories.fates import change, deliver_parcel, give_fate, ship_again, shipment_ids
from tests.factories.money import Money
from tests.factories.orders import charge, line, ship_group, tax
from tests.fixtures.service import Client


def sql(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with engine().connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query, parameters)]


@pytest.fixture
def lived(channel: Client) -> Money:
    """Five units: one was lost and shipped again, one is canceled, and all shipped ones are captured."""
    home = ship_group(charges=[charge("5.99")])
    money = Money(channel, channel.place(line("3.333333", 5, tax("1.33"), line_id="A"), ship_groups=[home]))
    money.authorize()
    money.ship(A=2)
    money.ship(A=2)
    money.capture()
    first, second = shipment_ids(money)
    give_fate(money, "A", Units(2, 2), Fate.LOST, Cause(CauseKind.SHIPMENT, first))
    ship_again(money, "A", Units(2, 2))
    deliver_parcel(money, second)
    give_fate(money, "A", Units(5, 5), Fate.CANCELED, Cause(CauseKind.CANCELLATION, money.id))
    return money


def audit(money: Money) -> None:
    units_add_up(sql, [str(money.id)])
    captures_are_what_was_kept(sql, [str(money.id)])


def test_the_audit_is_content_with_an_order_that_adds_up(lived: Money) -> None:
    audit(lived)


@pytest.mark.parametrize(
    ("corruption", "found"),
    [
        ("UPDATE order_items SET delivered_quantity = 1 WHERE order_id = :id", "counted, in the ledger"),
        ("UPDATE order_items SET canceled_quantity = 0 WHERE order_id = :id", "counted, in the ledger"),
        (
            "UPDATE order_items SET shipped_quantity = 3, on_their_way_quantity = 1 WHERE order_id = :id",
            "counted, in the ledger",
        ),
        ("UPDATE unit_ranges SET quantity = 2 WHERE order_id = :id AND first_unit = 5", "counted, in the ledger"),
        ("UPDATE unit_ranges SET fate = 'lost' WHERE order_id = :id AND first_unit = 3", "counted, in the ledger"),
        ("UPDATE kept_worth SET first_unit = 4 WHERE order_id = :id AND first_unit = 3", "shipped without worth"),
        ("DELETE FROM kept_worth WHERE order_id = :id AND first_unit = 3", "shipped without worth"),
        ("UPDATE kept_worth SET amount = amount + 1 WHERE order_id = :id AND tax_id IS NOT NULL", "kept, captured"),
        ("DELETE FROM kept_worth WHERE order_id = :id AND item_id IS NULL", "kept, captured"),
    ],
)
def test_the_audit_finds_what_does_not_agree(lived: Money, corruption: str, found: str) -> None:
    change(lived, corruption)

    with pytest.raises(AssertionError, match=found):
        audit(lived)
