"""Rows of the outbox, and the acts of a relay on them."""

from uuid import UUID, uuid4

from sqlalchemy import update

from order_api.camunda.names import Message, Process
from order_api.core.database import transaction
from order_api.notifications.notices import Notice
from order_api.outbox import announce, claims
from order_api.outbox.claims import SendResult
from order_api.outbox.lanes import FULFILLMENT, INVENTORY, LANES, MAIL, PAYMENT
from order_api.outbox.models import OutboxRow, RowKind, RowState

EVERYTHING = dict.fromkeys(LANES, 100_000)
CANCEL, SHIPPED, ALLOCATED = Message.CANCEL_ORDER, Message.ITEM_SHIPPED, Message.STOCK_ALLOCATED


def drop_rows_of_other_tests() -> None:
    with transaction() as session:
        session.execute(update(OutboxRow).where(OutboxRow.state == RowState.PENDING).values(state=RowState.DROPPED))


def add_start(order: str) -> None:
    with transaction() as session:
        announce.request_start(session, order, Process.ORDER_SUBMIT, {"order_number": order})


def add_message(order: str, message: Message = CANCEL, item: UUID | None = None) -> None:
    with transaction() as session:
        announce.request_wake_up(session, order, Process.ORDER_SUBMIT, message, item)


def add_mail(order: str) -> None:
    with transaction() as session:
        announce.request_mail(session, order, Notice.ORDER_CONFIRMED, uuid4())


def add_stock(order: str) -> None:
    with transaction() as session:
        announce.request_work(session, INVENTORY, RowKind.TAKE_STOCK, order, order_id=uuid4(), shipment_id=uuid4())


def add_backorders(order: str) -> None:
    with transaction() as session:
        announce.request_work(session, INVENTORY, RowKind.SERVE_BACKORDERS, order, sku="a-sku")


def add_payment(order: str) -> None:
    with transaction() as session:
        announce.request_work(session, PAYMENT, RowKind.VOID_PAYMENT, order, order_id=uuid4())


def add_payment_event(order: str) -> None:
    with transaction() as session:
        announce.request_work(session, PAYMENT, RowKind.HANDLE_PAYMENT_EVENT, order, event_id=uuid4())


def add_recall(order: str) -> None:
    with transaction() as session:
        about = {"order_id": uuid4(), "cancellation_id": uuid4()}
        announce.request_work(session, FULFILLMENT, RowKind.RECALL_UNITS, order, **about)


def add_notice_of_canceled_units(order: str) -> None:
    with transaction() as session:
        announce.request_work(session, MAIL, RowKind.NOTIFY_CANCELED, order, order_id=uuid4())


def claim(order: str) -> list[OutboxRow]:
    """The rows of this order that a relay with unlimited room claims."""
    with transaction() as session:
        return [row for row in claims.claim(session, EVERYTHING) if row.business_key == order]


def claimed_names(order: str) -> list[str]:
    return [row.name for row in claim(order)]


def deliver_row(row: OutboxRow) -> None:
    with transaction() as session:
        claims.record_results(session, [SendResult.delivered(row)])


def wait_with(row: OutboxRow, tries: int = 6) -> None:
    """Makes the row wait after this many tries; the default's pause of half a minute outlasts any test."""
    row.attempts = tries
    with transaction() as session:
        claims.record_results(session, [SendResult.later(row, "No flow waits.")])


def make_messages_due(order: str, item: UUID | None) -> None:
    with transaction() as session:
        claims.make_messages_due(session, order, item)


def change(order: str, **values: object) -> None:
    with transaction() as session:
        session.execute(update(OutboxRow).where(OutboxRow.business_key == order).values(**values))


def read(row: OutboxRow) -> OutboxRow:
    with transaction() as session:
        return session.get_one(OutboxRow, row.id)
