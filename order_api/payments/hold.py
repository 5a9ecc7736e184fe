"""How much of what is due each means of payment pays: in capture order (R8), each up to its amount."""

from collections import Counter
from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.core.outside import CallStatus
from order_api.integrations.payment.tender_types import token_types
from order_api.orders.models import Order, Tender
from order_api.outbox import wake_ups
from order_api.outbox.subjects import Flow
from order_api.payments.balance import MAY_BE_DONE, balance
from order_api.payments.ledger import Rows, done, holding, latest, left_of, rows_of
from order_api.payments.models import GIVES_BACK, USES_UP, PaymentTransaction, TransactionKind
from order_api.words.events import Event


def amounts_to_hold(session: Session, order: Order, rows: Rows) -> dict[UUID, int]:
    """By tender, what an authorization asked for now holds: neither units canceled before nor what a refund paid twice.
    Tenders are loaded."""
    sums = balance(session, order, rows, MAY_BE_DONE)
    needed = min(sums.outstanding, sums.to_capture + sum(sums.unpaid.values()))
    return {tender.id: share for tender, share in shares(order, rows, needed)}


def declined_authorizations(rows: Rows) -> Rows:
    """The last authorization of each tender, if it was declined."""
    tenders = dict.fromkeys(row.tender_id for row in rows)
    last = [latest(rows, TransactionKind.AUTHORIZE, tender_id) for tender_id in tenders]
    return [row for row in last if row is not None and row.status == CallStatus.DECLINED]


def needs_declined(session: Session, order: Order, rows: Rows) -> bool:
    """Whether something is due that only a declined authorization would pay. Loads the tenders."""
    declined = {row.tender_id for row in declined_authorizations(rows)}
    if not declined:
        return False
    session.refresh(order, ["tenders"])
    return any(amount for id_, amount in amounts_to_hold(session, order, rows).items() if id_ in declined)


def flows_without_payment(order: Order) -> list[Flow]:
    """The flows that may wait for a means of payment: of the order until it is frozen, then of each item that is not
    released for want of money. The order's items are loaded."""
    if order.frozen_at is None:
        return [None]
    return [item.id for item in order.items if item.awaits_payment_since is not None]


def let_items_go(session: Session, order: Order) -> None:
    """Wakes the items that wait for a means of payment once nothing needs the declined one any more. The order is
    locked, its items are loaded."""
    flows = flows_without_payment(order) if order.frozen_at is not None else []
    if flows and not needs_declined(session, order, rows_of(session, order.id)):
        wake_ups.wake(session, order.number, Event.PAYMENT_METHOD_REPLACED, flows)


def has_held_money(session: Session, order_id: UUID) -> bool:
    """Whether money was ever held for the order. An invoice holds none."""
    held = select(PaymentTransaction.id).join(Tender, Tender.id == PaymentTransaction.tender_id)
    held = held.where(PaymentTransaction.order_id == order_id, Tender.type.in_(token_types()))
    is_done = PaymentTransaction.kind == TransactionKind.AUTHORIZE, PaymentTransaction.status == CallStatus.DONE
    return session.scalar(held.where(*is_done).limit(1)) is not None


def shares(order: Order, rows: Rows, amount: int) -> list[tuple[Tender, int]]:
    """What each active tender pays of this amount, in capture order (R8). What no tender covers is paid again by those
    that were given money back, or by those that replaced them: a parcel was captured twice, and the excess went back.
    """
    active = [tender for tender in in_capture_order(order) if tender.is_active]
    paid = dict.fromkeys((tender.id for tender in active), 0)
    rooms = [(tender, _available(tender, rows)) for tender in active]
    rooms += [(t, sum(_given_back(each, rows) for each in _with_replaced(order, t))) for t in active]
    for tender, room in rooms:
        share = max(0, min(room, amount))
        paid[tender.id] += share
        amount -= share
    return [(tender, paid[tender.id]) for tender in active]


def _with_replaced(order: Order, tender: Tender) -> Iterator[Tender]:
    """The tender, and those whose place it has taken."""
    yield tender
    for earlier in order.tenders:
        if earlier.replaced_by_id == tender.id:
            yield from _with_replaced(order, earlier)


def unused(tender: Tender, rows: Rows) -> int:
    """The tender's amount less what was captured and what is written off of a parcel. An open request counts as
    captured."""
    own = [row for row in rows if row.kind == TransactionKind.CAPTURE or row.shipment_id is not None]
    return tender.amount - _sum(tender, own, USES_UP) + _sum(tender, own, [TransactionKind.WRITE_OFF_REVERSED])


def _available(tender: Tender, rows: Rows) -> int:
    """At most what the tender's authorization still holds, while it has one."""
    if not holding(rows, tender.id):
        return unused(tender, rows)
    left = sum(left_of(rows, row, MAY_BE_DONE) for row in holding(rows, tender.id))
    return min(unused(tender, rows), left)


def _given_back(tender: Tender, rows: Rows) -> int:
    """What went back of parcels that were captured more than once on the tender."""
    captures = done(rows, TransactionKind.CAPTURE, tender.id)
    times = Counter(row.shipment_id for row in captures)
    repeated = {row.id for row in captures if times[row.shipment_id] > 1}
    gone = [row for kind in GIVES_BACK for row in done(rows, kind, tender.id)]
    return sum(row.amount for row in gone if row.parent_id in repeated)


def _sum(tender: Tender, rows: Rows, kinds: Collection[TransactionKind]) -> int:
    own = [row for row in rows if row.tender_id == tender.id and row.kind in kinds and row.status in MAY_BE_DONE]
    return sum(row.amount for row in own)


def in_capture_order(order: Order) -> list[Tender]:
    """All tenders, also replaced ones. A new tender takes the place of the one that it replaces."""
    replaces = {tender.replaced_by_id: tender for tender in order.tenders if tender.replaced_by_id}

    def rank(tender: Tender) -> tuple[int, int]:
        by_type, position = tender.capture_rank
        earlier = replaces.get(tender.id)
        return by_type, rank(earlier)[1] if earlier else position

    return sorted(order.tenders, key=rank)
