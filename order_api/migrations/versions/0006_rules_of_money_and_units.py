"""rules of money and units, indexes of steps and statuses

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from order_api.migrations.online import add_rules, build_index, drop_index, drop_rules

revision = '0006'
down_revision = '0005'

CATEGORIES = "CHECK (status_category IN ('open', 'fulfilling', 'done', 'canceled', 'returned'))"
CALL_STATUSES = "CHECK (status IN ('requested', 'done', 'declined', 'lost'))"
AMOUNT = 'CHECK (amount >= 0)'
QUANTITY = 'CHECK (quantity > 0)'

RULES = {
    'orders': {
        'ck_orders_sum': 'CHECK (grand_total >= 0 AND grand_total = items_total - discounts_total + charges_total'
        ' + CASE WHEN tax_included THEN 0 ELSE taxes_total END)',
        'ck_orders_status_category': CATEGORIES,
    },
    'order_items': {
        'ck_order_items_quantities': 'CHECK (quantity > 0 AND canceled_quantity >= 0'
        ' AND delivered_quantity BETWEEN 0 AND shipped_quantity)',
        'ck_order_items_amounts': 'CHECK (amount_after_discounts BETWEEN 0 AND line_amount)',
        'ck_order_items_status_category': CATEGORIES,
    },
    'order_charges': {
        'ck_order_charges_amounts': 'CHECK (amount_after_discounts BETWEEN 0 AND amount)',
        'ck_order_charges_owner': 'CHECK (num_nonnulls(item_id, ship_group_id) <= 1)',
    },
    'order_discounts': {
        'ck_order_discounts_amount': AMOUNT,
        'ck_order_discounts_owner': 'CHECK (num_nonnulls(item_id, charge_id) <= 1)',
    },
    'order_taxes': {
        'ck_order_taxes_amount': AMOUNT,
        'ck_order_taxes_owner': 'CHECK (num_nonnulls(item_id, charge_id) = 1)',
    },
    'tenders': {
        'ck_tenders_amount': AMOUNT,
        'ck_tenders_type': "CHECK (type IN ('store_credit', 'gift_card', 'card', 'invoice'))",
    },
    'payment_transactions': {
        'ck_payment_transactions_amount': AMOUNT,
        'ck_payment_transactions_kind': "CHECK (kind IN ('authorize', 'capture', 'void'))",
        'ck_payment_transactions_status': CALL_STATUSES,
    },
    'shipped_units': {
        'ck_shipped_units_units': 'CHECK (first_unit > 0 AND quantity > 0)',
        'fk_shipped_units_shipment_id': 'FOREIGN KEY (shipment_id) REFERENCES shipments (id)'
        ' DEFERRABLE INITIALLY DEFERRED',
    },
    'reservations': {
        'ck_reservations_quantity': QUANTITY,
        'ck_reservations_status': "CHECK (status IN"
        " ('requested', 'held', 'backordered', 'refused', 'released', 'taken'))",
    },
    'fulfillment_orders': {
        'ck_fulfillment_orders_quantity': QUANTITY,
        'ck_fulfillment_orders_status': "CHECK (status IN ('requested', 'accepted', 'canceled', 'too_late'))",
    },
    'fraud_screenings': {'ck_fraud_screenings_status': CALL_STATUSES},
    'stock_holds': {'ck_stock_holds_units': 'CHECK (allocated BETWEEN 0 AND quantity AND taken >= 0)'},
    'stock_hold_bins': {'ck_stock_hold_bins_quantity': 'CHECK (quantity >= 0)'},
    'stock_taken': {'ck_stock_taken_quantity': 'CHECK (quantity >= 0)'},
    'stock_receipts': {'ck_stock_receipts_quantity': QUANTITY},
}

OPEN_AUTHORIZATION = {'unique': True, 'postgresql_where': sa.text("kind = 'authorize' AND status = 'requested'")}
OPEN_CAPTURE = {'unique': True, 'postgresql_where': sa.text("kind = 'capture' AND status = 'requested'")}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        build_index('ix_fulfillment_orders_item_id', 'fulfillment_orders', ['item_id'])
        build_index('ix_orders_status', 'orders', ['collection_id', 'status', 'placed_at', 'id'])
        build_index('ix_orders_status_anywhere', 'orders', ['status', 'placed_at', 'id'])
        build_index('uq_order_items_order_id_line_id', 'order_items', ['order_id', 'line_id'], unique=True)
        drop_index('ix_order_items_order_id', 'order_items')
        build_index('uq_shipped_units_item_id_first_unit', 'shipped_units', ['item_id', 'first_unit'], unique=True)
        build_index('uq_payment_transactions_open_authorization', 'payment_transactions', ['tender_id'], **OPEN_AUTHORIZATION)
        build_index('uq_payment_transactions_open_capture', 'payment_transactions', ['shipment_id'], **OPEN_CAPTURE)
        for table, rules in RULES.items():
            add_rules(table, rules)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for table, rules in RULES.items():
            drop_rules(table, rules)
        drop_index('uq_payment_transactions_open_capture', 'payment_transactions')
        drop_index('uq_payment_transactions_open_authorization', 'payment_transactions')
        drop_index('uq_shipped_units_item_id_first_unit', 'shipped_units')
        build_index('ix_order_items_order_id', 'order_items', ['order_id'])
        drop_index('uq_order_items_order_id_line_id', 'order_items')
        drop_index('ix_orders_status_anywhere', 'orders')
        drop_index('ix_orders_status', 'orders')
        drop_index('ix_fulfillment_orders_item_id', 'fulfillment_orders')
