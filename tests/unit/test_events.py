"""The events of an order's history."""

from pathlib import Path

import pytest

from order_api.core.outside import CallStatus
from order_api.outbox.wake_ups import WAKE_UPS
from order_api.payments.ledger import EVENTS
from order_api.payments.models import BOOKED_BY_US, TransactionKind
from order_api.words.events import Event

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("event", Event)
def test_an_event_is_called_the_same_in_python_and_in_the_api_and_has_a_sentence(event: Event) -> None:
    assert event.name == event.value.replace(".", "_").upper()
    assert event.sentence[0].isupper()


def test_every_end_of_a_payment_request_is_an_event() -> None:
    asked = [kind for kind in TransactionKind if kind not in BOOKED_BY_US]
    ends = {(kind, status) for kind in asked for status in (CallStatus.DONE, CallStatus.DECLINED, CallStatus.LOST)}

    assert set(EVENTS) == ends | {(TransactionKind.REFUND, CallStatus.PENDING)}


def test_each_fact_that_wakes_a_flow_is_read_after_its_wait() -> None:
    """A fact that no `end_wait` names would leave its message pending until it is stuck."""
    readers = [file.read_text() for file in (ROOT / "order_api").rglob("*.py") if "end_wait(" in file.read_text()]
    named = {fact for fact in WAKE_UPS if any(f"Event.{fact.name}" in source for source in readers)}

    read = {wake_up.message for fact in named for wake_up in WAKE_UPS[fact]}

    assert read == {wake_up.message for wake_ups in WAKE_UPS.values() for wake_up in wake_ups}
