"""Each row of the deployed tables that say whether goods may come back, and what that costs."""

import json
from typing import Any

import pytest

from order_api.proof.fees import FeeTax
from order_api.returns.policy import answers_of
from order_api.returns.question import AS_JSON
from order_api.returns.words import Decision, RefundWhen, ShippingBack
from tests.fixtures.shop import Shop

ORDINARY: dict[str, Any] = {
    "days": 10,
    "is_delivered": True,
    "placed_on": "2026-11-02",
    "return_reason": "changed_mind",
    "fault": "customer",
    "comes_by": "parcel",
    "sku": "MUG-WHITE",
    "attributes": {},
    "amount": "50.00",
    "currency": "USD",
    "quantity": 1,
    "customer_type": "guest",
    "customer_groups": [],
    "returned_share": 0,
    "asked_by_role": "channel",
    "collection": "default",
}
GOLD, OURS, CSR = {"customer_groups": ["gold"]}, {"fault": "seller"}, {"asked_by_role": "csr_associate"}
MOST = {"returned_share": 80}


def ask(shop: Shop, table: str, **changes: Any) -> list[dict[str, Any]]:
    values = ORDINARY | changes
    variables = {name: {"value": value} for name, value in values.items()}
    variables |= {name: {"value": json.dumps(values[name]), "type": "Json"} for name in AS_JSON}
    rows = shop.engine("POST", f"/decision-definition/key/{table}/evaluate", {"variables": variables})
    return [{name: output["value"] for name, output in row.items()} for row in rows]


def policy(shop: Shop, **changes: Any) -> Any:
    [row] = ask(shop, "return-policy", **changes)
    return answers_of(row, [])[0]


@pytest.mark.parametrize(
    ("question", "decision", "words"),
    [
        ({}, Decision.ACCEPT, None),
        ({"days": 30}, Decision.ACCEPT, None),
        ({"days": 44}, Decision.ACCEPT, None),
        ({"days": 45}, Decision.REFUSE, "The time in which these goods may come back is over."),
        ({"days": 45, **CSR}, Decision.APPROVE, "The goods were delivered 45 days ago."),
        ({"days": 90, **CSR}, Decision.APPROVE, "The goods were delivered 90 days ago."),
        ({"days": 91, **CSR}, Decision.REFUSE, "The time in which these goods may come back is over."),
        ({"days": 60, **GOLD}, Decision.ACCEPT, None),
        ({"days": 61, **GOLD}, Decision.REFUSE, "The time in which these goods may come back is over."),
        ({"days": 365, **OURS}, Decision.ACCEPT, None),
        ({"days": 366, **OURS}, Decision.REFUSE, "The time in which these goods may come back is over."),
        (MOST, Decision.APPROVE, "The customer returned 80 % or more of what they bought in a year."),
        ({"returned_share": 79}, Decision.ACCEPT, None),
    ],
)
def test_whether_a_line_may_come_back(shop: Shop, question: dict[str, Any], decision: str, words: str | None) -> None:
    answer = policy(shop, **question)

    assert (answer.decision, answer.words) == (decision, words)


@pytest.mark.parametrize(
    ("question", "when", "days"),
    [
        ({}, RefundWhen.INSPECTED, 14),
        (OURS, RefundWhen.RECEIVED, 7),
        (GOLD, RefundWhen.CARRIER_SCAN, 5),
        ({**GOLD, "comes_by": "store"}, RefundWhen.INSPECTED, 14),
        ({**OURS, "amount": "10.00"}, RefundWhen.AT_ONCE, 3),
        ({**OURS, "amount": "10.01"}, RefundWhen.RECEIVED, 7),
        ({**OURS, "amount": "10.00", "quantity": 2}, RefundWhen.RECEIVED, 7),
    ],
)
def test_when_money_goes_back(shop: Shop, question: dict[str, Any], when: str, days: int) -> None:
    answer = policy(shop, **question)

    assert (answer.refund_when, answer.refund_days) == (when, days)


@pytest.mark.parametrize(
    ("question", "shipping"),
    [({}, ShippingBack.STANDARD), (OURS, ShippingBack.ALL), ({"days": 31}, ShippingBack.NONE)],
)
def test_how_much_of_the_shipping_goes_back(shop: Shop, question: dict[str, Any], shipping: str) -> None:
    assert policy(shop, **question).shipping_back == shipping


@pytest.mark.parametrize(
    ("question", "kept", "inspect", "days_to_arrive"),
    [
        ({}, False, True, 14),
        (OURS, False, True, 30),
        (GOLD, False, False, 21),
        ({**OURS, "amount": "10.00"}, True, False, None),
    ],
)
def test_whether_goods_come_and_are_inspected(
    shop: Shop, question: dict[str, Any], kept: bool, inspect: bool, days_to_arrive: int | None
) -> None:
    answer = policy(shop, **question)

    assert (answer.goods_kept, answer.inspect, answer.days_to_arrive) == (kept, inspect, days_to_arrive)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"days": 30}, None),
        ({"days": 31}, "Late by 1 day: 10 % kept"),
        ({"days": 34}, "Late by 4 days: 10 % kept"),
        ({"days": 44}, "Late by 14 days: 10 % kept"),
        ({"days": 45}, None),
        ({"days": 34, **GOLD}, None),
    ],
)
def test_what_a_late_line_costs(shop: Shop, question: dict[str, Any], words: str | None) -> None:
    rows = ask(shop, "return-fees", **question)
    _, fees = answers_of({}, rows)

    assert [fee.words for fee in fees] == ([words] if words else [])
    assert all((fee.type, fee.percent, fee.of_net, fee.tax) == ("late", "10", False, FeeTax.AS_LINE) for fee in fees)
