"""The database itself refuses inconsistent money and impossible units from any writer."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from order_api.core.database import transaction
from tests.factories.companies import Company
from tests.factories.money import Money
from tests.factories.orders import charge, discount, line, ship_group, tax
from tests.factories.shelf import Line, Shelf
from tests.factories.stories import cancel_items
from tests.fixtures.service import Client


@pytest.fixture(scope="module")
def varied(app: Flask, company: Company) -> Money:
    """An order with every kind of amount, two shipped parcels and a canceled line; some of its stock left the shelf."""
    shelf = Shelf(company)
    shelf.receive(5)
    lines = [
        line("20.00", 2, tax("3.20"), line_id="A", sku=shelf.sku),
        line("33.33", 1, line_id="B", discounts=[discount("3.33")]),
        line("5.00", line_id="C"),
    ]
    home = ship_group(charges=[charge("5.99")])
    channel = Client(app, company, company.channel_key)
    money = Money(channel, channel.place(*lines, ship_groups=[home]))
    money.authorize()
    bought = Line(money.id, money.items["A"])
    shelf.reserve(bought)
    shelf.ship_and_take(bought, 1)
    money.capture()
    money.ship(A=1, B=1)
    money.capture()
    cancel_items(money.actor, money.id, money.items["C"])
    return money


@pytest.fixture
def session(varied: Money) -> Iterator[Session]:
    with transaction() as session:
        yield session
        session.rollback()


CORRUPTIONS = """
ck_orders_sum UPDATE orders SET grand_total = grand_total + 1
ck_orders_sum UPDATE orders SET tax_included = NOT tax_included
ck_orders_sum UPDATE orders SET items_total = items_total - grand_total - 1, grand_total = -1
ck_orders_status_category UPDATE orders SET status_category = 'shipping'
uq_order_items_order_id_line_id UPDATE order_items SET line_id = 'A'
ck_order_items_quantities UPDATE order_items SET quantity = 0, shipped_quantity = 0, delivered_quantity = 0
ck_order_items_quantities UPDATE order_items SET canceled_quantity = -1
ck_order_items_quantities UPDATE order_items SET delivered_quantity = -1
ck_order_items_quantities UPDATE order_items SET delivered_quantity = shipped_quantity + 1
ck_order_items_quantities UPDATE order_items SET on_their_way_quantity = -1
ck_order_items_quantities UPDATE order_items SET on_their_way_quantity = shipped_quantity + 1
ck_order_items_units UPDATE order_items SET canceled_quantity = quantity - shipped_quantity + 1
ck_order_items_amounts UPDATE order_items SET amount_after_discounts = -1
ck_order_items_amounts UPDATE order_items SET amount_after_discounts = line_amount + 1
ck_order_items_status_category UPDATE order_items SET status_category = 'shipping'
ck_order_charges_amounts UPDATE order_charges SET amount = -1
ck_order_charges_amounts UPDATE order_charges SET amount_after_discounts = amount + 1
ck_order_charges_owner UPDATE order_charges SET item_id = (SELECT id FROM order_items LIMIT 1)
ck_order_discounts_amount UPDATE order_discounts SET amount = -1
ck_order_discounts_owner UPDATE order_discounts SET charge_id = (SELECT id FROM order_charges LIMIT 1)
ck_order_taxes_amount UPDATE order_taxes SET amount = -1
ck_order_taxes_owner UPDATE order_taxes SET item_id = NULL, charge_id = NULL
ck_order_taxes_owner UPDATE order_taxes SET charge_id = (SELECT id FROM order_charges LIMIT 1)
ck_tenders_amount UPDATE tenders SET amount = -1
ck_tenders_type UPDATE tenders SET type = 'Cash'
ck_payment_transactions_amount UPDATE payment_transactions SET amount = -1
ck_payment_transactions_kind UPDATE payment_transactions SET kind = 'gift'
ck_payment_transactions_parent UPDATE payment_transactions SET parent_id = NULL
ck_payment_transactions_parent UPDATE payment_transactions SET parent_id = id WHERE kind = 'capture'
ck_payment_transactions_refund UPDATE payment_transactions SET kind = 'refund' WHERE kind = 'capture'
fk_payment_transactions_refund_id UPDATE payment_transactions SET kind = 'refund', refund_id = gen_random_uuid()
    WHERE kind = 'capture'
ck_payment_transactions_status UPDATE payment_transactions SET status = 'perhaps'
uq_payment_transactions_open_authorization UPDATE payment_transactions SET kind = 'authorize', status = 'requested'
    WHERE refund_id IS NULL
uq_payment_transactions_open_capture UPDATE payment_transactions SET status = 'requested',
    shipment_id = (SELECT id FROM shipments LIMIT 1) WHERE kind = 'capture'
ck_unit_ranges_units UPDATE unit_ranges SET quantity = 0
ck_unit_ranges_units UPDATE unit_ranges SET first_unit = 0
ck_unit_ranges_fate UPDATE unit_ranges SET fate = 'open'
ck_unit_ranges_cause_kind UPDATE unit_ranges SET cause_kind = 'accident'
fk_unit_ranges_shipment_id UPDATE unit_ranges SET cause_id = gen_random_uuid()
ck_kept_worth_source UPDATE kept_worth SET item_id = NULL, first_unit = NULL, quantity = NULL
ck_kept_worth_range UPDATE kept_worth SET first_unit = NULL
ck_kept_worth_range UPDATE kept_worth SET first_unit = NULL, quantity = NULL
ck_kept_worth_units UPDATE kept_worth SET quantity = 0
ck_kept_worth_units UPDATE kept_worth SET first_unit = 0
ck_kept_worth_amounts UPDATE kept_worth SET amount = -1
ck_kept_worth_amounts UPDATE kept_worth SET remaining = -1
ck_kept_worth_amounts UPDATE kept_worth SET remaining = amount + 1
uq_kept_worth_units UPDATE kept_worth SET first_unit = 1 WHERE item_id IS NOT NULL
uq_kept_worth_charge INSERT INTO kept_worth (order_id, shipment_id, charge_id, amount, remaining)
    SELECT order_id, shipment_id, charge_id, amount, remaining FROM kept_worth WHERE charge_id IS NOT NULL
ck_adjustments_range UPDATE adjustments SET first_unit = NULL
ck_adjustments_units UPDATE adjustments SET quantity = 0
ck_adjustments_amount UPDATE adjustments SET amount = 1
ck_adjustments_kind UPDATE adjustments SET kind = 'gift'
ck_adjustments_cause_kind UPDATE adjustments SET cause_kind = 'accident'
uq_adjustments_units INSERT INTO adjustments (order_id, kind, cause_kind, cause_id, item_id, first_unit, quantity,
    amount, is_before_departure, at)
    SELECT order_id, kind, cause_kind, cause_id, item_id, first_unit, 1, 0, true, at FROM adjustments
fk_kept_worth_shipment_id UPDATE kept_worth SET shipment_id = gen_random_uuid()
ck_reservations_quantity UPDATE reservations SET quantity = 0
ck_reservations_status UPDATE reservations SET status = 'perhaps'
ck_fulfillment_requests_quantity UPDATE fulfillment_requests SET quantity = 0
ck_fulfillment_requests_status UPDATE fulfillment_requests SET status = 'perhaps'
ck_fraud_screenings_status INSERT INTO fraud_screenings (id, order_id, status, requested_at)
    SELECT gen_random_uuid(), id, 'perhaps', now() FROM orders
ck_reservations_units UPDATE reservations SET allocated = -1
ck_reservations_units UPDATE reservations SET allocated = quantity + 1
ck_reservations_units UPDATE reservations SET taken = -1
ck_reservations_whole UPDATE reservations SET allocated = quantity - 1
ck_reservations_whole UPDATE reservations SET status = 'backordered'
ck_reservation_bins_quantity UPDATE reservation_bins SET quantity = -1
ck_stock_taken_quantity UPDATE stock_taken SET quantity = -1
ck_stock_receipts_quantity UPDATE stock_receipts SET quantity = 0
"""


@pytest.mark.parametrize("corruption", CORRUPTIONS.strip().replace("\n    ", " ").splitlines())
def test_a_row_that_cannot_be_true_is_refused(session: Session, corruption: str) -> None:
    rule, sql = corruption.split(" ", 1)

    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    with pytest.raises(IntegrityError) as refused:
        session.execute(text(sql))

    assert isinstance(refused.value.orig, psycopg.Error)
    assert refused.value.orig.diag.constraint_name == rule


def test_a_late_answer_may_hold_the_money_of_a_tender_twice(session: Session, varied: Money) -> None:
    """An authorization that was assumed lost may turn out done after a newer one was done; both are recorded."""
    again = """INSERT INTO payment_transactions (id, order_id, tender_id, kind, amount, currency, status, requested_at)
        SELECT :id, order_id, tender_id, kind, amount, currency, status, requested_at FROM payment_transactions
        WHERE order_id = :order_id AND kind = 'authorize' AND status = 'done'"""

    session.execute(text(again), {"id": uuid4(), "order_id": varied.id})
