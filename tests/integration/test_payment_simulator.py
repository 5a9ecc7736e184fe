"""The builtin gateway keeps the promises of its port and behaves as its tokens say."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from order_api.core import clock
from order_api.integrations.payment.event_promises import GatewayEventPromises, Message
from order_api.integrations.payment.port import GatewayEventKind, PaymentGateway, SendsEvents
from order_api.integrations.payment.promises import PaymentGatewayPromises, request_of
from order_api.integrations.payment.registry import gateway as configured
from order_api.integrations.payment.simulator import SIGNATURE_HEADER, PaymentSimulator, signature_of


@pytest.fixture
def gateway(migrated: None) -> PaymentGateway:
    return PaymentSimulator()


class TestPaymentSimulator(PaymentGatewayPromises):
    GOOD, BAD, LOSING, TWICE = "tok_approve", "tok_decline", "tok_timeout", "tok_answer_twice"
    BAD_REFUND, PENDING, OLD = "tok_decline_refund", "tok_pending_refund", "tok_too_old_refund"
    FAILS_LATER, EXPIRES = "tok_fail_refund_later", "tok_expire"


class TestItsMessages(GatewayEventPromises):
    @pytest.fixture
    def source(self, system_env: dict[str, str]) -> SendsEvents:
        return PaymentSimulator()

    def message(self, kind: GatewayEventKind, key: UUID) -> Message:
        body = json.dumps({"id": str(uuid4()), "kind": kind, "key": str(key)}).encode()
        return {SIGNATURE_HEADER: signature_of(body)}, body


def test_it_is_the_gateway_unless_another_is_configured() -> None:
    assert isinstance(configured("card"), PaymentSimulator)


def test_any_other_token_is_approved(gateway: PaymentGateway) -> None:
    assert gateway.authorize(request_of(1_00), "4242").approved


def test_decline_once_declines_each_card_once(gateway: PaymentGateway) -> None:
    anna, ben = f"tok_decline_once:{uuid4()}", f"tok_decline_once:{uuid4()}"

    answers = [gateway.authorize(request_of(1_00), token) for token in (anna, anna, ben, ben)]

    assert [answer.approved for answer in answers] == [False, True, False, True]


@pytest.mark.parametrize(
    ("token", "approved"), [("tok_decline_capture", [False, False]), ("tok_decline_capture_once", [False, True])]
)
def test_a_card_may_be_good_until_the_money_is_taken(gateway: PaymentGateway, token: str, approved: list[bool]) -> None:
    authorization = gateway.authorize(request_of(1_00), f"{token}:{uuid4()}")

    captures = [gateway.capture(request_of(1_00), authorization.reference) for _ in range(2)]

    assert authorization.approved
    assert [capture.approved for capture in captures] == approved


def test_captures_at_once_never_take_more_than_was_authorized(gateway: PaymentGateway) -> None:
    reference = gateway.authorize(request_of(10_00), "tok_approve").reference

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: gateway.capture(request_of(3_00), reference), range(10)))

    assert [answer.approved for answer in answers].count(True) == 3


def test_refunds_at_once_never_give_back_more_than_was_captured(gateway: PaymentGateway) -> None:
    authorization = gateway.authorize(request_of(10_00), "tok_approve").reference
    capture = gateway.capture(request_of(10_00), authorization).reference

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: gateway.refund(request_of(3_00), capture), range(10)))

    assert [answer.approved for answer in answers].count(True) == 3


def test_a_refund_tells_its_trace_number_and_when_it_arrives(gateway: PaymentGateway) -> None:
    authorization = gateway.authorize(request_of(10_00), "tok_approve").reference
    capture = gateway.capture(request_of(10_00), authorization).reference

    answer = gateway.refund(request_of(10_00), capture)

    assert (answer.trace_number or "").startswith("ARN")
    assert answer.expected_by is not None
    assert answer.expected_by > clock.now().date()
