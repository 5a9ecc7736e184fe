"""What the mails about a return say, and which of them still have something to say."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.notifications.notices import Notice
from order_api.orders.models import Order
from order_api.orders.repository import item_of
from order_api.returns.models import Return, ReturnLine, ReturnReceipt, ReturnUnits
from order_api.returns.policy import FeeAnswer, PolicyAnswer
from order_api.returns.reckon import fees_borne
from order_api.returns.repository import receipts_of
from order_api.returns.units import is_to_come
from order_api.returns.words import ReturnState
from order_api.stores.models import OrderCollection


def what_return_notice_is_about(session: Session, notice: Notice, return_id: UUID) -> list[UUID]:
    """The return or its receipts; empty if the notice would say what is not so any more."""
    return_ = session.get_one(Return, return_id)
    if notice in OF_RECEIPTS:
        return [receipt.id for receipt in receipts_of(session, return_) if OF_RECEIPTS[notice](return_, receipt)]
    is_so = STILL_SO.get(notice)
    return [return_id] if is_so is None or is_so(return_) else []


def _holds_goods(return_: Return, receipt: ReturnReceipt) -> bool:
    return any(row.receipt_id == receipt.id for line in return_.lines for row in line.units)


OF_RECEIPTS: Mapping[Notice, Callable[[Return, ReturnReceipt], bool]] = {
    Notice.RETURN_RECEIVED: _holds_goods,
    Notice.RETURN_DIFFERS: lambda _return, receipt: receipt.unknown is not None,
}
STILL_SO: Mapping[Notice, Callable[[Return], bool]] = {
    Notice.RETURN_ANNOUNCED: lambda return_: return_.state == ReturnState.NEEDS_APPROVAL,
    Notice.RETURN_REMINDER: lambda return_: return_.state == ReturnState.EXPECTED,
    Notice.RETURN_REFUSED: lambda return_: any(_is_refused(line) for line in return_.lines),
    Notice.RETURN_APPROVED: lambda return_: any(line.is_allowed for line in return_.lines),
    Notice.RETURN_EXPIRED: lambda return_: return_.state != ReturnState.CANCELED and _lacks_goods(return_),
}


def _lacks_goods(return_: Return) -> bool:
    return any(_is_lost(row) for line in return_.lines for row in line.units)


def _is_refused(line: ReturnLine) -> bool:
    """By a table or a person; goods that a refund has paid before are none of both."""
    return line.is_allowed is False and line.policy is not None


def _is_lost(row: ReturnUnits) -> bool:
    """Goods that were allowed and have not come in time."""
    return bool(row.line.is_allowed) and row.receipt_id is None and row.released_at is not None


def what_comes_back(session: Session, order: Order, about_id: UUID) -> dict[str, object]:
    """`about_id` is a return or a receipt."""
    receipt = session.get(ReturnReceipt, about_id)
    return_ = session.get_one(Return, receipt.return_id if receipt else about_id)
    lines = return_.lines
    return {
        "number": return_.number,
        "comes_by": return_.comes_by,
        "last_day": _in_words(return_.last_day),
        "coming": _counted(order, lines, lambda row: bool(row.line.is_allowed) and row.is_expected and not _keeps(row)),
        "kept": _counted(order, lines, lambda row: bool(row.line.is_allowed) and _keeps(row)),
        "refused": _refused(order, lines),
        "all": _counted(order, lines, lambda row: row.line.is_announced),
        "arrived": _counted(order, lines, lambda row: receipt is not None and row.receipt_id == receipt.id),
        "missing": _counted(order, lines, lambda row: bool(row.line.is_allowed) and is_to_come(row)),
        "lost": _counted(order, lines, _is_lost),
        "unknown": receipt.unknown if receipt else None,
        "reason": return_.decision_reason,
        "fees": _fees(session, order, return_),
    }


def _counted(order: Order, lines: Iterable[ReturnLine], wanted: Callable[[ReturnUnits], bool]) -> list[tuple[int, str]]:
    """How many units of which goods, in the order of the return."""
    counts = Counter[UUID]()
    for line in lines:
        counts[line.item_id] += sum(row.quantity for row in line.units if wanted(row))
    return [(count, item_of(order, item_id).name) for item_id, count in counts.items() if count]


def _keeps(row: ReturnUnits) -> bool:
    return row.line.policy is not None and PolicyAnswer.from_json(row.line.policy).goods_kept


def _refused(order: Order, lines: Iterable[ReturnLine]) -> list[tuple[int, str, str | None]]:
    return [
        (sum(row.quantity for row in line.units), item_of(order, line.item_id).name, _words(line))
        for line in lines
        if _is_refused(line)
    ]


def _words(line: ReturnLine) -> str | None:
    return PolicyAnswer.from_json(line.policy).words if line.policy is not None else None


def _fees(session: Session, order: Order, return_: Return) -> list[str]:
    reasons = session.get_one(OrderCollection, order.collection_id).properties.reasons
    words = dict[str, None]()
    for line in return_.lines:
        fees = [FeeAnswer.from_json(fee) for fee in line.fees or ()] if line.is_allowed else []
        words |= dict.fromkeys(fee.words for fee in fees_borne(reasons, line.reason, fees))
    return list(words)


def _in_words(day: date | None) -> str | None:
    return f"{day:%-d %B %Y}" if day else None
