"""Returns as a later release will have them: subjects of their own, with a process of their own."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from order_api.outbox.starts import STARTS
from order_api.outbox.subjects import Subject
from order_api.progress.processes import request_process
from order_api.words.events import Event
from tests.factories.orders import Json


def return_of(order: Json) -> Subject:
    return Subject("return", uuid4(), UUID(order["id"]), f"{order['number']}-R1")


def request_return_process(session: Session, subject: Subject, process_key: str = "order-return") -> None:
    """Lets a fact start this process, as an entry of STARTS will do."""
    key: Any = process_key
    with pytest.MonkeyPatch.context() as table:
        table.setitem(STARTS, Event.NOTE_ADDED, key)
        request_process(session, subject, Event.NOTE_ADDED, {})
