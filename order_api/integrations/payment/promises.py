"""What every payment adapter promises (integrations/payment/port.py).

Subclass `PaymentGatewayPromises` with a fixture `gateway` and the tokens of its vendor's sandbox. An adapter that
approves everything and holds no money subclasses `PaymentPromises` instead.
"""

import time
from contextlib import suppress
from uuid import UUID, uuid4

import pytest

from order_api.core.errors import OutsideSystemUnavailable
from order_api.integrations.payment.port import (
    AUTHORIZATION_EXPIRED,
    TOO_OLD,
    GatewayReply,
    PaymentGateway,
    PaymentRequest,
    RefundTerms,
)


def request_of(amount: int, key: UUID | None = None) -> PaymentRequest:
    """A request for this amount."""
    return PaymentRequest(key or uuid4(), amount, "USD", "AB12CD34EF")


class PaymentPromises:
    """What every adapter promises. GOOD is a token that is approved."""

    GOOD = ""

    def authorized(self, gateway: PaymentGateway, amount: int = 10_00, token: str = "") -> GatewayReply:
        return gateway.authorize(request_of(amount), token or self.GOOD)

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

    def captured(self, gateway: PaymentGateway, amount: int = 10_00, token: str = "") -> str:
        """The reference of a capture of this amount."""
        authorization = self.authorized(gateway, amount, token)
        return gateway.capture(request_of(amount), authorization.reference).reference

    def terms(self, gateway: PaymentGateway) -> RefundTerms:
        return gateway.refund_terms or pytest.skip(f"{type(gateway).__name__} makes no refunds.")

    def test_a_capture_is_given_back(self, gateway: PaymentGateway) -> None:
        self.terms(gateway)
        capture, key = self.captured(gateway), uuid4()

        answer = gateway.refund(request_of(10_00, key), capture)

        assert (answer.approved, answer.is_pending, answer.decline_code) == (True, False, None)
        assert gateway.find(key) == answer

    def test_a_capture_is_given_back_in_parts(self, gateway: PaymentGateway) -> None:
        terms, capture = self.terms(gateway), self.captured(gateway)
        if not (terms.partial and terms.several_per_capture):
            pytest.skip(f"{type(gateway).__name__} gives a capture back once, or only whole.")

        answers = [gateway.refund(request_of(amount), capture) for amount in (6_00, 4_00)]

        assert [answer.approved for answer in answers] == [True, True]

    def test_the_smallest_refund_that_it_declares_is_made(self, gateway: PaymentGateway) -> None:
        terms = self.terms(gateway)
        captured = max(terms.minimum, 10_00) if terms.partial else terms.minimum
        capture = self.captured(gateway, captured)

        assert gateway.refund(request_of(terms.minimum), capture).approved

    def test_a_repeated_refund_gets_the_same_answer(self, gateway: PaymentGateway) -> None:
        self.terms(gateway)
        capture, key = self.captured(gateway), uuid4()

        answers = [gateway.refund(request_of(10_00, key), capture) for _ in range(3)]

        assert answers[0] == answers[1] == answers[2]


class PaymentGatewayPromises(PaymentPromises):
    """What an adapter also promises if its vendor holds money and may decline.

    BAD is a token that is declined. With LOSING the request is carried out, but the first answer is lost. With TWICE
    every request arrives twice. A refund of BAD_REFUND is declined, that of PENDING decided later, that of OLD too old.
    With FAILS_LATER, the bank sends a refund back after a while. With EXPIRES, an authorization ends after a while.
    CANNOT lists those that the vendor does not have; their tests are skipped. A token that is neither set nor listed
    fails.
    """

    BAD = LOSING = TWICE = BAD_REFUND = PENDING = OLD = FAILS_LATER = EXPIRES = ""
    CANNOT: frozenset[str] = frozenset()
    DECIDES_WITHIN = 30.0
    """Seconds until the vendor's sandbox decides a pending refund, or lets an authorization expire."""

    def token(self, name: str) -> str:
        """Raises the outcome of a skipped or failed test if there is none."""
        token = str(getattr(self, name))
        if not token and name not in self.CANNOT:
            pytest.fail(f"Set {type(self).__name__}.{name}, or list it in CANNOT if the vendor has no such thing.")
        return token or pytest.skip(f"{type(self).__name__} cannot do {name}.")

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

    def test_more_than_was_captured_is_not_given_back(self, gateway: PaymentGateway) -> None:
        self.terms(gateway)
        capture = self.captured(gateway)
        gateway.refund(request_of(6_00), capture)

        answer = gateway.refund(request_of(4_01), capture)

        assert not answer.approved
        assert answer.decline_code

    def test_a_repeated_refund_gives_the_money_back_once(self, gateway: PaymentGateway) -> None:
        self.terms(gateway)
        capture, key = self.captured(gateway, 10_00, self.token("TWICE")), uuid4()

        for _ in range(2):
            gateway.refund(request_of(6_00, key), capture)

        assert gateway.refund(request_of(4_00), capture).approved
        assert not gateway.refund(request_of(1), capture).approved

    def test_a_declined_refund_has_a_code(self, gateway: PaymentGateway) -> None:
        answer = gateway.refund(request_of(10_00), self.captured(gateway, 10_00, self.token("BAD_REFUND")))

        assert (answer.approved, answer.is_pending) == (False, False)
        assert answer.decline_code

    def test_a_refund_that_is_too_old_says_so(self, gateway: PaymentGateway) -> None:
        answer = gateway.refund(request_of(10_00), self.captured(gateway, 10_00, self.token("OLD")))

        assert (answer.approved, answer.decline_code) == (False, TOO_OLD)

    def test_a_pending_refund_is_decided_later(self, gateway: PaymentGateway) -> None:
        key, capture = uuid4(), self.captured(gateway, 10_00, self.token("PENDING"))

        answer = gateway.refund(request_of(10_00, key), capture)

        assert (answer.approved, answer.is_pending) == (False, True)
        deadline = time.monotonic() + self.DECIDES_WITHIN
        while (found := gateway.find(key)) is not None and found.is_pending and time.monotonic() < deadline:
            time.sleep(0.2)
        assert found is not None
        assert (found.approved, found.is_pending) == (True, False)

    def test_a_refund_that_the_bank_sends_back_is_found_declined(self, gateway: PaymentGateway) -> None:
        key, capture = uuid4(), self.captured(gateway, 10_00, self.token("FAILS_LATER"))

        answer = gateway.refund(request_of(10_00, key), capture)

        assert answer.approved
        deadline = time.monotonic() + self.DECIDES_WITHIN
        while (found := gateway.find(key)) is not None and found.approved and time.monotonic() < deadline:
            time.sleep(0.2)
        assert found is not None
        assert found.decline_code

    def test_an_expired_authorization_is_not_captured_and_says_so(self, gateway: PaymentGateway) -> None:
        reference = self.authorized(gateway, 10_00, self.token("EXPIRES")).reference

        deadline = time.monotonic() + self.DECIDES_WITHIN
        while (answer := gateway.capture(request_of(1), reference)).approved and time.monotonic() < deadline:
            time.sleep(0.2)

        assert (answer.approved, answer.decline_code) == (False, AUTHORIZATION_EXPIRED)
        assert gateway.void(request_of(1), reference).decline_code == AUTHORIZATION_EXPIRED

    def test_a_lost_answer_to_a_refund_is_unavailable_and_found_later(self, gateway: PaymentGateway) -> None:
        self.terms(gateway)
        key, losing = uuid4(), self.token("LOSING")
        capture = _captured_although_answers_are_lost(gateway, losing)

        with pytest.raises(OutsideSystemUnavailable):
            gateway.refund(request_of(10_00, key), capture)

        found = gateway.find(key)
        assert found is not None
        assert found.approved


def _captured_although_answers_are_lost(gateway: PaymentGateway, token: str) -> str:
    authorization, capture = uuid4(), uuid4()
    with suppress(OutsideSystemUnavailable):
        gateway.authorize(request_of(10_00, authorization), token)
    authorized = gateway.authorize(request_of(10_00, authorization), token)
    with suppress(OutsideSystemUnavailable):
        gateway.capture(request_of(10_00, capture), authorized.reference)
    return gateway.capture(request_of(10_00, capture), authorized.reference).reference
