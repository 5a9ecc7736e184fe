"""A customer says that goods will come back, or that they are here. The return takes their remedy (A3)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.bill.remedies import take_remedy
from order_api.orders import history, repository
from order_api.orders.models import Order, OrderItem
from order_api.proof.remaining import Range
from order_api.refunds.choose_units import UnitChooser
from order_api.refunds.ledgers import read_ledgers
from order_api.returns.errors import invalid
from order_api.returns.location import location_of
from order_api.returns.models import Return, ReturnLine, ReturnUnits
from order_api.returns.override import Override, read_override
from order_api.returns.process import start_process
from order_api.returns.repository import new_return
from order_api.returns.words import ComesBy
from order_api.stores.models import OrderCollection
from order_api.stores.reasons import Act, refuse_unoffered_reason
from order_api.words.events import Event


def announce_return(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> Return:
    """Raises MoreThanRemains where fewer units have left and carry no remedy yet."""
    order = repository.get_for_update(session, actor, order_id, Order.items, Order.tenders)
    chosen = chosen_units(session, order, UnitChooser(read_ledgers(session, order)), body["items"])
    overrides = overrides_of(actor, order, body)
    location = location_of(session, actor, order, body.get("location"))
    return_ = new_return(session, actor, order, ComesBy(body["comes_by"]), location)
    return_.comment = body.get("comment")
    for (item, ranges, reason), override in zip(chosen, overrides, strict=True):
        line = add_line(return_, item.id, reason, ranges)
        line.override = None if override is None else override.as_json()
    session.flush()
    take_remedy(session, order.id, return_.cause, {item.id: ranges for item, ranges, _ in chosen})
    _record(session, actor, order, return_, {item.line_id: ranges for item, ranges, _ in chosen})
    for (item, *_), override in zip(chosen, overrides, strict=True):
        if override is not None:
            history.record(
                session,
                order,
                Event.RETURN_OVERRIDDEN,
                actor,
                item_id=item.id,
                flows=[],
                reason=override.in_words(),
                subject=return_.subject,
            )
    start_process(session, order, return_)
    return return_


def chosen_units(
    session: Session, order: Order, chooser: UnitChooser, sent: Sequence[dict[str, Any]]
) -> list[tuple[OrderItem, Sequence[Range], str]]:
    """The units of each line and the reason, as a request names them. Raises ReturnInvalid and MoreThanRemains."""
    reasons = session.get_one(OrderCollection, order.collection_id).properties.reasons
    for each in sent:
        refuse_unoffered_reason(reasons, Act.RETURN, each["reason"])
    chosen = [(*chooser.chosen(each), str(each["reason"])) for each in sent]
    _refuse_what_is_named_twice([item.id for item, _, _ in chosen])
    return chosen


def overrides_of(actor: Actor, order: Order, body: dict[str, Any]) -> list[Override | None]:
    """Of each line of the request; that of the return counts where a line has none."""
    sent = [each.get("override") or body.get("override") for each in body["items"]]
    return [read_override(actor, order.currency, each) for each in sent]


def add_line(
    return_: Return, item_id: UUID, reason: str, ranges: Sequence[Range], *, is_announced: bool = True
) -> ReturnLine:
    line = ReturnLine(id=uuid4(), item_id=item_id, reason=reason, is_announced=is_announced)
    line.position = len(return_.lines) + 1
    line.units = [ReturnUnits(first_unit=first, quantity=quantity) for first, quantity in ranges]
    return_.lines.append(line)
    return line


def _refuse_what_is_named_twice(item_ids: Sequence[UUID]) -> None:
    if len(set(item_ids)) < len(item_ids):
        raise invalid("items", "Name each line once.")


def _record(
    session: Session, actor: Actor, order: Order, return_: Return, ranges: Mapping[str, Sequence[Range]]
) -> None:
    counts = {line_id: sum(quantity for _, quantity in own) for line_id, own in ranges.items()}
    units = ", ".join(f"{count} of line {line_id}" for line_id, count in counts.items())
    history.record(session, order, Event.RETURN_ANNOUNCED, actor, subject=return_.subject, details={"units": units})
