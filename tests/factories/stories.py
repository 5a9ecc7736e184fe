"""Runs stories to their end without the runtime; raises the refusal that a story ends with."""

from uuid import UUID

from order_api.access.actor import Actor
from order_api.cancellations.cancel_item import CancelItem
from order_api.core.database import transaction
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.payments import give_up
from order_api.payments.authorize import AuthorizePayment
from order_api.payments.capture import CapturePayment
from order_api.payments.close import CloseOrder
from order_api.payments.void import VoidPayment
from order_api.reservations import reserve


def _raise(answer: ServiceError | None) -> None:
    if answer is not None:
        raise answer


def authorize_payment(actor: Actor, order_id: UUID, task_id: str, *, retry: bool = False) -> None:
    _raise(run(AuthorizePayment(actor, order_id, task_id, retry=retry)).refusal)


def capture_payment(actor: Actor, order_id: UUID, item_id: UUID | None, task_id: str, *, retry: bool = False) -> None:
    _raise(run(CapturePayment(actor, order_id, task_id, item_id, retry=retry)).refusal)


def close_payment(actor: Actor, order_id: UUID, task_id: str) -> None:
    _raise(run(CloseOrder(actor, order_id, task_id)).refusal)


def void_payment(actor: Actor, order_id: UUID, task_id: str) -> None:
    _raise(run(VoidPayment(actor, order_id, task_id)).refusal)


def give_up_payment(actor: Actor, order_id: UUID) -> None:
    with transaction() as session:
        give_up.give_up_payment(session, actor, order_id)


def cancel_item(actor: Actor, order_id: UUID, item_id: UUID) -> None:
    _raise(run(CancelItem(actor, order_id, item_id)).refusal)


def reserve_item(actor: Actor, order_id: UUID, item_id: UUID) -> None:
    with transaction() as session:
        answer = reserve.reserve_item(session, actor, order_id, item_id)
    _raise(answer)
