"""Payment on invoice: the customer pays later, so every request is approved and no money is held."""

from uuid import UUID

from order_api.integrations.payment.port import PaymentAnswer


class Invoice:
    """Keeps no books: a request is done once we have written it down, so its answer follows from its key alone.

    `find` approves too. It is asked only about requests of ours, and each of those is done.
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
