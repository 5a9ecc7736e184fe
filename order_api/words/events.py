"""The facts in an order's history, each with the sentence shown to people."""

from enum import StrEnum
from typing import Self


class Event(StrEnum):
    """The value is the name in the API and in the database; the console shows `sentence`."""

    sentence: str

    def __new__(cls, name: str, sentence: str) -> Self:
        event = str.__new__(cls, name)
        event._value_, event.sentence = name, sentence
        return event

    ORDER_PLACED = "order.placed", "Order placed"
    ORDER_STATUS_CHANGED = "order.status_changed", "Order status"
    ORDER_FROZEN = "order.frozen", "Order locked for changes"
    ORDER_CANCEL_REQUESTED = "order.cancel_requested", "Cancellation requested"
    ORDER_GIVEN_UP = "order.given_up", "Order abandoned by the flow"
    ORDER_OVERDUE = "order.overdue", "Overdue"
    ORDER_OVERDUE_ENDED = "order.overdue_ended", "No longer overdue"

    ITEM_STATUS_CHANGED = "item.status_changed", "Item status"
    ITEM_RESERVED = "item.reserved", "Stock reserved"
    ITEM_BACKORDERED = "item.backordered", "Out of stock, backordered"
    ITEM_RESERVATION_REFUSED = "item.reservation_refused", "No stock"
    ITEM_RESERVATION_RELEASED = "item.reservation_released", "Stock released"
    ITEM_STOCK_TAKEN = "item.stock_taken", "Stock taken off the shelf"
    ITEM_SENT_TO_FULFILLMENT = "item.sent_to_fulfillment", "Sent to the warehouse"
    ITEM_RECALLED = "item.recalled", "Recalled from the warehouse"
    ITEM_RECALL_TOO_LATE = "item.recall_too_late", "Too late to recall: already shipped"
    ITEM_STOCK_ALLOCATED = "item.stock_allocated", "Stock arrived for the item"
    ITEM_UNABLE_TO_SHIP = "item.unable_to_ship", "Cannot be shipped"
    ITEM_SHIPPED = "item.shipped", "Shipped"
    ITEM_DELIVERED = "item.delivered", "Delivered"
    ITEM_LOST = "item.lost", "Lost on the way"
    ITEM_CANCELED = "item.canceled", "Item canceled"
    ORDER_UNITS_CANCELED = "order.units_canceled", "Units canceled"
    ORDER_UNITS_ASKED_BACK = "order.units_asked_back", "Units asked back from the warehouse"

    PARCEL_LEFT = "parcel.left", "Parcel left"
    PARCEL_SETTLED = "parcel.settled", "Parcel settled"

    PAYMENT_AUTHORIZED = "payment.authorized", "Payment authorized"
    PAYMENT_CAPTURED = "payment.captured", "Payment captured"
    PAYMENT_VOIDED = "payment.voided", "Payment voided"
    PAYMENT_EXPIRED = "payment.expired", "Authorization expired"
    PAYMENT_AUTHORIZE_DECLINED = "payment.authorize_declined", "Authorization declined"
    PAYMENT_CAPTURE_DECLINED = "payment.capture_declined", "Capture declined"
    PAYMENT_VOID_DECLINED = "payment.void_declined", "Void declined"
    PAYMENT_AUTHORIZE_LOST = "payment.authorize_lost", "Authorization never arrived"
    PAYMENT_CAPTURE_LOST = "payment.capture_lost", "Capture never arrived"
    PAYMENT_VOID_LOST = "payment.void_lost", "Void never arrived"
    PAYMENT_WRITTEN_OFF = "payment.written_off", "Written off"
    PAYMENT_WRITE_OFF_REVERSED = "payment.write_off_reversed", "Write-off reversed"
    PAYMENT_REFUNDED = "payment.refunded", "Paid back"
    PAYMENT_REFUND_PENDING = "payment.refund_pending", "Refund taken by the payment provider"
    PAYMENT_REFUND_DECLINED = "payment.refund_declined", "Refund refused by the payment provider"
    PAYMENT_REFUND_LOST = "payment.refund_lost", "Refund never arrived at the payment provider"
    PAYMENT_METHOD_REPLACED = "payment.method_replaced", "New payment method"

    PAYMENT_REFUND_FAILED = "payment.refund_failed", "Refund sent back by the bank"
    PAYMENT_REFUND_DECIDED = "payment.refund_decided", "The payment provider decided about a refund"
    REFUND_REQUESTED = "refund.requested", "Refund asked for"
    REFUND_NEEDS_APPROVAL = "refund.needs_approval", "Refund needs approval"
    REFUND_GRANTED = "refund.granted", "Refund granted"
    REFUND_REFUSED = "refund.refused", "Refund refused"
    REFUND_CANCELED = "refund.canceled", "Refund canceled"
    REFUND_TRIED_AGAIN = "refund.tried_again", "Refund tried again"
    REFUND_MOVED_OUTSIDE = "refund.moved_outside", "Refund to be paid outside"
    REFUND_BOOKED = "refund.booked", "Refund paid outside"
    REFUND_PAID = "refund.paid", "Refund paid"
    REFUND_PAID_TWICE = "refund.paid_twice", "Refund paid twice"
    REFUND_SURPLUS_CHANGED = "refund.surplus_changed", "Surplus of a refund changed"
    REFUND_SURPLUS_CAME_BACK = "refund.surplus_came_back", "Second payment of a refund came back"

    RETURN_ANNOUNCED = "return.announced", "Return announced"
    RETURN_OVERRIDDEN = "return.overridden", "Decided otherwise than the tables of returns"
    RETURN_NEEDS_APPROVAL = "return.needs_approval", "Return needs approval"
    RETURN_APPROVED = "return.approved", "Return approved"
    RETURN_REFUSED = "return.refused", "Return refused"
    RETURN_CANCELED = "return.canceled", "Return canceled"
    RETURN_EXPIRED = "return.expired", "Return expired: goods did not arrive in time"
    RETURN_SCANNED = "return.scanned", "Return scanned by the carrier"
    RETURN_COMPLETED = "return.completed", "Return completed"
    RETURN_RECEIVED = "return.received", "Returned goods received"
    RETURN_JUDGED = "return.judged", "Verdict about returned goods"
    ITEM_RETURNED = "item.returned", "Came back"

    FRAUD_SCREENED = "fraud.screened", "Screened for fraud"
    NOTICE_WRITTEN = "notice.written", "Customer notified by e-mail"
    NOTICE_NOT_SENT = "notice.not_sent", "Customer not notified"
    NOTE_ADDED = "note.added", "Note added"
    DECISION_TAKEN = "decision.taken", "Decision taken"
    DECISION_REFUSED = "decision.refused", "Decision refused"
