"""Puts the order document together from the rows of an order."""

from datetime import datetime

from order_api.core import money
from order_api.orders.models import Order
from order_api.overview.amounts import Amounts
from order_api.overview.bill import BillOfOrder
from order_api.overview.document import (
    CustomerAnswer,
    NoteAnswer,
    OrderDocument,
    OrderHead,
    OrderSummary,
    ProcessAnswer,
)
from order_api.overview.goods import Goods
from order_api.overview.read import OrderView
from order_api.overview.refunds import head_of
from order_api.overview.returns import head_of as return_head_of
from order_api.progress.models import SubjectProcess


def summary_of(order: Order) -> OrderSummary:
    return OrderSummary(
        **vars(_head(order)),
        grand_total=money.to_text(order.grand_total, order.currency),
        customer_id=order.customer_id,
        customer_name=order.customer_name,
    )


def document_of(view: OrderView) -> OrderDocument:
    order, amounts = view.order, Amounts(view)
    bill = BillOfOrder(view, amounts)
    goods = Goods(view, amounts, bill)
    return OrderDocument(
        **vars(_head(order)),
        tax_included=order.tax_included,
        status_category=order.status_category,
        version=order.version,
        updated_at=order.updated_at,
        frozen_at=order.frozen_at,
        cancel_requested_by=order.cancel_requested_by,
        cancel_reason=order.cancel_reason,
        undo_began_at=order.undo_began_at,
        undo_reason=order.undo_reason,
        undo_ended_at=order.undo_ended_at,
        customer=_customer(order),
        billing_address=order.billing_address,
        custom_fields=order.custom_fields,
        ship_groups=[goods.ship_group(group) for group in order.ship_groups],
        items=[goods.item(item) for item in order.items],
        discounts=amounts.discounts(None),
        charges=amounts.charges(None),
        totals=amounts.totals(),
        bill=bill.whole(),
        tenders=amounts.tenders(),
        payments=amounts.payments(),
        refunds=[head_of(refund, order) for refund in view.refunds],
        returns=[return_head_of(return_, order) for return_ in view.returns],
        recalls=goods.recalls(),
        reservations=goods.reservations(),
        shipments=goods.shipments(),
        processes=[_process(process, view.overdue.get(process.business_key)) for process in view.processes],
        notes=[NoteAnswer(note.id, note.text, note.author, note.at) for note in view.notes],
    )


def _head(order: Order) -> OrderHead:
    return OrderHead(
        id=order.id,
        number=order.number,
        collection=order.collection_key,
        channel=order.channel,
        store=order.store,
        external_id=order.external_id,
        status=order.status,
        currency=order.currency,
        placed_at=order.placed_at,
        cancel_requested_at=order.cancel_requested_at,
        overdue_at=order.overdue_at,
    )


def _customer(order: Order) -> CustomerAnswer:
    return CustomerAnswer(
        type=order.customer_type,
        id=order.customer_id,
        name=order.customer_name,
        email=order.customer_email,
        phone=order.customer_phone,
        groups=order.customer_groups,
    )


def _process(row: SubjectProcess, overdue_at: datetime | None) -> ProcessAnswer:
    return ProcessAnswer(
        business_key=row.business_key,
        process_key=row.process_key,
        process_instance_id=row.process_instance_id,
        started_at=row.started_at,
        overdue_at=overdue_at,
    )
