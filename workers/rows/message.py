from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from order_api.camunda import processes
from order_api.camunda.engine import EngineError
from order_api.camunda.names import BEGINS_PARCEL, Message
from order_api.camunda.processes import NoFlowWaits
from order_api.core.database import single_statement, transaction
from order_api.core.errors import NotYet, RefusedForGood
from order_api.outbox.models import OutboxRow, RowKind
from order_api.progress.processes import bound_instance, key_in_engine, mark_ended
from order_api.returns.process import begin_process_again
from workers.senders import sends

log = structlog.get_logger()
MIN_TRIES_BEFORE_ASKING = 4
"""Most flows reach their wait within a few seconds. Only for the others does the relay read the engine's history."""


class ProcessEnded(RefusedForGood):
    """The process has come to its end, so no flow of it will ever wait for the message."""


@sends(RowKind.MESSAGE)
def send(row: OutboxRow) -> None:
    """Raises NotYet while the flow may still reach its wait, and ProcessEnded once it never will.

    If the answer to a message that begins a flow was lost, repeats it only if that flow has not begun.
    """
    parcel = row.payload.get("shipment_id")
    shipment_id = UUID(parcel) if parcel else None
    if row.attempts > 1 and row.name in BEGINS_PARCEL and shipment_id and _has_begun(row, shipment_id):
        return
    try:
        processes.correlate(row.name, row.business_key, str(row.id), item_id=row.item_id, shipment_id=shipment_id)
    except NoFlowWaits as waiting_for:
        if row.attempts >= MIN_TRIES_BEFORE_ASKING and _has_ended(row):
            if row.name == Message.RETURN_CHANGED and _goes_on(row.business_key):
                return
            raise ProcessEnded(f"{row.process} of {row.business_key} has ended.") from None
        raise NotYet(str(waiting_for)) from None


def _goes_on(return_number: str) -> bool:
    """Goods of a return have come after its process had ended: it is started anew."""
    with transaction() as session:
        return begin_process_again(session, return_number)


def _has_begun(row: OutboxRow, shipment_id: UUID) -> bool:
    with single_statement() as session:
        bound = bound_instance(session, row.business_key, row.process or "")
    return bound is not None and bool(processes.scopes_of_parcel(bound, shipment_id))


def _has_ended(row: OutboxRow) -> bool:
    """Also False if the engine or our database does not answer. A deleted process has not ended: an operator restarts
    it."""
    try:
        return _has_come_to_its_end(row.process or "", row.business_key)
    except (EngineError, SQLAlchemyError) as error:
        log.debug("process_end_unknown", error=str(error)[:300])
        return False


def _has_come_to_its_end(process: str, business_key: str) -> bool:
    with single_statement() as session:
        process = key_in_engine(session, business_key, process)
    instances = processes.find(process, business_key)
    if any(instance.is_running for instance in instances):
        return False
    with single_statement() as session:
        bound = bound_instance(session, business_key, process)
    if bound is None or not any(instance.is_completed and instance.id == bound for instance in instances):
        return False
    with transaction() as session:
        return mark_ended(session, business_key, process, bound)
