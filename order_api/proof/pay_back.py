"""To which captures money goes back (A8): tenders in reverse capture order, each to itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Captured:
    """A capture, in minor units. `given_back` counts pending refunds too."""

    id: UUID
    tender_id: UUID
    shipment_id: UUID | None
    amount: int
    given_back: int = 0

    @property
    def room(self) -> int:
        """Nothing, if a provider paid more back than it took."""
        return max(0, self.amount - self.given_back)


def pay_back(
    amount: int, parts: Mapping[UUID | None, int], captures: Sequence[Captured], tenders: Iterable[UUID]
) -> dict[UUID, int]:
    """What each capture gives back of `amount`, captures in the order they are served.

    `parts` says how much departed with each parcel, `captures` are oldest first, `tenders` in capture order. Raises
    ValueError if the captures do not have the amount.
    """
    if amount > sum(capture.room for capture in captures):
        raise ValueError(f"{amount} is more than the captures have left.")
    left, rows = dict(parts), dict[UUID, int]()
    for tender_id in reversed(list(tenders)):
        own = [capture for capture in captures if capture.tender_id == tender_id]
        of_tender = _of_tender(min(amount, sum(capture.room for capture in own)), left, own)
        amount -= sum(of_tender.values())
        rows |= of_tender
    return rows


def _of_tender(amount: int, left: dict[UUID | None, int], captures: Sequence[Captured]) -> dict[UUID, int]:
    """Each part goes on the captures of its parcel, in the order they were made; the rest on the newest with room.
    Lowers `left` by what is paid."""
    rows = {capture.id: 0 for capture in captures}
    for capture in captures:
        paid = max(0, min(amount, capture.room, left.get(capture.shipment_id, 0)))
        rows[capture.id] += paid
        amount -= paid
        if paid:
            left[capture.shipment_id] -= paid
    for capture in reversed(captures):
        paid = min(amount, capture.room - rows[capture.id])
        rows[capture.id] += paid
        amount -= paid
    return {id_: paid for id_, paid in rows.items() if paid}
