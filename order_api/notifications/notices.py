"""The notices a designer can name in a model's `notice` property; each is a template of the same name."""

from enum import StrEnum


class Notice(StrEnum):
    ORDER_CONFIRMED = "order_confirmed"
    ORDER_CANCELED = "order_canceled"
    ITEM_BACKORDERED = "item_backordered"
    ITEM_SHIPPED = "item_shipped"
    ITEM_CANCELED = "item_canceled"


PROMISES = frozenset({Notice.ORDER_CONFIRMED, Notice.ITEM_BACKORDERED})
"""Promises are not sent once a cancellation was requested; the other notices are facts and stay true."""

OF_THE_ORDER = frozenset({Notice.ORDER_CONFIRMED, Notice.ORDER_CANCELED})
