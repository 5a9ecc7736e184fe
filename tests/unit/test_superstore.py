"""Reads the Superstore file: the paid amount is the file's rounded amount for any discount rate."""

from decimal import Decimal
from pathlib import Path

from order_api.cli.replay import superstore
from order_api.placement.check import check_content
from order_api.placement.schemas import PlaceOrderBody
from order_api.proof.prove import differences
from order_api.proof.read_prices import PriceReader
from order_api.proof.split import split
from order_api.stores.properties import CollectionProperties

SAMPLE = Path(__file__).parents[1] / "samples" / "orders_100.csv"
HEAD = (
    "Order ID,Order Date,Ship Mode,Customer ID,Customer Name,Segment,City,State,Postal Code,"
    "Product ID,Product Name,Sales,Quantity,Discount\n"
)
BUYER = "2026-03-01,First Class,C1,Ada,Consumer,Dover,Delaware,19901"


def read(tmp_path: Path, *rows: str) -> list[superstore.Json]:
    file = tmp_path / "orders.csv"
    file.write_text(HEAD + "\n".join(rows), encoding="utf-8")
    return superstore.read_orders(file)


def test_an_amount_with_four_decimals_is_rounded_half_up_and_the_discount_is_the_difference(tmp_path: Path) -> None:
    (order,) = read(tmp_path, f"O-1,{BUYER},P1,Table,957.5775,5,0.45")

    (item,) = order["items"]
    assert (item["unit_price"], item["discounts"][0]["amount"]) == ("348.21", "783.47")
    assert order["totals"]["grand_total"] == "957.58"


def test_lines_of_one_order_that_lie_apart_in_the_file_become_one_order(tmp_path: Path) -> None:
    rows = [f"O-1,{BUYER},P1,Table,10.00,1,0", f"O-2,{BUYER},P1,Table,5.00,1,0", f"O-1,{BUYER},P2,Chair,2.50,2,0"]

    orders = read(tmp_path, *rows)

    assert [(o["external_id"], o["totals"]["grand_total"]) for o in orders] == [("O-1", "12.50"), ("O-2", "5.00")]


def test_every_order_of_the_sample_adds_up() -> None:
    orders = superstore.read_orders(SAMPLE)

    found = [difference for order in orders for difference in differences_of(order)]

    assert len(orders) == 100
    assert found == []


def differences_of(order: superstore.Json) -> list[object]:
    body = PlaceOrderBody().load(order)
    check_content(body, CollectionProperties())
    priced = PriceReader(body["currency"]).order(body)
    return [*differences(priced, split(priced))]


def test_the_stock_to_receive_is_what_the_orders_need(tmp_path: Path) -> None:
    orders = read(tmp_path, f"O-1,{BUYER},P1,Table,10.00,3,0", f"O-2,{BUYER},P1,Table,5.00,4,0")

    assert superstore.units_by_sku(orders) == {"P1": 7}
    assert sum(superstore.grand_total(order) for order in orders) == Decimal("15.00")
