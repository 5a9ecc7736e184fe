"""What a payment adapter promises whose gateway sends messages by itself (`SendsEvents` in the port).

Subclass `GatewayEventPromises` with a fixture `source`, the adapter, and a method `message` that makes what the gateway
would send.
"""

from collections.abc import Mapping
from uuid import UUID, uuid4

import pytest

from order_api.integrations.payment.port import EventRefused, GatewayEventKind, SendsEvents

Message = tuple[Mapping[str, str], bytes]
"""Headers and body."""


class GatewayEventPromises:
    KINDS = tuple(GatewayEventKind)
    """What the gateway reports."""

    def message(self, kind: GatewayEventKind, key: UUID) -> Message:
        """A message as the gateway signs and sends it."""
        raise NotImplementedError

    def test_a_message_is_read(self, source: SendsEvents) -> None:
        for kind in self.KINDS:
            key = uuid4()

            event = source.read_event(*self.message(kind, key))

            assert event is not None
            assert (event.kind, event.key) == (kind, key)

    def test_the_same_message_has_the_same_id_and_another_has_another(self, source: SendsEvents) -> None:
        first, other = (self.message(self.KINDS[0], uuid4()) for _ in range(2))

        ids = [event.id for message in (first, first, other) if (event := source.read_event(*message))]

        assert ids[0] == ids[1] != ids[2]

    def test_a_message_that_was_changed_is_refused(self, source: SendsEvents) -> None:
        headers, body = self.message(self.KINDS[0], uuid4())

        with pytest.raises(EventRefused):
            source.read_event(headers, body + b" ")

    def test_a_message_without_a_signature_is_refused(self, source: SendsEvents) -> None:
        _, body = self.message(self.KINDS[0], uuid4())

        with pytest.raises(EventRefused):
            source.read_event({}, body)
