"""The trade's words that schemas, tables, models and pages share. Each list stands here once.

Packages add tender types by registering a payment adapter (`integrations.payment.tender_types`).
"""

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


class CustomerType(StrEnum):
    """A registered customer has an id in the shop."""

    REGISTERED = "registered"
    GUEST = "guest"


class Category(StrEnum):
    """What Python knows of a status, whatever a designer calls it."""

    OPEN = "open"
    FULFILLING = "fulfilling"
    DONE = "done"
    CANCELED = "canceled"
    RETURNED = "returned"


CLOSED = frozenset({Category.DONE, Category.CANCELED, Category.RETURNED})
"""An order or item with a status of these is over."""


class Role(StrEnum):
    """What a member of staff or a program may do; `access` says which permissions that means."""

    ORDER_ADMIN = "order_admin"
    CSR_ADMIN = "csr_admin"
    CSR_ASSOCIATE = "csr_associate"
    STORE_OPERATOR = "store_operator"
    CHANNEL = "channel"
    WAREHOUSE = "warehouse"
    AUDITOR = "auditor"
