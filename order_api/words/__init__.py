"""The trade's words that schemas, tables, models and pages share. Each list stands here once."""

from enum import StrEnum


class Channel(StrEnum):
    WEB = "web"
    MOBILE = "mobile"
    POS = "pos"
    PHONE = "phone"
    WALK_IN = "walk_in"
    IOT = "iot"
    MARKETPLACE = "marketplace"


class FulfillmentType(StrEnum):
    SHIP_TO_HOME = "ship_to_home"
    SHIP_TO_STORE = "ship_to_store"
    STORE_PICKUP = "store_pickup"
    DIGITAL = "digital"


class TenderType(StrEnum):
    """In the order in which a capture takes them; a refund goes the other way (R8)."""

    STORE_CREDIT = "store_credit"
    GIFT_CARD = "gift_card"
    CARD = "card"
    INVOICE = "invoice"


class Category(StrEnum):
    """What Python knows of a status, whatever a designer calls it."""

    OPEN = "open"
    FULFILLING = "fulfilling"
    DONE = "done"
    CANCELED = "canceled"
    RETURNED = "returned"
