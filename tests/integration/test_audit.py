"""`order-service audit` finds each kind of contradiction in the database and at the gateway, planted one at a time."""

from datetime import UTC, datetime, timedelta

import pytest

from order_api.cli.audit import SQL, Finding, at_gateways, in_database
from order_api.orders.fates import Cause, CauseKind, Fate
from order_api.orders.line_units import Units
from tests.factories.fates import cancel_some, change, deliver_parcel, give_fate, ship_again, shipment_ids
from tests.factories.money import Money
from tests.factories.orders import charge, line, ship_group, tax
from tests.factories.refunds import Refunds, of_line
from tests.factories.stories import close_order
from tests.fixtures.service import Client
from tests.integration.test_audit_returns import PLANTED as OF_A_RETURN


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
    cancel_some(money, "A", 1)
    return money


def findings(money: Money) -> list[Finding]:
    since = datetime.now(UTC) - timedelta(days=1)
    found = [*in_database(since), *at_gateways(since)]
    return [finding for finding in found if finding.number == money.number]


def test_an_order_that_adds_up_has_no_finding(lived: Money) -> None:
    assert findings(lived) == []


AN_HOUR_AGO = "now() - interval '61 minutes'"
PLANTED = {
    "adjustment without cause": "UPDATE adjustments SET cause_id = gen_random_uuid() WHERE order_id = :id",
    "unit taken twice": """INSERT INTO adjustments (order_id, kind, cause_kind, cause_id, item_id, charge_id, tax_id,
        first_unit, quantity, amount, is_before_departure, at) SELECT order_id, kind, cause_kind, cause_id, item_id,
        charge_id, tax_id, 1, 1, 0, is_before_departure, at FROM adjustments
        WHERE order_id = :id AND tax_id IS NULL""",
    "units and bill differ": "DELETE FROM kept_worth WHERE order_id = :id AND first_unit = 3",
    "counts contradict units": "UPDATE order_items SET delivered_quantity = 1 WHERE order_id = :id",
    "capture without parcel": """UPDATE payment_transactions SET shipment_id = NULL
        WHERE order_id = :id AND kind = 'capture'""",
    "more taken for a parcel than it is worth": """UPDATE kept_worth SET amount = amount - 1, remaining = remaining - 1
        WHERE order_id = :id AND charge_id IS NOT NULL""",
    "more taken on a tender than it pays": "UPDATE tenders SET amount = 1 WHERE order_id = :id",
    "requested for an hour": f"""UPDATE payment_transactions SET status = 'requested', requested_at = {AN_HOUR_AGO}
        WHERE order_id = :id AND kind = 'authorize'""",
    "status contradicts units": "UPDATE order_items SET status = 'canceled' WHERE order_id = :id",
    "another amount at the gateway": """UPDATE simulator_payments SET amount = amount + 1
        WHERE key = (SELECT id FROM payment_transactions WHERE order_id = :id AND kind = 'authorize')""",
    "approved only at the gateway": """UPDATE payment_transactions SET status = 'declined'
        WHERE order_id = :id AND kind = 'authorize'""",
    "the gateway does not confirm": """DELETE FROM simulator_payments
        WHERE key = (SELECT id FROM payment_transactions WHERE order_id = :id AND kind = 'authorize')""",
}


@pytest.mark.parametrize(("rule", "corruption"), PLANTED.items(), ids=PLANTED.keys())
def test_each_planted_contradiction_is_found(lived: Money, rule: str, corruption: str) -> None:
    change(lived, corruption)

    assert rule in {finding.rule for finding in findings(lived)}


OF_A_CLOSED_ORDER = {
    "closed with money outstanding": """UPDATE adjustments SET amount = amount - 1
        WHERE order_id = :id AND tax_id IS NULL""",
    "authorized is not captured plus released": """DELETE FROM payment_transactions
        WHERE order_id = :id AND kind = 'void'""",
}


@pytest.mark.parametrize(("rule", "corruption"), OF_A_CLOSED_ORDER.items(), ids=OF_A_CLOSED_ORDER.keys())
def test_each_contradiction_of_a_closed_order_is_found(lived: Money, rule: str, corruption: str) -> None:
    lived.capture()
    assert close_order(lived.actor, lived.id)
    assert findings(lived) == []

    change(lived, corruption)

    assert rule in {finding.rule for finding in findings(lived)}


OF_A_REFUND = {
    "refund above capture": "UPDATE payment_transactions SET amount = 1 WHERE order_id = :id AND kind = 'capture'",
    "event without row": """INSERT INTO payment_events (id, adapter, event_id, kind, body, received_at, handled_at,
        outcome, order_id) SELECT gen_random_uuid(), 'card', id::text, 'refund_done', '', now(), now(), 'unattributed',
        id FROM orders WHERE id = :id""",
    "refund without bill": "UPDATE refunds SET amount = amount - 1 WHERE order_id = :id",
    "refund and its money differ": """UPDATE payment_transactions SET amount = amount - 1
        WHERE order_id = :id AND kind = 'refund'""",
    "refund pending too long": """WITH quiet AS (
            UPDATE orders SET updated_at = now() - interval '40 days' WHERE id = :id)
        UPDATE payment_transactions SET status = 'pending', requested_at = now() - interval '40 days'
        WHERE order_id = :id AND kind = 'refund'""",
    "unit with two remedies": """INSERT INTO remedies (order_id, item_id, first_unit, quantity, cause_kind, cause_id,
        taken_at) SELECT order_id, item_id, 1, 1, cause_kind, gen_random_uuid(), taken_at FROM remedies
        WHERE order_id = :id""",
    "worth and bill differ": "UPDATE kept_worth SET remaining = remaining - 1 WHERE order_id = :id AND remaining > 0",
    "adjustment without cause": "UPDATE refunds SET state = 'refused' WHERE order_id = :id",
    "closed with money outstanding": """UPDATE payment_transactions SET status = 'declined'
        WHERE order_id = :id AND kind = 'refund'""",
    "the gateway does not confirm": """DELETE FROM simulator_payments
        WHERE key = (SELECT id FROM payment_transactions WHERE order_id = :id AND kind = 'refund')""",
}


MORE_THAN_OWED = {
    "more than the bill": "paid_back = paid_back + 1",
    "more than the excess": """wanted = jsonb_set(wanted, '{excess}', '5'), paid_back = paid_back + 6""",
}


@pytest.fixture
def refunded(lived: Money, channel: Client) -> Money:
    """A closed order: one unit was given back through the gateway, another is still to be paid outside."""
    lived.capture()
    assert close_order(lived.actor, lived.id)
    refunds = Refunds(channel, lived)
    refunds.paid(**of_line(1, "A"))
    refunds.grant(refunds.asked(**of_line(1, "A"), destination="outside"))
    return lived


def test_a_refunded_order_has_no_finding(refunded: Money) -> None:
    assert findings(refunded) == []


@pytest.mark.parametrize(("rule", "corruption"), OF_A_REFUND.items(), ids=OF_A_REFUND.keys())
def test_each_contradiction_of_a_refund_is_found(refunded: Money, rule: str, corruption: str) -> None:
    change(refunded, corruption)

    assert rule in {finding.rule for finding in findings(refunded)}


def test_every_rule_is_planted_here() -> None:
    rules = {file.stem.replace("_", " ") for file in SQL.glob("*.sql")}

    assert rules <= {*PLANTED, *OF_A_CLOSED_ORDER, *OF_A_REFUND, *OF_A_RETURN}


@pytest.mark.parametrize("change_of_refund", MORE_THAN_OWED.values(), ids=MORE_THAN_OWED.keys())
def test_a_refund_that_pays_back_more_than_was_owed_is_found(refunded: Money, change_of_refund: str) -> None:
    change(refunded, f"UPDATE refunds SET {change_of_refund} WHERE order_id = :id")

    assert "refund without bill" in {finding.rule for finding in findings(refunded)}
