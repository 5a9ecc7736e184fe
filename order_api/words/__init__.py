"""Business words that schemas, tables, models and pages share. Each list is defined once, here.

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
    """In the order in which captures use them; refunds use the reverse order (R8)."""

    STORE_CREDIT = "store_credit"
    GIFT_CARD = "gift_card"
    CARD = "card"
    INVOICE = "invoice"


class CustomerType(StrEnum):
    """A registered customer has an id in the shop."""

    REGISTERED = "registered"
    GUEST = "guest"


class Category(StrEnum):
    """All that Python knows about a status; designers may name statuses freely."""

    OPEN = "open"
    FULFILLING = "fulfilling"
    DONE = "done"
    CANCELED = "canceled"
    RETURNED = "returned"


CLOSED = frozenset({Category.DONE, Category.CANCELED, Category.RETURNED})
"""An order or item in one of these categories is closed."""


class Role(StrEnum):
    """The role of a member of staff or a program; `access` maps roles to permissions."""

    ORDER_ADMIN = "order_admin"
    CSR_ADMIN = "csr_admin"
    CSR_ASSOCIATE = "csr_associate"
    STORE_OPERATOR = "store_operator"
    CHANNEL = "channel"
    WAREHOUSE = "warehouse"
    AUDITOR = "auditor"
