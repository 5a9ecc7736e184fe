"""The events of an order's history."""

import pytest

from order_api.core.outside import CallStatus
from order_api.payments.ledger import EVENTS
from order_api.payments.models import TransactionKind
from order_api.words.events import Event


@pytest.mark.parametrize("event", Event)
def test_an_event_is_called_the_same_in_python_and_in_the_api_and_has_a_sentence(event: Event) -> None:
    assert event.name == event.value.replace(".", "_").upper()
    assert event.sentence[0].isupper()


def test_every_end_of_a_payment_request_is_an_event() -> None:
    ends = {(kind, status) for kind in TransactionKind for status in CallStatus if status != CallStatus.REQUESTED}

    assert set(EVENTS) == ends
