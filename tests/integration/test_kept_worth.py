"""The worth of shipped units is stored when they leave: gross, each tax and charges apart. Captures sum the gross."""

from decimal import Decimal
from random import Random

import pytest

from order_api.proof.allocation import tax_on
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.fates import cancel_some, change, rows
from tests.factories.money import Money
from tests.factories.orders import Json, charge, line, ship_group, tax
from tests.factories.stories import close_order
from tests.fixtures.service import Client

KEPT = """SELECT i.line_id, c.type, t.name, k.first_unit, k.quantity, k.amount FROM kept_worth k
    LEFT JOIN order_items i ON i.id = k.item_id LEFT JOIN order_charges c ON c.id = k.charge_id
    LEFT JOIN order_taxes t ON t.id = k.tax_id WHERE k.order_id = :id ORDER BY k.id"""


def wrapped_mugs(channel: Client) -> Money:
    """Three wrapped mugs for 10.00 with two taxes, plus 5.00 for shipping and a fee on the order."""
    wrap = charge("1.00", "gift_wrap", taxes=[tax("0.08")])
    mugs = line("3.333333", 3, tax("0.80"), tax("0.10", "0.01", "county"), line_id="A", charges=[wrap])
    home = ship_group(charges=[charge("5.00", taxes=[tax("0.40")])])
    return Money(channel, channel.place(mugs, ship_groups=[home], charges=[charge("1.00", "fee")]))


def test_gross_each_tax_and_the_charges_of_units_are_kept_when_they_leave(channel: Client) -> None:
    money = wrapped_mugs(channel)

    money.ship(A=1)
    money.ship(A=2)

    assert rows(money, KEPT) == [
        ("A", None, None, 1, 1, 3_63 + 36),
        ("A", None, "state", 1, 1, 27),
        ("A", None, "county", 1, 1, 3),
        ("A", None, "state", 1, 1, 3),
        (None, "shipping", None, None, None, 5_40),
        (None, "shipping", "state", None, None, 40),
        (None, "fee", None, None, None, 1_00),
        ("A", None, None, 2, 2, 7_27 + 72),
        ("A", None, "state", 2, 2, 53),
        ("A", None, "county", 2, 2, 7),
        ("A", None, "state", 2, 2, 5),
    ]


def test_included_taxes_are_kept_beside_the_gross_that_contains_them(channel: Client) -> None:
    mugs = line("3.333333", 3, tax("2.00", "0.25"), line_id="A")
    money = Money(channel, channel.place(mugs, tax_included=True))
    money.authorize()

    money.ship(A=1)
    money.ship(A=2)

    assert [(row[2], row[-1]) for row in rows(money, KEPT)] == [
        (None, 3_33),
        ("state", 67),
        (None, 6_67),
        ("state", 1_33),
    ]
    money.capture()
    assert money.done()["capture"] == [3_33, 6_67]


def test_ship_one_cancel_one_ship_one_of_three_for_10_captures_units_1_and_2(channel: Client) -> None:
    money = Money(channel, channel.place(line("3.333333", 3, line_id="A")))
    money.authorize()
    money.ship(A=1)
    money.capture()
    cancel_some(money, "A", 1)
    hand_to_fulfillment(money.order)
    money.ship(A=1)
    money.capture()

    close_order(money.actor, money.id)

    assert money.done() == {"authorize": [10_00], "capture": [3_33, 3_34], "void": [3_33]}


LATE_CHANGES = [
    "UPDATE order_taxes SET amount = amount + 100 WHERE order_id = :id",
    "UPDATE order_charges SET amount = amount + 100, amount_after_discounts = amount + 100 WHERE order_id = :id",
    "UPDATE order_items SET line_amount = 9900, amount_after_discounts = 9900 WHERE order_id = :id",
    "UPDATE order_items SET ship_group_id = (SELECT id FROM ship_groups g WHERE g.order_id = :id AND g.key = 'office')"
    " WHERE order_id = :id",
    "UPDATE orders SET tax_included = true, grand_total = items_total - discounts_total + charges_total WHERE id = :id",
]


@pytest.mark.parametrize("late_change", LATE_CHANGES)
def test_a_late_change_of_an_order_does_not_change_the_capture_of_shipped_units(
    channel: Client, late_change: str
) -> None:
    groups = [ship_group(charges=[charge("5.00", taxes=[tax("0.40")])]), ship_group(id="office")]
    goods = [line("10.00", 2, tax("1.60"), line_id="A"), line("1.00", line_id="B", ship_group="office")]
    money = Money(channel, channel.place(*goods, ship_groups=groups))
    money.authorize()
    money.ship(A=1)
    before = worth_of_shipments(channel, money)

    change(money, late_change)

    assert worth_of_shipments(channel, money) == before == ["16.20"]
    money.capture()
    assert money.done()["capture"] == [16_20]


def worth_of_shipments(channel: Client, money: Money) -> list[str]:
    return [shipment["worth"] for shipment in channel.get(f"/v1/orders/{money.id}").get_json()["shipments"]]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("tax_included", [False, True])
def test_the_worth_of_any_parcels_adds_up_to_the_order_to_the_cent(
    channel: Client, tax_included: bool, seed: int
) -> None:
    dice = Random(seed)
    order = channel.place(**goods_of_all_kinds(dice, tax_included))
    money = Money(channel, order)
    money.authorize()

    ship_in_any_parcels(money, {item["line_id"]: item["quantity"] for item in order["items"]}, dice)
    money.capture()

    [(total, kept)] = rows(money, TOTALS)
    assert total == kept == sum(money.done()["capture"])
    assert rows(money, TAXES_NOT_KEPT) == []


TOTALS = """SELECT grand_total, (SELECT sum(amount) FROM kept_worth k WHERE k.order_id = o.id AND tax_id IS NULL)
    FROM orders o WHERE id = :id"""
TAXES_NOT_KEPT = """SELECT t.id, t.amount, sum(k.amount) FROM order_taxes t LEFT JOIN kept_worth k ON k.tax_id = t.id
    WHERE t.order_id = :id GROUP BY t.id HAVING sum(k.amount) IS DISTINCT FROM t.amount"""


def goods_of_all_kinds(dice: Random, tax_included: bool) -> Json:
    """Four taxed lines with charges, in two ship groups with charges, and a charge of the order."""
    groups = [ship_group(id=name, charges=[taxed(charge("5.99"), 5_99, tax_included)]) for name in ("home", "office")]
    wrap, lines = taxed(charge("1.01", "gift_wrap"), 1_01, tax_included), []
    for key, group in (("A", "home"), ("B", "home"), ("C", "office"), ("D", "office")):
        quantity, price = dice.randint(1, 6), dice.randint(1, 9_999)
        goods = line(f"{price / 100:.2f}", quantity, line_id=key, charges=[wrap], ship_group=group)
        lines.append(taxed(goods, price * quantity, tax_included))
    return {"items": lines, "ship_groups": groups, "charges": [charge("0.99", "fee")], "tax_included": tax_included}


def taxed(part: Json, amount: int, included: bool) -> Json:
    rates = [Decimal("0.08"), Decimal("0.01")]
    taxes = [tax_on(amount, rate, rates, included=included) for rate in rates]
    pairs = zip(taxes, rates, strict=True)
    return {**part, "taxes": [tax(f"{minor / 100:.2f}", f"{rate}", f"of {rate}") for minor, rate in pairs]}


def ship_in_any_parcels(money: Money, left: dict[str, int], dice: Random) -> None:
    while left:
        parcel = {key: dice.randint(1, left[key]) for key in dice.sample(sorted(left), dice.randint(1, len(left)))}
        money.ship(**parcel)
        left = {key: units - parcel.get(key, 0) for key, units in left.items() if units > parcel.get(key, 0)}
