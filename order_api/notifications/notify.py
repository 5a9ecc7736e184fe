"""Stores a notice to the customer once per event and recipient; the relay sends it (J7)."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.notifications.models import Notification
from order_api.notifications.notices import NOT_AFTER_CANCEL, ORDER_NOTICES, REFUND_NOTICES, RETURN_NOTICES, Notice
from order_api.notifications.return_mail import what_return_notice_is_about
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.orders.units import canceled_units, require_parcel, shipped_units
from order_api.outbox import announce
from order_api.outbox.subjects import Subject
from order_api.payments import ledger
from order_api.payments.hold import declined_authorizations
from order_api.progress.lock import lock_for_task, require_open
from order_api.refunds.models import Refund
from order_api.words.events import Event


def notify_customer(
    session: Session,
    actor: Actor,
    order_id: UUID,
    notice: Notice,
    item_id: UUID | None = None,
    shipment_id: UUID | None = None,
    *,
    about_id: UUID | None = None,
) -> None:
    """Repeating is safe: a stored notice is not stored again. A notice in NOT_AFTER_CANCEL
    raises CancelRequested, UndoRunning or OrderClosed if the order is called off or closed. With `about_id`, it is only
    about this cancellation, refund or return."""
    load = lock_for_task if notice in NOT_AFTER_CANCEL else repository.get_for_update
    order = load(session, actor, order_id)
    if notice in REFUND_NOTICES and not _pays_back(session, about_id):
        return
    if notice in RETURN_NOTICES and about_id is not None:
        about = what_return_notice_is_about(session, notice, about_id)
    else:
        about = [about_id] if about_id else _about(session, order, notice, item_id, shipment_id)
    for each in about:
        _record(session, actor, order, notice, each)


def tell_of_broken_promise(session: Session, actor: Actor, refund: Subject) -> None:
    """The payment provider has refused a refund. The customer hears of it only if a mail said that it was on its way.
    Repeating is safe."""
    promised = select(Notification.id).where(Notification.about_id == refund.id)
    if session.scalar(promised.where(Notification.notice == Notice.REFUND_ON_ITS_WAY).limit(1)) is not None:
        notify_customer(session, actor, refund.order_id, Notice.REFUND_FAILED, about_id=refund.id)


def _pays_back(session: Session, refund_id: UUID | None) -> bool:
    """A refund that only lowers what is unpaid moves no money, so no mail speaks of it."""
    refund = session.get(Refund, refund_id) if refund_id else None
    return refund is not None and refund.paid_back > 0


def _about(
    session: Session, order: Order, notice: Notice, item_id: UUID | None, shipment_id: UUID | None
) -> list[UUID]:
    """A shipping notice is about a parcel, a cancellation notice about a cancellation, a payment notice about the
    declined request; each may concern several items."""
    if item_id is not None:
        repository.get_item(session, order, item_id)
    if notice == Notice.ITEM_SHIPPED:
        if shipment_id is not None:
            require_parcel(session, order, shipment_id)
        left = [units for units in shipped_units(session, order.id) if item_id in (None, units.item_id)]
        return _once(units.shipment_id for units in left if shipment_id in (None, units.shipment_id))
    if notice == Notice.PAYMENT_DECLINED:
        # One mail for each declined authorization, however many items wait for it.
        return [row.id for row in declined_authorizations(ledger.rows_of(session, order.id))]
    if notice == Notice.ITEM_CANCELED:
        canceled = canceled_units(session, order.id)
        return _once(units.cancellation_id for units in canceled if item_id in (None, units.item_id))
    return [order.id] if notice in ORDER_NOTICES or item_id is None else [item_id]


def _once(ids: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))


def _record(session: Session, actor: Actor, order: Order, notice: Notice, about_id: UUID) -> None:
    recipient = order.customer_email or ""
    row = insert(Notification).values(
        id=uuid4(),
        order_id=order.id,
        notice=notice,
        about_id=about_id,
        recipient=recipient,
        created_at=clock.now(),
    )
    notification_id = session.scalar(row.on_conflict_do_nothing().returning(Notification.id))
    if notification_id is None:
        return
    if notice in NOT_AFTER_CANCEL:
        require_open(order)
    if not recipient:
        history.record(
            session, order, Event.NOTICE_NOT_SENT, actor, reason="no_email_address", details={"notice": notice}
        )
        return
    announce.request_mail(session, order.number, notice, notification_id)
    history.record(
        session, order, Event.NOTICE_WRITTEN, actor, details={"notice": notice, "notification_id": notification_id}
    )
