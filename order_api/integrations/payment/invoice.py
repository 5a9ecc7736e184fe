"""Payment on invoice: the customer pays later, so every request is approved and no money is held."""

from uuid import UUID

from order_api.integrations.payment.port import GatewayReply, PaymentRequest, RefundTerms


class Invoice:
    """Stores nothing: every request succeeds, so its answer follows from its key alone.

    `find` approves too, because callers ask only about their own requests.
    """

    needs_token = False
    refund_terms = RefundTerms()

    def authorize(self, request: PaymentRequest, token: str) -> GatewayReply:
        return _approved(request.key)

    def capture(self, request: PaymentRequest, authorization: str) -> GatewayReply:
        return _approved(request.key)

    def void(self, request: PaymentRequest, authorization: str) -> GatewayReply:
        return _approved(request.key)

    def refund(self, request: PaymentRequest, capture: str) -> GatewayReply:
        """Lowers what the invoice claims; no money moves."""
        return _approved(request.key)

    def find(self, key: UUID) -> GatewayReply | None:
        return _approved(key)


def _approved(key: UUID) -> GatewayReply:
    return GatewayReply(approved=True, reference=str(key))
