"""Payment on invoice: the customer pays later, so every request is approved and no money is held."""

from uuid import UUID

from order_api.integrations.payment.port import GatewayReply


class Invoice:
    """Stores nothing: every request succeeds, so its answer follows from its key alone.

    `find` approves too, because callers ask only about their own requests.
    """

    needs_token = False

    def authorize(self, key: UUID, token: str, amount: int, currency: str) -> GatewayReply:
        return _approved(key)

    def capture(self, key: UUID, authorization: str, amount: int, currency: str) -> GatewayReply:
        return _approved(key)

    def void(self, key: UUID, authorization: str, amount: int, currency: str) -> GatewayReply:
        return _approved(key)

    def find(self, key: UUID) -> GatewayReply | None:
        return _approved(key)


def _approved(key: UUID) -> GatewayReply:
    return GatewayReply(approved=True, reference=str(key))
