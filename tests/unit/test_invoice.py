"""An invoice keeps the promises of an adapter that always approves."""

from uuid import uuid4

import pytest

from order_api.integrations.payment.invoice import Invoice
from order_api.integrations.payment.port import GatewayReply, PaymentGateway
from order_api.integrations.payment.promises import PaymentPromises
from order_api.integrations.payment.registry import gateway as registered


class TestInvoice(PaymentPromises):
    @pytest.fixture
    def gateway(self) -> PaymentGateway:
        return Invoice()


def test_the_adapter_is_registered_for_invoices() -> None:
    assert isinstance(registered("invoice"), Invoice)


def test_a_request_that_was_written_down_is_done_although_its_call_was_never_made() -> None:
    key = uuid4()

    assert Invoice().find(key) == GatewayReply(approved=True, reference=str(key))
