"""The adapter of the bank, as another company would write it. BANK_URL names the server."""

import os
from datetime import date
from typing import Any
from uuid import UUID

import requests

from order_api.core.errors import OutsideSystemUnavailable
from order_api.integrations.payment.port import GatewayReply, PaymentRequest
from order_api.integrations.payment.simulator import PaymentSimulator

TIMEOUT = 10.0


class Bank:
    needs_token = True
    sends_events = True
    refund_terms = PaymentSimulator.refund_terms
    read_event = PaymentSimulator.read_event

    def __init__(self) -> None:
        self._url = os.environ["BANK_URL"]

    def authorize(self, request: PaymentRequest, token: str) -> GatewayReply:
        return self._ask("authorize", request, token)

    def capture(self, request: PaymentRequest, authorization: str) -> GatewayReply:
        return self._ask("capture", request, authorization)

    def void(self, request: PaymentRequest, authorization: str) -> GatewayReply:
        return self._ask("void", request, authorization)

    def refund(self, request: PaymentRequest, capture: str) -> GatewayReply:
        return self._ask("refund", request, capture)

    def find(self, key: UUID) -> GatewayReply | None:
        answer = self._call("GET", str(key))
        return None if answer.status_code == requests.codes.not_found else _read(answer)

    def _ask(self, kind: str, request: PaymentRequest, on: str) -> GatewayReply:
        return _read(self._call("POST", kind, {**vars(request), "key": str(request.key), "on": on}))

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        try:
            return requests.request(method, f"{self._url}/requests/{path}", json=body, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise OutsideSystemUnavailable(f"The bank did not answer: {error}.") from error


def _read(answer: requests.Response) -> GatewayReply:
    if not answer.ok:
        raise OutsideSystemUnavailable(f"The bank answered {answer.status_code}.")
    reply = answer.json()
    expected_by = reply.pop("expected_by")
    return GatewayReply(**reply, expected_by=expected_by and date.fromisoformat(expected_by))
