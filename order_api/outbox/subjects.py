"""What the processes and the rows of the outbox are about."""

from dataclasses import dataclass
from uuid import UUID

ORDER = "order"
"""The subject kind of an order. A slice names the kind of its own subjects."""


@dataclass(frozen=True)
class Subject:
    """What a process is about. `number` is public: the order's number, or one that begins with it, such as `…-R1`."""

    kind: str
    id: UUID
    order_id: UUID
    number: str

    @classmethod
    def of_order(cls, order_id: UUID, number: str) -> "Subject":
        return cls(ORDER, order_id, order_id, number)

    @property
    def is_order(self) -> bool:
        """Whether the subject is the order itself and not, for example, a return of it."""
        return self.kind == ORDER


@dataclass(frozen=True)
class Parcel:
    """A parcel of an order, which the order's process settles in a flow of its own."""

    shipment_id: UUID


Flow = UUID | Parcel | None
"""A flow that a message wakes: of the item with this id, of a parcel, or the subject's own (None)."""


def flow_of(item_id: UUID | None, shipment_id: UUID | None) -> Flow:
    return item_id if shipment_id is None else Parcel(shipment_id)


def ids_of(flow: Flow) -> tuple[UUID | None, UUID | None]:
    """The ids of the item and of the shipment that the flow is about."""
    return (None, flow.shipment_id) if isinstance(flow, Parcel) else (flow, None)
