"""`order-service audit` finds each kind of contradiction of a return, planted one at a time."""

from datetime import UTC, datetime, timedelta

import pytest

from order_api.cli.audit import in_database
from tests.factories.fates import change
from tests.factories.refunds import paid_order
from tests.factories.returned_goods import LABEL, RESTOCKING, Returns
from tests.fixtures.service import Client

PLANTED = {
    "unit given back twice": """INSERT INTO adjustments (order_id, kind, cause_kind, cause_id, item_id, first_unit,
        quantity, amount, is_before_departure, at) SELECT order_id, kind, cause_kind, cause_id, item_id, first_unit, 1,
        0, false, at FROM adjustments WHERE order_id = :id AND kind = 'units_returned' AND tax_id IS NULL""",
    "restock and verdict differ": """DELETE FROM stock_restocked WHERE split_part(key, ' ', 2) IN
        (SELECT id::text FROM order_items WHERE order_id = :id)""",
    "returned unit without money": """WITH own AS (SELECT l.id FROM return_lines l JOIN returns r ON r.id = l.return_id
            WHERE r.order_id = :id), unpaid AS (UPDATE return_units SET refund_id = NULL WHERE line_id IN (TABLE own))
        UPDATE returns SET ended_at = now(), state = 'completed' WHERE order_id = :id""",
    "returned unit without remedy": "UPDATE remedies SET released_at = now() WHERE order_id = :id",
    "remedy without record": "UPDATE returns SET state = 'refused' WHERE order_id = :id",
}


@pytest.fixture
def returned(channel: Client) -> Returns:
    """Two units came back and were paid for less fees, one goes back to the customer, one is still expected."""
    returns = Returns(paid_order(channel))
    number = returns.approved(RESTOCKING, LABEL, _1=2, _3=2)
    returns.receive(number, _1=2, _3=1)
    returns.judge_units(number, verdict="sent_back", _3=1)
    returns.judge_units(number, _1=2)
    returns.give_back(number)
    return returns


def rules(returns: Returns) -> set[str]:
    found = in_database(datetime.now(UTC) - timedelta(days=1))
    return {finding.rule for finding in found if finding.number == returns.money.number}


def test_a_return_that_adds_up_has_no_finding(returned: Returns) -> None:
    assert rules(returned) == set()


@pytest.mark.parametrize(("rule", "corruption"), PLANTED.items(), ids=PLANTED.keys())
def test_each_contradiction_of_a_return_is_found(returned: Returns, rule: str, corruption: str) -> None:
    change(returned.money, corruption)

    assert rule in rules(returned)
