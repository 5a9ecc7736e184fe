"""Sends one stored mail. The relay calls it, and calls it again when the outcome is unknown."""

from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.bill.read import bill_of, due_around
from order_api.core import clock, money
from order_api.core.errors import RefusedForGood
from order_api.core.outside import OutsideCall, Story
from order_api.core.settings import settings
from order_api.integrations.mail.port import MailRefused
from order_api.integrations.mail.registry import carrier
from order_api.notifications.models import Notification
from order_api.notifications.notices import RETURN_NOTICES, Notice
from order_api.notifications.refund_mail import what_failed, what_was_paid_back
from order_api.notifications.render import render
from order_api.notifications.return_mail import what_comes_back
from order_api.orders import history, repository
from order_api.orders.models import Order, OrderItem, Tender
from order_api.orders.units import canceled_units, shipped_units, units_in_parcel
from order_api.payments.hold import has_held_money
from order_api.payments.models import PaymentTransaction
from order_api.shipments.models import Shipment
from order_api.words.events import Event


class NoticeRefused(RefusedForGood):
    """The carrier will never accept the mail; customer service has to reach the customer in another way."""


TAKEN = "taken"
"""The reply for an accepted mail; any other reply is the reason why the carrier refuses it for good."""


@dataclass
class MailCall(OutsideCall[str]):
    """Hands one mail to the carrier. `text` is its subject line and its body.

    Mail servers offer no look-up: a mail whose answer was lost is sent again under its Message-ID (J7).
    """

    actor: Actor
    notification: Notification
    text: str
    is_last = True

    @property
    def system(self) -> str:
        return "the mail carrier"

    def make(self) -> str:
        try:
            carrier().send(_message(self.notification, self.text))
        except MailRefused as refused:
            return str(refused)
        return TAKEN

    def settle(self, session: Session, reply: str) -> NoticeRefused | None:
        if reply == TAKEN:
            session.get_one(Notification, self.notification.id).sent_at = clock.now()
            return None
        _record_refusal(session, self.actor, self.notification, reply)
        return NoticeRefused(reply)


@dataclass
class SendNotification(Story):
    """Does not resend an accepted mail. Ends with NoticeRefused, which the history records, if the carrier refuses the
    mail for good."""

    actor: Actor
    notification_id: UUID

    def ask(self, session: Session) -> MailCall | None:
        notification = session.get_one(Notification, self.notification_id)
        if notification.sent_at is not None:
            return None
        order = repository.get_with(session, self.actor, notification.order_id, Order.items)
        return MailCall(self.actor, notification, _text(session, order, notification))


def _record_refusal(session: Session, actor: Actor, notification: Notification, answer: str) -> None:
    """Records the refusal once, even if the relay died before it closed the row and the mail was refused again."""
    about = {"notice": notification.notice, "notification_id": notification.id}
    order = repository.get_for_update(session, actor, notification.order_id)
    if not history.is_recorded(session, order.id, Event.NOTICE_NOT_SENT, about):
        details = about | {"answer": answer}
        history.record(session, order, Event.NOTICE_NOT_SENT, actor, reason="mail_refused", details=details)


def _message(notification: Notification, text: str) -> EmailMessage:
    subject, _, body = text.partition("\n")
    message = EmailMessage()
    message["Message-ID"] = notification.message_id
    message["Date"] = format_datetime(notification.created_at)
    message["From"], message["To"], message["Subject"] = settings().mail_from, _recipient(notification), subject.strip()
    message.set_content(body.lstrip("\n"))
    return message


def _recipient(notification: Notification) -> Address:
    """Parses exactly one address, so mail programs cannot read it as another. Raises MailRefused for anything else."""
    try:
        return Address(addr_spec=notification.recipient)
    except ValueError:
        raise MailRefused("The e-mail address is not valid in a mail header.") from None


def _text(session: Session, order: Order, notification: Notification) -> str:
    return render(Notice(notification.notice), _variables(session, order, notification))


def _variables(session: Session, order: Order, notification: Notification) -> dict[str, object]:
    variables: dict[str, object] = {"order": order, "items": _items(session, order, notification)}
    if more := MORE.get(Notice(notification.notice)):
        variables |= more(session, order, notification.about_id)
    return variables


def _what_it_costs(session: Session, order: Order, _about_id: UUID) -> dict[str, object]:
    return {"due": money.with_currency(bill_of(session, order).due, order.currency)}


def _what_it_changed(session: Session, order: Order, about_id: UUID) -> dict[str, object]:
    before, after = (money.with_currency(due, order.currency) for due in due_around(session, order, about_id))
    return {"due_before": before, "due_after": after}


def _whether_held(session: Session, order: Order, _about_id: UUID) -> dict[str, object]:
    return {"is_held": has_held_money(session, order.id)}


def _what_was_declined(session: Session, order: Order, about_id: UUID) -> dict[str, object]:
    row = session.get_one(PaymentTransaction, about_id)
    tender = session.get_one(Tender, row.tender_id)
    return {"amount": money.with_currency(row.amount, order.currency), "tender": tender.name}


def _shipment(session: Session, _order: Order, about_id: UUID) -> dict[str, object]:
    return {"shipment": session.get(Shipment, about_id)}


MORE: dict[Notice, Callable[[Session, Order, UUID], dict[str, object]]] = {
    Notice.ORDER_CONFIRMED: _what_it_costs,
    Notice.ITEM_CANCELED: _what_it_changed,
    Notice.ORDER_CANCELED: _whether_held,
    Notice.ITEM_SHIPPED: _shipment,
    Notice.PAYMENT_DECLINED: _what_was_declined,
    Notice.REFUND_ON_ITS_WAY: what_was_paid_back,
    Notice.REFUND_PAID: what_was_paid_back,
    Notice.REFUND_FAILED: what_failed,
    **dict.fromkeys(RETURN_NOTICES, what_comes_back),
}
"""What the mail of a notice says besides the order and the items."""


def _items(session: Session, order: Order, notification: Notification) -> list[tuple[int, OrderItem]]:
    """Quantity and item of each line that the notice is about."""
    by_id = {item.id: item for item in order.items}
    parcel = units_in_parcel(shipped_units(session, order.id), notification.about_id)
    if parcel:
        return [(quantity, by_id[item_id]) for item_id, quantity in parcel.items()]
    canceled = [units for units in canceled_units(session, order.id) if units.cancellation_id == notification.about_id]
    if canceled:
        return [(units.quantity, by_id[units.item_id]) for units in canceled]
    about = [item for item in order.items if notification.about_id in (order.id, item.id)]
    # Units canceled before the mail is sent will not come.
    return [(coming, item) for item in about if (coming := item.quantity - item.canceled_quantity)]
