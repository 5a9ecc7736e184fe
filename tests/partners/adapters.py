"""The builtin adapters as other companies would write them: each call first asks the company's server.

The server of a role listens at the port that PARTNER_<ROLE> names.
"""

import os
import socket
from collections.abc import Callable
from functools import wraps
from typing import Any

from order_api.core.errors import OutsideSystemUnavailable
from order_api.core.outside import CALL_TIMEOUT
from order_api.integrations.fraud.rules import FraudRules
from order_api.integrations.fulfillment.warehouse import Warehouse
from order_api.integrations.payment.simulator import PaymentSimulator

GATEWAY, VENDOR, SCREENER = "gateway", "vendor", "screener"
ENTRY_POINTS = {
    GATEWAY: ("order_service.payment", "card", "Gateway"),
    VENDOR: ("order_service.fulfillment", "main", "Vendor"),
    SCREENER: ("order_service.fraud", "partner", "Screener"),
}
"""By role: the group of its port, the key, and the class below."""


def port_setting(role: str) -> str:
    return f"PARTNER_{role.upper()}"


def asking(role: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """The builtin call, made once the server of the role has answered."""

    @wraps(call)
    def ask_and_call(*given: Any) -> Any:
        _ask(int(os.environ[port_setting(role)]))
        return call(*given)

    return ask_and_call


def _ask(port: int) -> None:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=CALL_TIMEOUT) as sock:
            sock.sendall(b"?")
            answer = sock.recv(1)
    except OSError as error:
        raise OutsideSystemUnavailable(f"The partner did not answer: {error}.") from error
    if not answer:
        raise OutsideSystemUnavailable("The partner hung up.")


class Gateway(PaymentSimulator):
    authorize = asking(GATEWAY, PaymentSimulator.authorize)
    capture = asking(GATEWAY, PaymentSimulator.capture)
    void = asking(GATEWAY, PaymentSimulator.void)
    refund = asking(GATEWAY, PaymentSimulator.refund)
    find = asking(GATEWAY, PaymentSimulator.find)


class Vendor(Warehouse):
    send = asking(VENDOR, Warehouse.send)
    find = asking(VENDOR, Warehouse.find)
    recall = asking(VENDOR, Warehouse.recall)


class Screener(FraudRules):
    score = asking(SCREENER, FraudRules.score)
