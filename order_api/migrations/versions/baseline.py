"""The first schema

Revision ID: baseline
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'baseline_6'
down_revision = None


def upgrade() -> None:
    op.create_table('shown_statuses',
    sa.Column('about_id', sa.Uuid(), nullable=False),
    sa.Column('process_key', sa.Text(), nullable=False),
    sa.Column('activity_id', sa.Text(), nullable=False),
    sa.Column('phase', sa.Text(), nullable=False),
    sa.Column('restarts', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('about_id', 'process_key', 'activity_id', 'phase', name=op.f('pk_shown_statuses'))
    )
    op.create_table('task_effects',
    sa.Column('task_id', sa.Text(), nullable=False),
    sa.Column('effect', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('task_id', 'effect', name=op.f('pk_task_effects'))
    )
    op.create_table('heartbeats',
    sa.Column('program', sa.Text(), nullable=False),
    sa.Column('instance', sa.Text(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('program', 'instance', name=op.f('pk_heartbeats'))
    )
    op.create_table('idempotency_keys',
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('status', sa.BigInteger(), nullable=False),
    sa.Column('headers', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('actor', 'key', name=op.f('pk_idempotency_keys'))
    )
    op.create_index(op.f('ix_idempotency_keys_created_at'), 'idempotency_keys', ['created_at'], unique=False)
    op.create_table('rate_reports',
    sa.Column('process', sa.Text(), nullable=False),
    sa.Column('key_id', sa.Uuid(), nullable=False),
    sa.Column('asked', sa.BigInteger(), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('process', 'key_id', name=op.f('pk_rate_reports')),
    prefixes=['UNLOGGED']
    )
    op.create_table('login_attempts',
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('username', sa.Text(), nullable=False),
    sa.Column('failures', sa.BigInteger(), nullable=False),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('succeeded_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('address', 'username', name=op.f('pk_login_attempts'))
    )
    op.create_table('order_collections',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('stored_properties', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_collections')),
    sa.UniqueConstraint('key', name=op.f('uq_order_collections_key'))
    )
    op.create_table('outbox',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('lane', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('business_key', sa.Text(), nullable=False),
    sa.Column('process', sa.Text(), nullable=True),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('payload', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.Column('request_id', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('give_up_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox'))
    )
    op.create_index('ix_outbox_given_up', 'outbox', ['id'], unique=False, postgresql_where=sa.text("state = 'given_up'"))
    op.create_index('ix_outbox_pending', 'outbox', ['lane', 'due_at', 'id'], unique=False, postgresql_where=sa.text("state = 'pending'"))
    op.create_index('ix_outbox_business_key', 'outbox', ['business_key', 'item_id'], unique=False, postgresql_where=sa.text("state IN ('pending', 'given_up')"))
    op.create_table('simulator_payments',
    sa.Column('key', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('parent_key', sa.Uuid(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('approved', sa.Boolean(), nullable=False),
    sa.Column('decline_code', sa.Text(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decides_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_simulator_payments'))
    )
    op.create_index(op.f('ix_simulator_payments_parent_key'), 'simulator_payments', ['parent_key'], unique=False)
    op.create_table('stock_keeping_units',
    sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('backorder_limit', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('sku', name=op.f('pk_stock_keeping_units'))
    )
    op.create_table('stock_receipts',
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('location', sa.Text(), nullable=False),
    sa.Column('bin', sa.Text(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('reported_by', sa.Text(), server_default='system', nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_stock_receipts_quantity')),
    sa.PrimaryKeyConstraint('reference', 'sku', 'location', 'bin', 'reported_by', name=op.f('pk_stock_receipts'))
    )
    op.create_table('users',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('username', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('collection_ids', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('store_keys', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('logged_out_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('username', name=op.f('uq_users_username'))
    )
    op.create_table('warehouse_jobs',
    sa.Column('key', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('items', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('ship_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('canceled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shipped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('parcel', sa.Text(), nullable=True),
    sa.Column('deliver_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reported_shipped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reported_delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_warehouse_jobs'))
    )
    op.create_index('ix_warehouse_jobs_due', 'warehouse_jobs', ['ship_at'], unique=False, postgresql_where=sa.text('shipped_at IS NULL AND canceled_at IS NULL'))
    op.create_index(op.f('ix_warehouse_jobs_order_id'), 'warehouse_jobs', ['order_id'], unique=False)
    op.create_index('ix_warehouse_jobs_parcel', 'warehouse_jobs', ['parcel'], unique=False)
    op.create_index('ix_warehouse_jobs_unreported', 'warehouse_jobs', ['shipped_at'], unique=False, postgresql_where=sa.text('shipped_at IS NOT NULL AND (reported_shipped_at IS NULL OR reported_delivered_at IS NULL)'))
    op.create_table('api_keys',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('collection_id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=True),
    sa.Column('store_keys', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('requests_per_second', sa.BigInteger(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['collection_id'], ['order_collections.id'], name=op.f('fk_api_keys_collection_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_keys')),
    sa.UniqueConstraint('digest', name=op.f('uq_api_keys_digest'))
    )
    op.create_table('orders',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('collection_id', sa.Uuid(), nullable=False),
    sa.Column('collection_key', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('store', sa.Text(), nullable=True),
    sa.Column('external_id', sa.Text(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('tax_included', sa.Boolean(), nullable=False),
    sa.Column('customer_type', sa.Text(), nullable=False),
    sa.Column('customer_id', sa.Text(), nullable=True),
    sa.Column('customer_name', sa.Text(), nullable=True),
    sa.Column('customer_email', sa.Text(), nullable=True),
    sa.Column('customer_phone', sa.Text(), nullable=True),
    sa.Column('customer_groups', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('billing_address', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('custom_fields', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('items_total', sa.BigInteger(), nullable=False),
    sa.Column('discounts_total', sa.BigInteger(), nullable=False),
    sa.Column('charges_total', sa.BigInteger(), nullable=False),
    sa.Column('taxes_total', sa.BigInteger(), nullable=False),
    sa.Column('grand_total', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('status_category', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('history_length', sa.BigInteger(), nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_requested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_requested_by', sa.Text(), nullable=True),
    sa.Column('cancel_reason', sa.Text(), nullable=True),
    sa.Column('undo_began_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undo_reason', sa.Text(), nullable=True),
    sa.Column('undo_ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('waits_for_parcels', sa.Boolean(), nullable=False),
    sa.Column('milestone', sa.Text(), nullable=True),
    sa.CheckConstraint("status_category IN ('open', 'fulfilling', 'done', 'canceled', 'returned')", name=op.f('ck_orders_status_category')),
    sa.CheckConstraint('(undo_began_at IS NULL) = (undo_reason IS NULL)', name=op.f('ck_orders_undo_reason')),
    sa.CheckConstraint('grand_total >= 0 AND grand_total = items_total - discounts_total + charges_total + CASE WHEN tax_included THEN 0 ELSE taxes_total END', name=op.f('ck_orders_sum')),
    sa.CheckConstraint('undo_ended_at IS NULL OR undo_began_at IS NOT NULL', name=op.f('ck_orders_undo')),
    sa.ForeignKeyConstraint(['collection_id'], ['order_collections.id'], name=op.f('fk_orders_collection_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
    sa.UniqueConstraint('number', name=op.f('uq_orders_number'))
    )
    op.create_index('ix_orders_customer', 'orders', ['customer_id'], unique=False)
    op.create_index('ix_orders_customer_email', 'orders', [sa.literal_column('lower(customer_email)')], unique=False)
    op.create_index('ix_orders_external_id', 'orders', [sa.literal_column('normalize(external_id)')], unique=False)
    op.create_index('uq_orders_external_id', 'orders', ['collection_id', 'channel', sa.literal_column('normalize(external_id)')], unique=True)
    op.create_index('ix_orders_placed', 'orders', ['collection_id', 'placed_at', 'id'], unique=False)
    op.create_index('ix_orders_placed_anywhere', 'orders', ['placed_at', 'id'], unique=False)
    op.create_index('ix_orders_status', 'orders', ['collection_id', 'status', 'placed_at', 'id'], unique=False)
    op.create_index('ix_orders_status_anywhere', 'orders', ['status', 'placed_at', 'id'], unique=False)
    op.create_index('ix_orders_total', 'orders', ['collection_id', 'currency', 'grand_total', 'id'], unique=False)
    op.create_index('ix_orders_total_anywhere', 'orders', ['currency', 'grand_total', 'id'], unique=False)
    op.create_table('stock_bins',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('location', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('quality', sa.String(length=40), nullable=False),
    sa.Column('on_hand', sa.BigInteger(), nullable=False),
    sa.Column('reserved', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('reserved >= 0 AND reserved <= on_hand', name=op.f('ck_stock_bins_reserved')),
    sa.CheckConstraint("quality = 'sellable' OR reserved = 0", name=op.f('ck_stock_bins_sellable')),
    sa.CheckConstraint("quality IN ('sellable', 'quarantine', 'scrap')", name=op.f('ck_stock_bins_quality')),
    sa.ForeignKeyConstraint(['sku'], ['stock_keeping_units.sku'], name=op.f('fk_stock_bins_sku')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_bins')),
    sa.UniqueConstraint('sku', 'location', 'name', 'quality', name=op.f('uq_stock_bins_sku_location_name_quality'))
    )
    op.create_table('stock_restocked',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('bin_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_stock_restocked_quantity')),
    sa.ForeignKeyConstraint(['bin_id'], ['stock_bins.id'], name=op.f('fk_stock_restocked_bin_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_stock_restocked'))
    )
    op.create_table('stores',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('collection_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['collection_id'], ['order_collections.id'], name=op.f('fk_stores_collection_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stores')),
    sa.UniqueConstraint('collection_id', 'key', name=op.f('uq_stores_collection_id_key'))
    )
    op.create_table('fraud_screenings',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('score', sa.BigInteger(), nullable=True),
    sa.Column('reasons', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('requested', 'done', 'withdrawn')", name=op.f('ck_fraud_screenings_status')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_fraud_screenings_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fraud_screenings')),
    sa.UniqueConstraint('order_id', name=op.f('uq_fraud_screenings_order_id'))
    )
    op.create_table('notifications',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('notice', sa.Text(), nullable=False),
    sa.Column('about_id', sa.Uuid(), nullable=False),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_notifications_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notifications')),
    sa.UniqueConstraint('notice', 'about_id', 'recipient', name=op.f('uq_notifications_notice_about_id_recipient'))
    )
    op.create_index(op.f('ix_notifications_order_id'), 'notifications', ['order_id'], unique=False)
    op.create_table('order_history',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('event', sa.String(length=40), nullable=False),
    sa.Column('actor_kind', sa.Text(), nullable=False),
    sa.Column('actor_id', sa.Text(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('before', sa.Text(), nullable=True),
    sa.Column('after', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('details', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_history_order_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_history')),
    sa.UniqueConstraint('order_id', 'sequence', name=op.f('uq_order_history_order_id_sequence'))
    )
    op.create_table('order_notes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_notes_order_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_notes'))
    )
    op.create_index(op.f('ix_order_notes_order_id'), 'order_notes', ['order_id'], unique=False)
    op.create_table('ship_groups',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('fulfillment_type', sa.Text(), nullable=False),
    sa.Column('method', sa.Text(), nullable=True),
    sa.Column('store', sa.Text(), nullable=True),
    sa.Column('address', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_ship_groups_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ship_groups'))
    )
    op.create_index(op.f('ix_ship_groups_order_id'), 'ship_groups', ['order_id'], unique=False)
    op.create_table('shipments',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('carrier', sa.Text(), nullable=False),
    sa.Column('tracking_number', sa.Text(), nullable=False),
    sa.Column('tracking_key', sa.Text(), nullable=False),
    sa.Column('shipped_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_shipments_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shipments')),
    sa.UniqueConstraint('order_id', 'tracking_key', name=op.f('uq_shipments_order_id_tracking_key'))
    )
    op.create_index(op.f('ix_shipments_order_id'), 'shipments', ['order_id'], unique=False)
    op.create_table('overdue_waits',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('business_key', sa.Text(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('shipment_id', sa.Uuid(), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_overdue_waits_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_overdue_waits'))
    )
    op.create_index(op.f('ix_overdue_waits_business_key'), 'overdue_waits', ['business_key'], unique=False)
    op.create_index(op.f('ix_overdue_waits_order_id'), 'overdue_waits', ['order_id'], unique=False)
    op.create_table('subject_processes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('process_key', sa.Text(), nullable=False),
    sa.Column('stands_for', sa.Text(), nullable=False),
    sa.Column('business_key', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.Text(), nullable=True),
    sa.Column('process_instance_id', sa.Text(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('restarts', sa.BigInteger(), nullable=False),
    sa.Column('restarted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_subject_processes_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_processes')),
    sa.UniqueConstraint('business_key', 'process_key', name=op.f('uq_subject_processes_business_key_process_key')),
    sa.UniqueConstraint('subject_id', 'process_key', name=op.f('uq_subject_processes_subject_id_process_key'))
    )
    op.create_index(op.f('ix_subject_processes_order_id'), 'subject_processes', ['order_id'], unique=False)
    op.create_table('tenders',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('token', sa.Text(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('placed_with', sa.BigInteger(), nullable=False),
    sa.Column('replaced_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("type ~ '^[a-z][a-z0-9_]{0,39}$'", name=op.f('ck_tenders_type')),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_tenders_amount')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_tenders_order_id')),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['tenders.id'], name=op.f('fk_tenders_replaced_by_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenders'))
    )
    op.create_index(op.f('ix_tenders_order_id'), 'tenders', ['order_id'], unique=False)
    op.create_table('order_items',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('ship_group_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('line_id', sa.Text(), nullable=False),
    sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('unit_price', sa.Numeric(), nullable=False),
    sa.Column('list_price', sa.Numeric(), nullable=False),
    sa.Column('line_amount', sa.BigInteger(), nullable=False),
    sa.Column('amount_after_discounts', sa.BigInteger(), nullable=False),
    sa.Column('attributes', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('status_category', sa.Text(), nullable=False),
    sa.Column('shipped_quantity', sa.BigInteger(), nullable=False),
    sa.Column('on_their_way_quantity', sa.BigInteger(), nullable=False),
    sa.Column('delivered_quantity', sa.BigInteger(), nullable=False),
    sa.Column('canceled_quantity', sa.BigInteger(), nullable=False),
    sa.Column('unable_to_ship_reason', sa.Text(), nullable=True),
    sa.Column('awaits_payment_since', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status_category IN ('open', 'fulfilling', 'done', 'canceled', 'returned')", name=op.f('ck_order_items_status_category')),
    sa.CheckConstraint('amount_after_discounts BETWEEN 0 AND line_amount', name=op.f('ck_order_items_amounts')),
    sa.CheckConstraint('quantity > 0 AND canceled_quantity >= 0 AND delivered_quantity >= 0 AND on_their_way_quantity >= 0 AND delivered_quantity + on_their_way_quantity <= shipped_quantity', name=op.f('ck_order_items_quantities')),
    sa.CheckConstraint('shipped_quantity + canceled_quantity <= quantity', name=op.f('ck_order_items_units')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_items_order_id')),
    sa.ForeignKeyConstraint(['ship_group_id'], ['ship_groups.id'], name=op.f('fk_order_items_ship_group_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_items'))
    )
    op.create_index('uq_order_items_order_id_line_id', 'order_items', ['order_id', 'line_id'], unique=True)
    op.create_table('payment_events',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('adapter', sa.Text(), nullable=False),
    sa.Column('event_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('key', sa.Uuid(), nullable=True),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('decline_code', sa.Text(), nullable=True),
    sa.Column('trace_number', sa.Text(), nullable=True),
    sa.Column('expected_by', sa.Date(), nullable=True),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("outcome IN ('carried_out', 'no_news', 'unattributed')", name=op.f('ck_payment_events_outcome')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_payment_events_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_events')),
    sa.UniqueConstraint('adapter', 'event_id', name=op.f('uq_payment_events_adapter_event_id'))
    )
    op.create_index('ix_payment_events_open', 'payment_events', ['received_at'], unique=False, postgresql_where=sa.text('handled_at IS NULL'))
    op.create_index(op.f('ix_payment_events_order_id'), 'payment_events', ['order_id'], unique=False)
    op.create_table('refunds',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('destination', sa.String(length=40), nullable=False),
    sa.Column('wanted', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('requested_by', sa.Text(), nullable=False),
    sa.Column('requested_by_role', sa.Text(), nullable=True),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('ends_unpaid', sa.BigInteger(), nullable=False),
    sa.Column('ends_written_off', sa.BigInteger(), nullable=False),
    sa.Column('paid_back', sa.BigInteger(), nullable=False),
    sa.Column('approval', sa.Text(), nullable=True),
    sa.Column('approval_words', sa.Text(), nullable=True),
    sa.Column('decided_by', sa.Text(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('caused_by_id', sa.Uuid(), nullable=True),
    sa.Column('parent_kind', sa.Text(), nullable=True),
    sa.Column('parent_number', sa.Text(), nullable=True),
    sa.CheckConstraint("destination IN ('original', 'outside')", name=op.f('ck_refunds_destination')),
    sa.CheckConstraint("state IN ('requested', 'needs_approval', 'paying', 'paid', 'refused', 'canceled')", name=op.f('ck_refunds_state')),
    sa.CheckConstraint('amount >= 0 AND ends_unpaid >= 0 AND ends_written_off >= 0 AND paid_back >= 0 AND amount - ends_unpaid - ends_written_off <= paid_back', name=op.f('ck_refunds_amounts')),
    sa.ForeignKeyConstraint(['caused_by_id'], ['refunds.id'], name=op.f('fk_refunds_caused_by_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_refunds_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refunds')),
    sa.UniqueConstraint('number', name=op.f('uq_refunds_number')),
    sa.UniqueConstraint('order_id', 'position', name=op.f('uq_refunds_order_id_position'))
    )
    op.create_index('ix_refunds_open', 'refunds', ['requested_at', 'id'], unique=False, postgresql_where=sa.text("state NOT IN ('paid', 'refused', 'canceled')"))
    op.create_index('ix_refunds_requested', 'refunds', ['requested_at', 'id'], unique=False)
    op.create_index('ix_refunds_requested_by', 'refunds', ['requested_by', 'requested_at'], unique=False)
    op.create_table('payment_transactions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('refund_id', sa.Uuid(), nullable=True),
    sa.Column('shipment_id', sa.Uuid(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('decline_code', sa.Text(), nullable=True),
    sa.Column('trace_number', sa.Text(), nullable=True),
    sa.Column('expected_by', sa.Date(), nullable=True),
    sa.Column('task_id', sa.Text(), nullable=True),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('authorize', 'write_off') OR parent_id IS NOT NULL AND parent_id <> id", name=op.f('ck_payment_transactions_parent')),
    sa.CheckConstraint("(refund_id IS NULL) = (kind NOT IN ('refund', 'refund_reversed', 'transfer_outside'))", name=op.f('ck_payment_transactions_refund')),
    sa.CheckConstraint("kind IN ('authorize', 'capture', 'void', 'expired', 'refund', 'refund_reversed', 'transfer_outside', 'write_off', 'write_off_reversed')", name=op.f('ck_payment_transactions_kind')),
    sa.CheckConstraint("status IN ('held', 'withdrawn', 'requested', 'pending', 'done', 'declined', 'lost')", name=op.f('ck_payment_transactions_status')),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_payment_transactions_amount')),
    sa.ForeignKeyConstraint(['parent_id'], ['payment_transactions.id'], name=op.f('fk_payment_transactions_parent_id')),
    sa.ForeignKeyConstraint(['refund_id'], ['refunds.id'], name=op.f('fk_payment_transactions_refund_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_payment_transactions_order_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tenders.id'], name=op.f('fk_payment_transactions_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_transactions'))
    )
    op.create_index('ix_payment_transactions_order', 'payment_transactions', ['order_id'], unique=False)
    op.create_index('ix_payment_transactions_refund', 'payment_transactions', ['refund_id'], unique=False, postgresql_where=sa.text('refund_id IS NOT NULL'))
    op.create_index('ix_payment_transactions_requested', 'payment_transactions', ['requested_at'], unique=False, postgresql_where=sa.text("status = 'requested'"))
    op.create_index('uq_payment_transactions_open_authorization', 'payment_transactions', ['tender_id'], unique=True, postgresql_where=sa.text("kind = 'authorize' AND status = 'requested'"))
    op.create_index('uq_payment_transactions_open_capture', 'payment_transactions', ['shipment_id'], unique=True, postgresql_where=sa.text("kind = 'capture' AND status = 'requested'"))
    op.create_table('fulfillment_requests',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('location', sa.Text(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('task_id', sa.Text(), nullable=True),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('requested', 'accepted', 'canceled', 'too_late')", name=op.f('ck_fulfillment_requests_status')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_fulfillment_requests_quantity')),
    sa.ForeignKeyConstraint(['item_id'], ['order_items.id'], name=op.f('fk_fulfillment_requests_item_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_fulfillment_requests_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fulfillment_requests'))
    )
    op.create_index(op.f('ix_fulfillment_requests_item_id'), 'fulfillment_requests', ['item_id'], unique=False)
    op.create_index(op.f('ix_fulfillment_requests_order_id'), 'fulfillment_requests', ['order_id'], unique=False)
    op.create_index('uq_fulfillment_requests_open_item', 'fulfillment_requests', ['item_id'], unique=True, postgresql_where=sa.text("status IN ('requested', 'accepted')"))
    op.create_table('order_charges',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('ship_group_id', sa.Uuid(), nullable=True),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('amount_after_discounts', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_after_discounts BETWEEN 0 AND amount', name=op.f('ck_order_charges_amounts')),
    sa.CheckConstraint('num_nonnulls(item_id, ship_group_id) <= 1', name=op.f('ck_order_charges_owner')),
    sa.ForeignKeyConstraint(['item_id'], ['order_items.id'], name=op.f('fk_order_charges_item_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_charges_order_id')),
    sa.ForeignKeyConstraint(['ship_group_id'], ['ship_groups.id'], name=op.f('fk_order_charges_ship_group_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_charges'))
    )
    op.create_index(op.f('ix_order_charges_order_id'), 'order_charges', ['order_id'], unique=False)
    op.create_table('reservations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('place', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('allocated', sa.BigInteger(), nullable=False),
    sa.Column('taken', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status_since', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(status <> 'reserved' OR allocated = quantity) AND (status <> 'backordered' OR allocated < quantity)", name=op.f('ck_reservations_whole')),
    sa.CheckConstraint("status IN ('reserved', 'backordered', 'refused', 'released', 'taken')", name=op.f('ck_reservations_status')),
    sa.CheckConstraint('allocated BETWEEN 0 AND quantity AND taken >= 0', name=op.f('ck_reservations_units')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_reservations_quantity')),
    sa.ForeignKeyConstraint(['item_id'], ['order_items.id'], name=op.f('fk_reservations_item_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_reservations_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reservations'))
    )
    op.create_index('ix_reservations_backorders', 'reservations', ['sku', 'place'], unique=False, postgresql_where=sa.text("status = 'backordered'"))
    op.create_index(op.f('ix_reservations_order_id'), 'reservations', ['order_id'], unique=False)
    op.create_index('uq_reservations_open_item', 'reservations', ['item_id'], unique=True, postgresql_where=sa.text("status IN ('reserved', 'backordered')"))
    op.create_table('unit_ranges',
    sa.Column('sequence', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('first_unit', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('fate', sa.String(length=40), nullable=False),
    sa.Column('cause_kind', sa.String(length=40), nullable=False),
    sa.Column('cause_id', sa.Uuid(), nullable=False),
    sa.Column('shipment_id', sa.Uuid(), sa.Computed("CASE WHEN cause_kind::text = 'shipment'::text THEN cause_id ELSE NULL::uuid END", persisted=True), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("cause_kind IN ('shipment', 'cancellation', 'refund', 'return')", name=op.f('ck_unit_ranges_cause_kind')),
    sa.CheckConstraint("fate IN ('shipped', 'delivered', 'canceled', 'lost', 'returned')", name=op.f('ck_unit_ranges_fate')),
    sa.CheckConstraint('first_unit > 0 AND quantity > 0', name=op.f('ck_unit_ranges_units')),
    sa.ForeignKeyConstraint(['item_id'], ['order_items.id'], name=op.f('fk_unit_ranges_item_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_unit_ranges_order_id')),
    sa.ForeignKeyConstraint(['shipment_id'], ['shipments.id'], name=op.f('fk_unit_ranges_shipment_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('sequence', name=op.f('pk_unit_ranges'))
    )
    op.create_index(op.f('ix_unit_ranges_item_id'), 'unit_ranges', ['item_id'], unique=False)
    op.create_index(op.f('ix_unit_ranges_order_id'), 'unit_ranges', ['order_id'], unique=False)
    op.create_table('order_discounts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('charge_id', sa.Uuid(), nullable=True),
    sa.Column('share_of_id', sa.Uuid(), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_order_discounts_amount')),
    sa.CheckConstraint('num_nonnulls(item_id, charge_id) <= 1', name=op.f('ck_order_discounts_owner')),
    sa.ForeignKeyConstraint(['charge_id'], ['order_charges.id'], name=op.f('fk_order_discounts_charge_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['item_id'], ['order_items.id'], name=op.f('fk_order_discounts_item_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_discounts_order_id')),
    sa.ForeignKeyConstraint(['share_of_id'], ['order_discounts.id'], name=op.f('fk_order_discounts_share_of_id'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_discounts'))
    )
    op.create_index(op.f('ix_order_discounts_order_id'), 'order_discounts', ['order_id'], unique=False)
    op.create_table('order_taxes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('charge_id', sa.Uuid(), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('rate', sa.Numeric(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_order_taxes_amount')),
    sa.CheckConstraint('num_nonnulls(item_id, charge_id) = 1', name=op.f('ck_order_taxes_owner')),
    sa.ForeignKeyConstraint(['charge_id'], ['order_charges.id'], name=op.f('fk_order_taxes_charge_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['item_id'], ['order_items.id'], name=op.f('fk_order_taxes_item_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_taxes_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_taxes'))
    )
    op.create_index(op.f('ix_order_taxes_order_id'), 'order_taxes', ['order_id'], unique=False)
    op.create_table('reservation_bins',
    sa.Column('reservation_id', sa.Uuid(), nullable=False),
    sa.Column('bin_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity >= 0', name=op.f('ck_reservation_bins_quantity')),
    sa.ForeignKeyConstraint(['bin_id'], ['stock_bins.id'], name=op.f('fk_reservation_bins_bin_id')),
    sa.ForeignKeyConstraint(['reservation_id'], ['reservations.id'], name=op.f('fk_reservation_bins_reservation_id')),
    sa.PrimaryKeyConstraint('reservation_id', 'bin_id', name=op.f('pk_reservation_bins'))
    )
    op.create_table('stock_taken',
    sa.Column('reservation_id', sa.Uuid(), nullable=False),
    sa.Column('shipment_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity >= 0', name=op.f('ck_stock_taken_quantity')),
    sa.ForeignKeyConstraint(['reservation_id'], ['reservations.id'], name=op.f('fk_stock_taken_reservation_id')),
    sa.PrimaryKeyConstraint('reservation_id', 'shipment_id', name=op.f('pk_stock_taken'))
    )
    op.create_table('kept_worth',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('shipment_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('charge_id', sa.Uuid(), nullable=True),
    sa.Column('tax_id', sa.Uuid(), nullable=True),
    sa.Column('first_unit', sa.BigInteger(), nullable=True),
    sa.Column('quantity', sa.BigInteger(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('remaining', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('first_unit > 0 AND quantity > 0', name=op.f('ck_kept_worth_units')),
    sa.CheckConstraint('num_nonnulls(item_id, charge_id) > 0', name=op.f('ck_kept_worth_source')),
    sa.CheckConstraint('num_nonnulls(item_id, first_unit, quantity) IN (0, 3)', name=op.f('ck_kept_worth_range')),
    sa.CheckConstraint('amount >= 0 AND remaining BETWEEN 0 AND amount', name=op.f('ck_kept_worth_amounts')),
    sa.ForeignKeyConstraint(['charge_id'], ['order_charges.id'], name=op.f('fk_kept_worth_charge_id')),
    sa.ForeignKeyConstraint(['item_id'], ['order_items.id'], name=op.f('fk_kept_worth_item_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_kept_worth_order_id')),
    sa.ForeignKeyConstraint(['shipment_id'], ['shipments.id'], name=op.f('fk_kept_worth_shipment_id'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['tax_id'], ['order_taxes.id'], name=op.f('fk_kept_worth_tax_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_worth'))
    )
    op.create_index(op.f('ix_kept_worth_order_id'), 'kept_worth', ['order_id'], unique=False)
    op.create_index('uq_kept_worth_charge', 'kept_worth', ['charge_id'], unique=True, postgresql_where=sa.text('item_id IS NULL AND tax_id IS NULL'))
    op.create_index('uq_kept_worth_units', 'kept_worth', ['item_id', 'first_unit'], unique=True, postgresql_where=sa.text('charge_id IS NULL AND tax_id IS NULL'))
    op.create_table('cancellations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('requested_by', sa.Text(), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_cancellations_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cancellations'))
    )
    op.create_index(op.f('ix_cancellations_order_id'), 'cancellations', ['order_id'], unique=False)
    op.create_table('recalled_units',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('cancellation_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('first_unit', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('canceled_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('first_unit > 0 AND quantity > 0', name=op.f('ck_recalled_units_units')),
    sa.CheckConstraint("status IN ('asked', 'canceled', 'too_late')", name=op.f('ck_recalled_units_status')),
    sa.ForeignKeyConstraint(['canceled_by_id'], ['cancellations.id'], name=op.f('fk_recalled_units_canceled_by_id')),
    sa.ForeignKeyConstraint(['cancellation_id'], ['cancellations.id'], name=op.f('fk_recalled_units_cancellation_id')),
    sa.ForeignKeyConstraint(['item_id'], ['order_items.id'], name=op.f('fk_recalled_units_item_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_recalled_units_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recalled_units'))
    )
    op.create_index('ix_recalled_units_asked', 'recalled_units', ['item_id'], unique=False, postgresql_where=sa.text("status = 'asked'"))
    op.create_index(op.f('ix_recalled_units_cancellation_id'), 'recalled_units', ['cancellation_id'], unique=False)
    op.create_index(op.f('ix_recalled_units_order_id'), 'recalled_units', ['order_id'], unique=False)
    op.create_table('adjustments',
    sa.Column('sequence', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('cause_kind', sa.String(length=40), nullable=False),
    sa.Column('cause_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('charge_id', sa.Uuid(), nullable=True),
    sa.Column('tax_id', sa.Uuid(), nullable=True),
    sa.Column('first_unit', sa.BigInteger(), nullable=True),
    sa.Column('quantity', sa.BigInteger(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('fee_type', sa.Text(), nullable=True),
    sa.Column('own_tax', sa.BigInteger(), nullable=True),
    sa.Column('is_before_departure', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('first_unit > 0 AND quantity > 0', name=op.f('ck_adjustments_units')),
    sa.CheckConstraint("num_nonnulls(item_id, first_unit, quantity) IN (0, 3) OR kind = 'fee'", name=op.f('ck_adjustments_range')),
    sa.CheckConstraint("CASE WHEN kind = 'fee' THEN amount >= 0 ELSE amount <= 0 END", name=op.f('ck_adjustments_amount')),
    sa.CheckConstraint("(kind = 'fee') = (fee_type IS NOT NULL)", name=op.f('ck_adjustments_fee_type')),
    sa.CheckConstraint("kind IN ('units_canceled', 'units_lost', 'units_returned', 'price_reduction', 'charge_removed', 'tax_removed', 'fee')", name=op.f('ck_adjustments_kind')),
    sa.CheckConstraint("cause_kind IN ('shipment', 'cancellation', 'refund', 'return')", name=op.f('ck_adjustments_cause_kind')),
    sa.ForeignKeyConstraint(['charge_id'], ['order_charges.id'], name=op.f('fk_adjustments_charge_id')),
    sa.ForeignKeyConstraint(['item_id'], ['order_items.id'], name=op.f('fk_adjustments_item_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_adjustments_order_id')),
    sa.ForeignKeyConstraint(['tax_id'], ['order_taxes.id'], name=op.f('fk_adjustments_tax_id')),
    sa.PrimaryKeyConstraint('sequence', name=op.f('pk_adjustments'))
    )
    op.create_index(op.f('ix_adjustments_order_id'), 'adjustments', ['order_id'], unique=False)
    op.create_index('uq_adjustments_charge', 'adjustments', ['charge_id'], unique=True, postgresql_where=sa.text('is_before_departure AND item_id IS NULL AND tax_id IS NULL'))
    op.create_index('uq_adjustments_units', 'adjustments', ['item_id', 'first_unit'], unique=True, postgresql_where=sa.text('is_before_departure AND charge_id IS NULL AND tax_id IS NULL'))
    op.create_table('remedies',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('first_unit', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('cause_kind', sa.String(length=40), nullable=False),
    sa.Column('cause_id', sa.Uuid(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('first_unit > 0 AND quantity > 0', name=op.f('ck_remedies_units')),
    sa.CheckConstraint("cause_kind IN ('shipment', 'cancellation', 'refund', 'return')", name=op.f('ck_remedies_cause_kind')),
    sa.ForeignKeyConstraint(['item_id'], ['order_items.id'], name=op.f('fk_remedies_item_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_remedies_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remedies'))
    )
    op.create_index(op.f('ix_remedies_order_id'), 'remedies', ['order_id'], unique=False)
    op.create_table('returns',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('comes_by', sa.String(length=40), nullable=False),
    sa.Column('location', sa.Text(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=True),
    sa.Column('announced_by', sa.Text(), nullable=False),
    sa.Column('announced_by_role', sa.Text(), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('refund_due_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Text(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("comes_by IN ('parcel', 'store', 'here')", name=op.f('ck_returns_comes_by')),
    sa.CheckConstraint("state IN ('announced', 'needs_approval', 'expected', 'in_transit', 'received', 'completed', 'refused', 'canceled', 'expired')", name=op.f('ck_returns_state')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_returns_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_returns')),
    sa.UniqueConstraint('number', name=op.f('uq_returns_number')),
    sa.UniqueConstraint('order_id', 'position', name=op.f('uq_returns_order_id_position'))
    )
    op.create_index('ix_returns_announced', 'returns', ['announced_at', 'id'], unique=False)
    op.create_index('ix_returns_refund_due', 'returns', ['refund_due_by'], unique=False, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('return_receipts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('return_id', sa.Uuid(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('location', sa.Text(), nullable=False),
    sa.Column('received_by', sa.Text(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('unknown', sa.Text(), nullable=True),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['return_id'], ['returns.id'], name=op.f('fk_return_receipts_return_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_receipts'))
    )
    op.create_index('uq_return_receipts_reference', 'return_receipts', ['return_id', 'received_by', sa.literal_column('normalize(reference)')], unique=True)
    op.create_table('return_scans',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('return_id', sa.Uuid(), nullable=False),
    sa.Column('sent_by', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['return_id'], ['returns.id'], name=op.f('fk_return_scans_return_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_scans'))
    )
    op.create_index('uq_return_scans_reference', 'return_scans', ['return_id', 'sent_by', sa.literal_column('normalize(reference)')], unique=True)
    op.create_table('return_lines',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('return_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('is_announced', sa.Boolean(), nullable=False),
    sa.Column('is_allowed', sa.Boolean(), nullable=True),
    sa.Column('policy', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('fees', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('override', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.ForeignKeyConstraint(['item_id'], ['order_items.id'], name=op.f('fk_return_lines_item_id')),
    sa.ForeignKeyConstraint(['return_id'], ['returns.id'], name=op.f('fk_return_lines_return_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_lines')),
    sa.UniqueConstraint('return_id', 'position', name=op.f('uq_return_lines_return_id_position'))
    )
    op.create_table('return_units',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('first_unit', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('receipt_id', sa.Uuid(), nullable=True),
    sa.Column('verdict', sa.String(length=40), nullable=True),
    sa.Column('verdict_by', sa.Text(), nullable=True),
    sa.Column('verdict_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refund_id', sa.Uuid(), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('given_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('first_unit > 0 AND quantity > 0', name=op.f('ck_return_units_units')),
    sa.CheckConstraint('(receipt_id IS NULL) = (verdict IS NULL)', name=op.f('ck_return_units_received')),
    sa.CheckConstraint("verdict IN ('pending', 'resellable', 'quarantine', 'scrap', 'sent_back')", name=op.f('ck_return_units_verdict')),
    sa.ForeignKeyConstraint(['line_id'], ['return_lines.id'], name=op.f('fk_return_units_line_id')),
    sa.ForeignKeyConstraint(['receipt_id'], ['return_receipts.id'], name=op.f('fk_return_units_receipt_id')),
    sa.ForeignKeyConstraint(['refund_id'], ['refunds.id'], name=op.f('fk_return_units_refund_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_units'))
    )
    op.create_index(op.f('ix_return_units_line_id'), 'return_units', ['line_id'], unique=False)


def downgrade() -> None:
    """Does nothing: to remove the first schema, delete the database."""
