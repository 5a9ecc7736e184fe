"""Payment on invoice: the customer pays later, so every request is approved and no money is held."""

from uuid import UUID

from order_api.integrations.payment.port import PaymentAnswer


class Invoice:
    """Stores nothing: every request succeeds, so its answer follows from its key alone.

    `find` approves too, because callers ask only about their own requests.
    """

    def authorize(self, key: UUID, token: str, amount: int, currency: str) -> PaymentAnswer:
        return _approved(key)

    def capture(self, key: UUID, authorization: str, amount: int) -> PaymentAnswer:
        return _approved(key)

    def void(self, key: UUID, authorization: str, amount: int) -> PaymentAnswer:
        return _approved(key)

    def find(self, key: UUID) -> PaymentAnswer | None:
        return _approved(key)


def _approved(key: UUID) -> PaymentAnswer:
    return PaymentAnswer(approved=True, reference=str(key))
