"""Reads the Superstore file (orders of a US retailer, 2014 to 2017), which has one row per line, as whole orders.

`Sales` is the line amount after its discount rate, with up to four decimals, and is rounded half up to the cent. The
unit price before discount is derived from it. The item's discount is the line amount at that price, less `Sales`.
"""

import csv
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from order_api.core import money

CURRENCY = "USD"
PRICE_DECIMALS = Decimal("0.000001")
Json = dict[str, Any]
Row = dict[str, str]


def read_orders(file: Path) -> list[Json]:
    """Bodies of `POST /v1/orders`, sorted by `Order ID`."""
    with file.open(newline="", encoding="utf-8") as text:
        rows = sorted(csv.DictReader(text), key=lambda row: row["Order ID"])
    return [_order(number, list(lines)) for number, lines in groupby(rows, key=lambda row: row["Order ID"])]


def units_by_sku(orders: list[Json]) -> dict[str, int]:
    needed: dict[str, int] = {}
    for item in (item for order in orders for item in order["items"]):
        needed[item["sku"]] = needed.get(item["sku"], 0) + item["quantity"]
    return needed


def grand_total(order: Json) -> Decimal:
    return Decimal(order["totals"]["grand_total"])


def _order(number: str, rows: list[Row]) -> Json:
    head = rows[0]
    items = [_item(position, row) for position, row in enumerate(rows, 1)]
    listed = sum(_listed(item) for item in items)
    discounts = sum(_minor(d["amount"]) for item in items for d in item["discounts"])
    total = _text(listed - discounts)
    return {
        "collection": "default",
        "channel": "web",
        "external_id": number,
        "currency": CURRENCY,
        "tax_included": False,
        "customer": {"type": "registered", "id": head["Customer ID"], "name": head["Customer Name"]},
        "billing_address": _address(head),
        "ship_groups": [_ship_group(head)],
        "items": items,
        "tenders": [{"type": "card", "token": "tok_approve", "amount": total}] if listed - discounts else [],
        "totals": {
            "items": _text(listed),
            "discounts": _text(discounts),
            "charges": "0.00",
            "taxes": "0.00",
            "grand_total": total,
        },
        "custom_fields": {"segment": head["Segment"], "ordered_on": head["Order Date"]},
    }


def _ship_group(head: Row) -> Json:
    address = _address(head)
    method = head["Ship Mode"].lower().replace(" ", "_")
    return {"id": "home", "fulfillment_type": "ship_to_home", "method": method, "address": address}


def _address(head: Row) -> Json:
    city, region = {"city": head["City"]}, {"region": head["State"]}
    postal_code = {"postal_code": head["Postal Code"]} if head["Postal Code"] else {}
    return {"name": head["Customer Name"], "line1": head["City"], **city, **region, **postal_code, "country": "US"}


def _item(position: int, row: Row) -> Json:
    quantity, sales, rate = int(row["Quantity"]), Decimal(row["Sales"]), Decimal(row["Discount"])
    unit_price = (sales / (1 - rate) / quantity).quantize(PRICE_DECIMALS).normalize()
    item: Json = {
        "line_id": str(position),
        "ship_group": "home",
        "sku": row["Product ID"],
        "name": row["Product Name"],
        "quantity": quantity,
        "unit_price": f"{unit_price:f}",
        "list_price": f"{unit_price:f}",
        "taxes": [],
        "discounts": [],
    }
    discount = _listed(item) - money.line_amount(sales, 1, CURRENCY)
    if discount:
        item["discounts"] = [{"code": f"discount-{row['Discount']}", "amount": _text(discount)}]
    return item


def _listed(item: Json) -> int:
    return money.line_amount(Decimal(item["unit_price"]), item["quantity"], CURRENCY)


def _minor(text: str) -> int:
    return money.to_minor(Decimal(text), CURRENCY)


def _text(minor: int) -> str:
    return money.to_text(minor, CURRENCY)
