"""What every payment adapter promises (integrations/payment/port.py).

Subclass `PaymentGatewayPromises` with a fixture `gateway` and the tokens of its vendor's sandbox. An adapter that
approves everything and holds no money subclasses `PaymentPromises` instead.
"""

from uuid import UUID, uuid4

import pytest

from order_api.core.errors import OutsideSystemUnavailable
from order_api.integrations.payment.port import GatewayReply, PaymentGateway, PaymentRequest


def request_of(amount: int, key: UUID | None = None) -> PaymentRequest:
    """A request for this amount."""
    return PaymentRequest(key or uuid4(), amount, "USD", "AB12CD34EF")


class PaymentPromises:
    """What every adapter promises. GOOD is a token that is approved."""

    GOOD = ""

    def authorized(self, gateway: PaymentGateway, amount: int = 10_00) -> GatewayReply:
        return gateway.authorize(request_of(amount), self.GOOD)

    def test_a_good_card_is_authorized(self, gateway: PaymentGateway) -> None:
        answer = self.authorized(gateway)

        assert answer.approved
        assert answer.reference
        assert answer.decline_code is None

    def test_a_repeated_request_gets_the_same_answer(self, gateway: PaymentGateway) -> None:
        key = uuid4()

        first = gateway.authorize(request_of(10_00, key), self.GOOD)

        assert gateway.authorize(request_of(10_00, key), self.GOOD) == first

    def test_a_request_is_found_by_its_key(self, gateway: PaymentGateway) -> None:
        key = uuid4()
        answer = gateway.authorize(request_of(10_00, key), self.GOOD)

        assert gateway.find(key) == answer

    def test_several_captures_share_one_authorization(self, gateway: PaymentGateway) -> None:
        reference = self.authorized(gateway, 10_00).reference

        answers = [gateway.capture(request_of(amount), reference) for amount in (6_00, 4_00)]

        assert [answer.approved for answer in answers] == [True, True]

    def test_a_repeated_capture_takes_the_money_once(self, gateway: PaymentGateway) -> None:
        reference, key = self.authorized(gateway, 10_00).reference, uuid4()

        answers = [gateway.capture(request_of(6_00, key), reference) for _ in range(3)]

        assert answers[0] == answers[1] == answers[2]
        assert gateway.capture(request_of(4_00), reference).approved

    def test_the_rest_is_released_after_a_capture(self, gateway: PaymentGateway) -> None:
        reference, key = self.authorized(gateway, 10_00).reference, uuid4()
        gateway.capture(request_of(6_00), reference)

        assert gateway.void(request_of(4_00, key), reference).approved
        assert gateway.find(key) is not None


class PaymentGatewayPromises(PaymentPromises):
    """What an adapter also promises if its vendor holds money and may decline.

    BAD is a token that is declined. With LOSING the request is carried out, but the first answer is lost. With TWICE
    every request arrives twice. A test whose token is empty is skipped.
    """

    BAD = LOSING = TWICE = ""

    def token(self, name: str) -> str:
        token = str(getattr(self, name))
        return token or pytest.skip(f"{type(self).__name__} names no token {name}.")

    def test_a_bad_card_is_declined_with_a_code(self, gateway: PaymentGateway) -> None:
        answer = gateway.authorize(request_of(10_00), self.token("BAD"))

        assert not answer.approved
        assert answer.decline_code

    def test_a_repeated_request_that_was_declined_gets_the_same_answer(self, gateway: PaymentGateway) -> None:
        key, bad = uuid4(), self.token("BAD")

        first = gateway.authorize(request_of(10_00, key), bad)

        assert gateway.authorize(request_of(10_00, key), bad) == first

    def test_a_request_that_never_arrived_is_not_found(self, gateway: PaymentGateway) -> None:
        assert gateway.find(uuid4()) is None

    def test_a_lost_answer_is_unavailable_and_found_later(self, gateway: PaymentGateway) -> None:
        key, losing = uuid4(), self.token("LOSING")

        with pytest.raises(OutsideSystemUnavailable):
            gateway.authorize(request_of(10_00, key), losing)

        found = gateway.find(key)
        assert found is not None
        assert found.approved
        assert gateway.authorize(request_of(10_00, key), losing) == found

    def test_a_request_that_arrives_twice_is_carried_out_once(self, gateway: PaymentGateway) -> None:
        reference = gateway.authorize(request_of(10_00), self.token("TWICE")).reference

        captures = [gateway.capture(request_of(amount), reference) for amount in (6_00, 4_00)]

        assert [capture.approved for capture in captures] == [True, True]
        assert not gateway.capture(request_of(1), reference).approved

    def test_more_than_was_authorized_is_not_captured(self, gateway: PaymentGateway) -> None:
        reference = self.authorized(gateway, 10_00).reference
        gateway.capture(request_of(6_00), reference)

        answer = gateway.capture(request_of(4_01), reference)

        assert not answer.approved
        assert answer.decline_code

    def test_what_was_released_is_not_captured(self, gateway: PaymentGateway) -> None:
        reference = self.authorized(gateway, 10_00).reference

        voided = gateway.void(request_of(10_00), reference)

        assert voided.approved
        assert not gateway.capture(request_of(1), reference).approved
