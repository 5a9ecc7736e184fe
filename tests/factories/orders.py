"""Builds bodies of `POST /v1/orders` from small parts and computes totals and the tender."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import uuid4

Json = dict[str, Any]


def address(**changes: Any) -> Json:
    return {"name": "Ada Lovelace", "line1": "1 Analytical Row", "city": "Henderson", "country": "US", **changes}


def tax(amount: str, rate: str = "0.08", name: str = "state") -> Json:
    return {"name": name, "rate": rate, "amount": amount}


def discount(amount: str, code: str = "WELCOME", **changes: Any) -> Json:
    return {"code": code, "amount": amount, **changes}


def charge(amount: str, type: str = "shipping", **changes: Any) -> Json:
    return {"type": type, "amount": amount, "taxes": [], **changes}


def line(unit_price: Any = "10.00", quantity: Any = 1, *taxes: Json, line_id: str = "1", **changes: Any) -> Json:
    item = {"line_id": line_id, "ship_group": "home", "sku": f"SKU-{line_id}", "name": f"Thing {line_id}"}
    return {**item, "quantity": quantity, "unit_price": unit_price, "taxes": list(taxes), **changes}


def ship_group(**changes: Any) -> Json:
    return {"id": "home", "fulfillment_type": "ship_to_home", "method": "standard", "address": address(), **changes}


def order_body(*lines: Json, **changes: Any) -> Json:
    """A guest's order that adds up. `changes` replace whole fields; totals and tender are computed unless given."""
    body: Json = {
        "collection": "default",
        "channel": "web",
        "external_id": f"T-{uuid4()}",
        "currency": "USD",
        "tax_included": False,
        "customer": {"type": "guest", "name": "Ada Lovelace", "email": "ada@example.com"},
        "ship_groups": [ship_group()],
        "items": list(lines) or [line()],
        **changes,
    }
    body = body if "totals" in body else {**body, "totals": totals_of(body)}
    card = {"type": "card", "token": "tok_approve", "amount": body["totals"]["grand_total"]}
    return {"tenders": [card], **body}


def totals_of(body: Json) -> Json:
    """Plain sums of the parts, with line amounts rounded half up."""
    exponent = {"JPY": 0, "KWD": 3}.get(body["currency"], 2)
    cent = Decimal(1).scaleb(-exponent)
    charges = [c for owner in (body, *body["ship_groups"], *body["items"]) for c in owner.get("charges", [])]
    amounts = [Decimal(item["unit_price"]) * item["quantity"] for item in body["items"]]
    sums = {
        "items": sum((amount.quantize(cent, ROUND_HALF_UP) for amount in amounts), Decimal(0)),
        "discounts": _sum("discounts", body, *body["items"], *charges),
        "charges": sum((Decimal(c["amount"]) for c in charges), Decimal(0)),
        "taxes": _sum("taxes", *body["items"], *charges),
    }
    added = Decimal(0) if body["tax_included"] else sums["taxes"]
    sums["grand_total"] = sums["items"] - sums["discounts"] + sums["charges"] + added
    return {name: f"{amount.quantize(cent):f}" for name, amount in sums.items()}


def _sum(name: str, *owners: Json) -> Decimal:
    return sum((Decimal(part["amount"]) for owner in owners for part in owner.get(name, [])), Decimal(0))
