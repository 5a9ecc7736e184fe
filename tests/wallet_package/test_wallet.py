import pytest
from order_api.integrations.payment.promises import PaymentGatewayPromises
from order_service_wallet import Wallet


class TestWallet(PaymentGatewayPromises):
    GOOD, BAD, LOSING, TWICE = "full", "empty", "lost", "twice"
    BAD_REFUND, OLD = "closed", "old"
    CANNOT = frozenset({"PENDING", "FAILS_LATER", "EXPIRES"})

    @pytest.fixture
    def gateway(self):
        return Wallet()
