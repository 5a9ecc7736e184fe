"""The fates of units form a ledger that only grows, and the counts of an item are its sums."""

from uuid import UUID, uuid4

import pytest

from order_api.core.database import transaction
from order_api.orders.errors import UnitsNotOpen
from order_api.orders.fates import Cause, CauseKind, Fate
from order_api.orders.line_units import Units
from order_api.shipments.confirm import confirm_delivery
from tests.factories.fates import (
    cancel_some,
    counts,
    deliver_parcel,
    entries,
    give_fate,
    rows,
    ship_again,
    shipment_ids,
)
from tests.factories.money import Money
from tests.factories.orders import line, tax
from tests.factories.stories import cancel_items
from tests.fixtures.service import Client


def canceled() -> Cause:
    return Cause(CauseKind.CANCELLATION, uuid4())


def cancel(money: Money, key: str) -> None:
    """Cancels the rest of an item with shipped units."""
    assert cancel_items(money.actor, money.id, money.items[key])


def test_each_act_adds_entries_and_changes_none(channel: Client) -> None:
    money = Money(channel, channel.place(line("10.00", 9, line_id="A")))
    money.ship(A=2)
    money.ship(A=3)

    deliver_parcel(money, shipment_ids(money)[0])
    cancel(money, "A")

    assert entries(money) == [(1, 2, "shipped"), (3, 3, "shipped"), (1, 2, "delivered"), (6, 4, "canceled")]
    assert counts(money) == (5, 2, 4)


def test_an_entry_names_the_record_that_caused_it(channel: Client) -> None:
    money = Money(channel, channel.place(line("10.00", 2, line_id="A")))
    money.ship(A=1)
    cancel(money, "A")

    causes = rows(money, "SELECT cause_kind, cause_id, shipment_id FROM unit_ranges WHERE order_id = :id")

    [shipment_id], [history] = shipment_ids(money), rows(money, CANCELLATIONS)
    assert causes == [("shipment", shipment_id, shipment_id), ("cancellation", UUID(history[0]), None)]


CANCELLATIONS = """SELECT details->>'cancellation_id' FROM order_history
    WHERE order_id = :id AND event = 'item.canceled'"""


def test_a_lost_unit_is_shipped_again_under_its_number_and_adds_no_worth(channel: Client) -> None:
    money = Money(channel, channel.place(line("10.00", 2, line_id="A")))
    money.authorize()
    money.ship(A=2)
    [first] = shipment_ids(money)
    give_fate(money, "A", Units(1, 1), Fate.LOST, Cause(CauseKind.SHIPMENT, first))

    ship_again(money, "A", Units(1, 1))

    assert entries(money) == [(1, 2, "shipped"), (1, 1, "lost"), (1, 1, "shipped")]
    assert counts(money) == (2, 0, 0)
    money.capture()
    assert money.done()["capture"] == [20_00]


def test_each_parcel_delivers_the_units_that_are_still_on_their_way_with_it(channel: Client) -> None:
    money = Money(channel, channel.place(line("10.00", 3, line_id="A")))
    money.ship(A=3)
    [first] = shipment_ids(money)
    give_fate(money, "A", Units(2, 2), Fate.LOST, Cause(CauseKind.SHIPMENT, first))
    ship_again(money, "A", Units(2, 2))
    first, second = shipment_ids(money)

    deliver_parcel(money, first)
    assert counts(money) == (3, 2, 0)

    deliver_parcel(money, second)
    assert counts(money) == (3, 3, 0)
    assert entries(money)[3:] == [(1, 1, "delivered"), (3, 1, "delivered"), (2, 1, "delivered")]


def test_a_parcel_may_hold_units_with_a_gap_between_them_and_counts_once_when_it_is_sent_again(
    channel: Client, warehouse: Client
) -> None:
    order = channel.place(line("10.00", 5, line_id="A"))
    money = Money(channel, order)
    give_fate(money, "A", Units(2, 3), Fate.CANCELED, canceled())
    parcel = {
        "carrier": "dhl",
        "tracking_number": "TN-1",
        "lines": [{"line_id": "A", "quantity": 2}],
    }

    answers = [warehouse.post(f"/v1/orders/{money.id}/shipments", parcel) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert entries(money) == [(2, 2, "canceled"), (1, 1, "shipped"), (4, 1, "shipped")]
    [shipment] = warehouse.get(f"/v1/orders/{money.id}").get_json()["shipments"]
    assert [(part["first_unit"], part["quantity"]) for part in shipment["lines"]] == [(1, 1), (4, 1)]
    assert shipment["worth"] == "20.00"


def test_a_fate_that_may_not_follow_is_refused_and_leaves_no_entry(channel: Client) -> None:
    money = Money(channel, channel.place(line("10.00", 3, line_id="A")))
    give_fate(money, "A", Units(3, 3), Fate.CANCELED, canceled())

    with pytest.raises(ValueError, match="Units 3 to 3 are canceled and cannot be shipped"):
        ship_again(money, "A", Units(2, 3))

    assert entries(money) == [(3, 1, "canceled")]
    assert counts(money) == (0, 0, 1)


WORTH = """SELECT count(*), sum(amount) FILTER (WHERE tax_id IS NULL), sum(remaining) FILTER (WHERE tax_id IS NULL)
    FROM kept_worth WHERE order_id = :id"""


def test_a_line_of_100_000_units_is_a_handful_of_rows(channel: Client) -> None:
    money = Money(channel, channel.place(line("0.03", 100_000, tax("240.00"), line_id="A")))
    money.authorize()
    money.ship(A=60_000)
    money.ship(A=39_999)
    deliver_parcel(money, shipment_ids(money)[1])
    cancel(money, "A")

    money.capture()

    assert entries(money) == [
        (1, 60_000, "shipped"),
        (60_001, 39_999, "shipped"),
        (60_001, 39_999, "delivered"),
        (100_000, 1, "canceled"),
    ]
    assert rows(money, WORTH) == [(4, 3_239_97, 3_239_97)]
    assert money.done()["capture"] == [1_944_00, 1_295_97]


def test_lost_and_returned_units_are_no_longer_on_their_way(channel: Client) -> None:
    money = Money(channel, channel.place(line("10.00", 3, line_id="A")))
    money.ship(A=3)
    parcel = Cause(CauseKind.SHIPMENT, shipment_ids(money)[0])
    with transaction() as session:
        before = confirm_delivery(session, money.actor, money.id, money.items["A"])

    give_fate(money, "A", Units(1, 1), Fate.DELIVERED, parcel)
    give_fate(money, "A", Units(2, 2), Fate.LOST, parcel)
    give_fate(money, "A", Units(3, 3), Fate.RETURNED, parcel)

    with transaction() as session:
        after = confirm_delivery(session, money.actor, money.id, money.items["A"])
    assert (before.all_delivered, after.all_delivered) == (False, True)


def test_units_are_canceled_by_number_and_never_more_than_are_open(channel: Client) -> None:
    money = Money(channel, channel.place(line("10.00", 5, line_id="A")))
    money.ship(A=2)
    cancel_some(money, "A", 1)

    with pytest.raises(UnitsNotOpen) as refused:
        cancel_some(money, "A", 3)

    assert entries(money) == [(1, 2, "shipped"), (5, 1, "canceled")]
    left = {"line_id": "A", "cancelable": 2}
    assert refused.value.extra == left | {"lines": [left]}
