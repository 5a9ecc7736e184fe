"""Each row of the deployed table that says whether a refund needs a supervisor."""

from typing import Any

import pytest

from tests.fixtures.shop import Shop

ORDINARY: dict[str, Any] = {
    "refund_amount": "50.00",
    "currency": "USD",
    "refund_reason": "arrived_broken",
    "asked_by_role": "csr_associate",
    "share_of_order": 50,
    "granted_today": "0.00",
    "granted_in_30_days": "0.00",
    "customer_refunds": 0,
    "customer_refunded": "0.00",
    "collection": "default",
}
SYSTEM, SUPERVISOR, CHANNEL = ({"asked_by_role": role} for role in ("system", "csr_admin", "channel"))


@pytest.mark.parametrize(
    ("question", "approval"),
    [
        ({}, "at_once"),
        ({"refund_amount": "100.00"}, "at_once"),
        ({"refund_amount": "100.01"}, "supervisor"),
        ({"customer_refunds": 4}, "at_once"),
        ({"customer_refunds": 5}, "supervisor"),
        ({"granted_today": "500.00"}, "at_once"),
        ({"granted_today": "500.01"}, "supervisor"),
        ({"granted_today": "9999.00", **CHANNEL}, "at_once"),
        ({"refund_amount": "500.00", "granted_today": "9999.00", **SUPERVISOR}, "at_once"),
        ({"refund_amount": "500.01", **SUPERVISOR}, "supervisor"),
        ({"customer_refunds": 5, **SUPERVISOR}, "supervisor"),
        ({"refund_amount": "9999.00", "customer_refunds": 9, **SYSTEM}, "at_once"),
        ({"refund_amount": "10000", "currency": "JPY"}, "at_once"),
        ({"refund_amount": "10001", "currency": "KRW"}, "supervisor"),
    ],
)
def test_each_row(shop: Shop, question: dict[str, Any], approval: str) -> None:
    variables = {name: {"value": value} for name, value in (ORDINARY | question).items()}

    [answer] = shop.engine("POST", "/decision-definition/key/refund-approval/evaluate", {"variables": variables})

    assert answer["approval"]["value"] == approval
    assert bool(answer["approval_words"]["value"]) == (approval == "supervisor")
