"""Stores a notice to the customer once per event and recipient; the relay sends it (J7)."""

from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.notifications.models import Notification
from order_api.notifications.notices import NOT_AFTER_CANCEL, ORDER_NOTICES, Notice
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.orders.units import shipped_units
from order_api.outbox import announce
from order_api.progress.lock import lock_for_act
from order_api.words.events import Event


def notify_customer(session: Session, actor: Actor, order_id: UUID, notice: Notice, item_id: UUID | None) -> None:
    """Repeating is safe: a stored notice is not stored again. For a promise about a called-off or closed order it
    raises CancelRequested, UndoRunning or OrderClosed."""
    load = lock_for_act if notice in NOT_AFTER_CANCEL else repository.get_for_update
    order = load(session, actor, order_id)
    for about_id in _about(session, order, notice, item_id):
        _record(session, actor, order, notice, about_id)


def _about(session: Session, order: Order, notice: Notice, item_id: UUID | None) -> set[UUID]:
    """A shipping notice is about a parcel, which may hold several items."""
    if notice in ORDER_NOTICES or item_id is None:
        return {order.id}
    repository.get_item(session, order, item_id)
    if notice == Notice.ITEM_SHIPPED:
        return {units.shipment_id for units in shipped_units(session, order.id) if units.item_id == item_id}
    return {item_id}


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
    if not recipient:
        history.record(
            session, order, Event.NOTICE_NOT_SENT, actor, reason="no_email_address", details={"notice": notice}
        )
        return
    announce.request_mail(session, order.number, notice, notification_id)
    history.record(
        session, order, Event.NOTICE_WRITTEN, actor, details={"notice": notice, "notification_id": notification_id}
    )
