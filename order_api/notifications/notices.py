"""The notices a designer can name in a model's `notice` property; each is a template of the same name."""

from enum import StrEnum


class Notice(StrEnum):
    ORDER_CONFIRMED = "order_confirmed"
    ORDER_CANCELED = "order_canceled"
    ITEM_BACKORDERED = "item_backordered"
    ITEM_SHIPPED = "item_shipped"
    ITEM_CANCELED = "item_canceled"
    PAYMENT_DECLINED = "payment_declined"
    REFUND_ON_ITS_WAY = "refund_on_its_way"
    REFUND_PAID = "refund_paid"
    REFUND_FAILED = "refund_failed"
    RETURN_ANNOUNCED = "return_announced"
    RETURN_APPROVED = "return_approved"
    RETURN_REFUSED = "return_refused"
    RETURN_REMINDER = "return_reminder"
    RETURN_RECEIVED = "return_received"
    RETURN_DIFFERS = "return_differs"
    RETURN_EXPIRED = "return_expired"


NOT_AFTER_CANCEL = frozenset({Notice.ORDER_CONFIRMED, Notice.ITEM_BACKORDERED, Notice.PAYMENT_DECLINED})
"""Notices that promise something, so they are not sent for a called-off or closed order. The others state facts, which
stay true."""

REFUND_NOTICES = frozenset({Notice.REFUND_ON_ITS_WAY, Notice.REFUND_PAID, Notice.REFUND_FAILED})
"""Notices about a refund; each needs money that went back."""

RETURN_NOTICES = frozenset(notice for notice in Notice if notice.startswith("return_"))
"""Notices about a return. A notice that goods have come, or are unknown, is about their receipt."""

ORDER_NOTICES = frozenset({Notice.ORDER_CONFIRMED, Notice.ORDER_CANCELED})
