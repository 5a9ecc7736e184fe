"""Requests that work unchanged with the demo's collection. The OpenAPI page offers them and a test sends them."""

from typing import Any

HOME = {
    "name": "Ada Lovelace",
    "line1": "1 Analytical Row",
    "city": "Henderson",
    "postal_code": "42420",
    "country": "US",
}

FIRST_ORDER: dict[str, Any] = {
    "collection": "default",
    "channel": "web",
    "external_id": "W-1001",
    "currency": "USD",
    "tax_included": False,
    "customer": {"type": "guest", "name": "Ada Lovelace", "email": "ada@example.com"},
    "billing_address": {name: value for name, value in HOME.items() if name != "name"},
    "ship_groups": [
        {
            "id": "home",
            "fulfillment_type": "ship_to_home",
            "method": "standard",
            "address": HOME,
            "charges": [{"type": "shipping", "amount": "5.99", "taxes": []}],
        }
    ],
    "items": [
        {
            "line_id": "1",
            "ship_group": "home",
            "sku": "TSHIRT-BLUE-M",
            "name": "T-shirt, blue, M",
            "quantity": 2,
            "unit_price": "20.00",
            "taxes": [{"name": "KY state", "rate": "0.06", "amount": "2.28"}],
        },
        {
            "line_id": "2",
            "ship_group": "home",
            "sku": "MUG-WHITE",
            "name": "Mug, white",
            "quantity": 1,
            "unit_price": "10.00",
            "taxes": [{"name": "KY state", "rate": "0.06", "amount": "0.57"}],
        },
    ],
    "discounts": [{"code": "WELCOME", "amount": "2.50"}],
    "tenders": [{"type": "card", "token": "tok_approve", "amount": "56.34"}],
    "totals": {"items": "50.00", "discounts": "2.50", "charges": "5.99", "taxes": "2.85", "grand_total": "56.34"},
    "note": "Please leave it at the door.",
}

TAX_INCLUDED: dict[str, Any] = {
    "collection": "default",
    "channel": "web",
    "external_id": "W-1002",
    "currency": "JPY",
    "tax_included": True,
    "customer": {"type": "registered", "id": "C-2001", "name": "Kiku Tanaka"},
    "ship_groups": [
        {
            "id": "home",
            "fulfillment_type": "ship_to_home",
            "address": {"name": "Kiku Tanaka", "line1": "1-2-3 Kanda", "city": "Tokyo", "country": "JP"},
        }
    ],
    "items": [
        {
            "line_id": "a",
            "ship_group": "home",
            "sku": "POSTER-A2",
            "name": "Poster, A2",
            "quantity": 3,
            "unit_price": "1980",
            "taxes": [{"name": "standard", "rate": "0.10", "amount": "498"}],
        },
        {
            "line_id": "b",
            "ship_group": "home",
            "sku": "MUG-WHITE",
            "name": "Mug, white",
            "quantity": 1,
            "unit_price": "550",
            "taxes": [{"name": "reduced", "rate": "0.08", "amount": "38"}],
        },
    ],
    "discounts": [
        {
            "code": "SPRING",
            "amount": "500",
            "shares": [{"line_id": "a", "amount": "458"}, {"line_id": "b", "amount": "42"}],
        }
    ],
    "tenders": [{"type": "invoice", "amount": "5990"}],
    "totals": {"items": "6490", "discounts": "500", "charges": "0", "taxes": "536", "grand_total": "5990"},
}

PLACE_ORDER = {
    "first_order": {
        "summary": "A guest with a card, taxes on top, a discount on the whole order",
        "value": FIRST_ORDER,
    },
    "tax_included": {
        "summary": "A registered customer on invoice, taxes in the prices, shares sent",
        "value": TAX_INCLUDED,
    },
}
