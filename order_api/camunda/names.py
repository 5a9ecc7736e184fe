"""Names shared with the models in `bpmn_models/`. A contract test checks that both sides agree.

Keys, topics and messages are kebab-case; codes and variables snake_case. Removing a name takes two releases,
because process instances that older code started still use it.
"""

from enum import StrEnum


class Process(StrEnum):
    ORDER_SUBMIT = "order-submit"
    ITEM_SHIP_TO_HOME = "item-ship-to-home"
    ITEM_UNROUTABLE = "item-unroutable"
    ORDER_REFUND = "order-refund"
    REFUND_PAID_TWICE = "refund-paid-twice"
    ORDER_RETURN = "order-return"


class Decision(StrEnum):
    FRAUD_DECISION = "fraud-decision"
    ITEM_FLOW = "item-flow"
    REFUND_APPROVAL = "refund-approval"
    RETURN_POLICY = "return-policy"
    RETURN_FEES = "return-fees"


class Topic(StrEnum):
    SCREEN_FRAUD = "screen-fraud"
    AUTHORIZE_PAYMENT = "authorize-payment"
    REAUTHORIZE_PAYMENT = "reauthorize-payment"
    CAPTURE_PAYMENT = "capture-payment"
    VOID_PAYMENT = "void-payment"
    WRITE_OFF = "write-off"
    GIVE_UP_PAYMENT = "give-up-payment"
    FREEZE_ORDER = "freeze-order"
    CLOSE_ORDER = "close-order"
    BEGIN_UNDO = "begin-undo"
    RESERVE_INVENTORY = "reserve-inventory"
    RELEASE_INVENTORY = "release-inventory"
    SEND_TO_FULFILLMENT = "send-to-fulfillment"
    CANCEL_FULFILLMENT = "cancel-fulfillment"
    CANCEL_ITEM = "cancel-item"
    CONFIRM_UNABLE_TO_SHIP = "confirm-unable-to-ship"
    CONFIRM_SHIPMENT = "confirm-shipment"
    CONFIRM_DELIVERY = "confirm-delivery"
    UPDATE_STATUS = "update-status"
    MARK_OVERDUE = "mark-overdue"
    RECORD_DECISION = "record-decision"
    NOTIFY_CUSTOMER = "notify-customer"
    JUDGE_REFUND = "judge-refund"
    GRANT_REFUND = "grant-refund"
    REFUSE_REFUND = "refuse-refund"
    REFUND = "refund"
    RETRY_REFUND = "retry-refund"
    REDIRECT_REFUND = "redirect-refund"
    BOOK_REFUND = "book-refund"
    EXPLAIN_SURPLUS = "explain-surplus"
    JUDGE_RETURN = "judge-return"
    APPROVE_RETURN = "approve-return"
    REFUSE_RETURN = "refuse-return"
    SETTLE_RETURN = "settle-return"
    EXPIRE_RETURN = "expire-return"
    DECIDE_RETURN = "decide-return"


class Message(StrEnum):
    """A message only wakes a flow; the task after the wait reads the fact from our database."""

    CANCEL_ORDER = "cancel-order"
    PAYMENT_METHOD_REPLACED = "payment-method-replaced"
    STOCK_ALLOCATED = "stock-allocated"
    ITEM_SHIPPED = "item-shipped"
    ITEM_UNABLE_TO_SHIP = "item-unable-to-ship"
    ITEM_DELIVERED = "item-delivered"
    PARCEL_LEFT = "parcel-left"
    PARCEL_SETTLED = "parcel-settled"
    REFUND_CANCELED = "refund-canceled"
    REFUND_DECIDED = "refund-decided"
    REFUND_BOOKED = "refund-booked"
    REFUND_SURPLUS_CHANGED = "refund-surplus-changed"
    RETURN_CHANGED = "return-changed"


BEGINS_PARCEL = frozenset({Message.PARCEL_LEFT})
"""Messages that start an event subprocess for each parcel; all others wake a waiting flow."""


class BpmnError(StrEnum):
    """Business errors a worker may throw; each needs a path in the model."""

    PAYMENT_DECLINED = "payment_declined"
    PAYMENT_EXPIRED = "payment_expired"
    OUT_OF_STOCK = "out_of_stock"
    BACKORDER_LIMIT_REACHED = "backorder_limit_reached"
    TOO_LATE = "too_late"
    REFUND_DECLINED = "refund_declined"


class Property(StrEnum):
    """Extension properties of service tasks, written by workflow designers."""

    ORDER_STATUS = "order-status"
    ORDER_STATUS_AFTER = "order-status-after"
    ITEM_STATUS = "item-status"
    ITEM_STATUS_AFTER = "item-status-after"
    STATUS_CATEGORY = "status-category"
    RETRIES = "retries"
    RETRY_PAUSES = "retry-pauses"
    LOCK_DURATION = "lock-duration"
    NOTICE = "notice"
    DECISION_OF = "decision-of"


DEPLOYMENT = "order-service"
"""Name and source of our deployments; a deployment from Modeler has a different name."""


class Group(StrEnum):
    """Camunda groups. In a company's own engine, users belong to groups with the same names."""

    CSR_ASSOCIATE = "csr-associate"
    CSR_ADMIN = "csr-admin"
    STORE_OPERATOR = "store-operator"
    OPERATOR = "operator"


TASKLIST_GROUPS = (Group.STORE_OPERATOR, Group.CSR_ASSOCIATE, Group.CSR_ADMIN)
"""The groups that work in queues."""
