"""What an act that lowers the bill does to the money (A1, A8, A11): one pure function for preview and execution."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from order_api.proof.bill import Balance
from order_api.proof.fees import TakenFee
from order_api.proof.give_up import Taken
from order_api.proof.pay_back import Captured, pay_back


@dataclass(frozen=True)
class Settlement:
    """What becomes of the amount that is taken off the bill: it ends what is unpaid, then what was written off; only
    the rest is refunded. `rows` says how much of it each capture gives back."""

    ends_unpaid: int
    ends_written_off: int
    paid_back: int
    rows: Mapping[UUID, int]


def settle(
    taken: Sequence[Taken],
    balance: Balance,
    captures: Sequence[Captured],
    tenders: Sequence[UUID],
    *,
    fees: Sequence[TakenFee] = (),
    excess: int = 0,
) -> Settlement:
    """`balance` counts pending refunds as refunded. `tenders` are in capture order, `captures` oldest first.

    `fees` lower what goes back. Of money that was captured beyond what is owed, at most `excess` goes back too.
    """
    amount = sum(part.parts.gross for part in taken) - sum(fee.amount for fee in fees)
    owed = balance.outstanding - balance.to_capture
    ends_unpaid = min(amount, max(0, owed))
    ends_written_off = min(amount - ends_unpaid, max(0, balance.written_off))
    paid_back = amount - ends_unpaid - ends_written_off + min(excess, max(0, -owed))
    parts = Counter[UUID | None]()
    for part in taken:
        parts[part.of.shipment_id] += part.parts.gross
    return Settlement(ends_unpaid, ends_written_off, paid_back, pay_back(paid_back, parts, captures, tenders))
