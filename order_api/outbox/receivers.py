"""Who is told of a row. Each has its own senders, and its own order of rows: one that hangs holds up no other (J1)."""

from enum import StrEnum

from order_api.outbox.models import Kind, OutboxRow


class Receiver(StrEnum):
    ENGINE = "engine"
    MAIL_SERVER = "mail_server"
    INVENTORY = "inventory"
    GATEWAY = "gateway"


RECEIVERS = {
    Kind.START: Receiver.ENGINE,
    Kind.MESSAGE: Receiver.ENGINE,
    Kind.MAIL: Receiver.MAIL_SERVER,
    Kind.STOCK: Receiver.INVENTORY,
    Kind.PAYMENT: Receiver.GATEWAY,
}


def receiver_of(row: OutboxRow) -> Receiver:
    return RECEIVERS[Kind(row.kind)]


def kinds_for(receiver: Receiver) -> list[Kind]:
    return [kind for kind, its_receiver in RECEIVERS.items() if its_receiver == receiver]
