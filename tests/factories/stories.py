"""Runs stories to their end without the runtime; raises the refusal that a story ends with."""

from uuid import UUID

from order_api.access.actor import Actor
from order_api.cancellations import begin_undo as undo
from order_api.cancellations.cancel_items import CancelItems
from order_api.core.database import transaction
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.payments import give_up
from order_api.payments.authorize import AuthorizePayment
from order_api.payments.void import VoidPayment
from order_api.reservations import reserve
from order_api.settlement.close_order import CloseOrder
from order_api.settlement.settle_parcel import SettleParcel
from order_api.shipments.recall import RecallGoods


def _raise(answer: ServiceError | None) -> None:
    if answer is not None:
        raise answer


def authorize_payment(actor: Actor, order_id: UUID, task_id: str, *, retry: bool = False) -> None:
    _raise(run(AuthorizePayment(actor, order_id, task_id, retry=retry)).refusal)


def settle_parcel(actor: Actor, order_id: UUID, shipment_id: UUID | None, task_id: str, *, retry: bool = False) -> None:
    _raise(run(SettleParcel(actor, order_id, task_id, shipment_id, retry=retry)).refusal)


def close_order(actor: Actor, order_id: UUID, task_id: str = "close") -> bool:
    """Returns whether the order is settled: an order with an unpaid parcel stays open."""
    story = run(CloseOrder(actor, order_id, task_id))
    _raise(story.refusal)
    return story.is_settled


def void_payment(actor: Actor, order_id: UUID, task_id: str) -> None:
    _raise(run(VoidPayment(actor, order_id, task_id)).refusal)


def give_up_payment(actor: Actor, order_id: UUID) -> bool:
    with transaction() as session:
        return give_up.give_up_payment(session, actor, order_id)


def begin_undo(actor: Actor, order_id: UUID) -> None:
    with transaction() as session:
        undo.begin_undo(session, actor, order_id)


def recall_goods(actor: Actor, order_id: UUID, item_id: UUID | None = None) -> None:
    _raise(run(RecallGoods(actor, order_id, item_id)).refusal)


def cancel_items(actor: Actor, order_id: UUID, item_id: UUID | None = None) -> bool:
    """Returns whether some of the units had shipped."""
    return run(CancelItems(actor, order_id, item_id)).has_shipped


def reserve_item(actor: Actor, order_id: UUID, item_id: UUID) -> None:
    with transaction() as session:
        answer = reserve.reserve_item(session, actor, order_id, item_id)
    _raise(answer)
