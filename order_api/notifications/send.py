"""Send one mail that was written down; the relay calls it, and calls again when the outcome is unknown."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from typing import Any
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock, money
from order_api.core.database import transaction
from order_api.core.settings import settings
from order_api.integrations.mail.port import MailRefused
from order_api.integrations.mail.registry import carrier
from order_api.notifications.models import Notification
from order_api.orders import history, repository
from order_api.orders.models import Order, OrderItem
from order_api.orders.units import shipped_units
from order_api.shipments.models import Shipment
from order_api.words.events import Event


def send_notification(actor: Actor, notification_id: UUID) -> None:
    """Raises OutsideSystemUnavailable, or MailRefused once the history says so. What was taken is not sent again."""
    with transaction() as session:
        notification = session.get_one(Notification, notification_id)
        if notification.sent_at is not None:
            return
        order = repository.get_with(session, actor, notification.order_id, Order.items)
        text = _text(session, order, notification)
    try:
        carrier().send(_message(notification, text))
    except MailRefused as refused:
        _record_refusal(actor, notification, str(refused))
        raise
    with transaction() as session:
        session.get_one(Notification, notification_id).sent_at = clock.now()


def _record_refusal(actor: Actor, notification: Notification, answer: str) -> None:
    """Once, also when the relay died before it closed the row and the mail was refused again."""
    about: dict[str, Any] = {"notice": notification.notice, "notification_id": notification.id}
    with transaction() as session:
        order = repository.get_for_update(session, actor, notification.order_id)
        if not history.is_recorded(session, order.id, Event.NOTICE_NOT_SENT, **about):
            history.record(session, order, Event.NOTICE_NOT_SENT, actor, reason="mail_refused", answer=answer, **about)


@cache
def _templates() -> Environment:
    loader = PackageLoader("order_api.notifications")
    return Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - plain text


def _message(notification: Notification, text: str) -> EmailMessage:
    subject, _, body = text.partition("\n")
    message = EmailMessage()
    message["Message-ID"] = notification.message_id
    message["Date"] = format_datetime(notification.created_at)
    message["From"], message["To"], message["Subject"] = settings().mail_from, _recipient(notification), subject.strip()
    message.set_content(body.lstrip("\n"))
    return message


def _recipient(notification: Notification) -> Address:
    """One address and no more, which says the same to a mail program."""
    try:
        return Address(addr_spec=notification.recipient)
    except ValueError:
        raise MailRefused("The e-mail address cannot stand in a mail.") from None


def _text(session: Session, order: Order, notification: Notification) -> str:
    return _templates().get_template(f"{notification.notice}.txt").render(**_words(session, order, notification))


def _words(session: Session, order: Order, notification: Notification) -> dict[str, object]:
    shipment = session.get(Shipment, notification.subject_id)
    return {
        "order": order,
        "total": f"{money.to_text(order.grand_total, order.currency)} {order.currency}",
        "items": _items(session, order, notification),
        "shipment": shipment,
    }


def _items(session: Session, order: Order, notification: Notification) -> list[tuple[int, OrderItem]]:
    """Quantity and item, of what the notice is about."""
    by_id = {item.id: item for item in order.items}
    parcel = [u for u in shipped_units(session, order.id) if u.shipment_id == notification.subject_id]
    if parcel:
        return [(units.quantity, by_id[units.item_id]) for units in parcel]
    about = [item for item in order.items if notification.subject_id in (order.id, item.id)]
    return [(item.quantity, item) for item in about]
