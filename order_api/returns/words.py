"""The words of a return: its states, how goods come, what becomes of them."""

from enum import StrEnum


class ReturnState(StrEnum):
    """`announced` until the policy has answered; `expected` while goods may come; `in_transit` once a carrier has
    scanned them; `received` when some have come and not all is settled. The others are over."""

    ANNOUNCED = "announced"
    NEEDS_APPROVAL = "needs_approval"
    EXPECTED = "expected"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    COMPLETED = "completed"
    REFUSED = "refused"
    CANCELED = "canceled"
    EXPIRED = "expired"


OPEN = (
    ReturnState.ANNOUNCED,
    ReturnState.NEEDS_APPROVAL,
    ReturnState.EXPECTED,
    ReturnState.IN_TRANSIT,
    ReturnState.RECEIVED,
)


class ComesBy(StrEnum):
    """`parcel`: a carrier brings it. `store`: the customer hands it over. `here`: it has come already."""

    PARCEL = "parcel"
    STORE = "store"
    HERE = "here"


class Verdict(StrEnum):
    """`pending` until a person has looked. `quarantine`: it may be sold later. `sent_back`: it goes to the customer,
    who gets no money for it."""

    PENDING = "pending"
    RESELLABLE = "resellable"
    QUARANTINE = "quarantine"
    SCRAP = "scrap"
    SENT_BACK = "sent_back"


class RefundWhen(StrEnum):
    """At which step of the return its money goes back."""

    AT_ONCE = "at_once"
    CARRIER_SCAN = "carrier_scan"
    RECEIVED = "received"
    INSPECTED = "inspected"


class Decision(StrEnum):
    """The policy's answer about a line."""

    ACCEPT = "accept"
    APPROVE = "approve"
    REFUSE = "refuse"


class ShippingBack(StrEnum):
    """How much of the outbound shipping goes back once a whole ship group has come back; `all_at_once` with the first
    goods, although others of the group stay."""

    NONE = "none"
    STANDARD = "standard"
    ALL = "all"
    ALL_AT_ONCE = "all_at_once"
