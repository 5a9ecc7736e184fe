"""Refunds on a running system: asks for them as a channel or colleague, and waits for what becomes of them."""

import hashlib
import hmac
import json
from typing import Any
from uuid import uuid4

import requests

from order_api.integrations.payment.simulator import SIGNATURE_HEADER
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import API_KEY, CALL_TIMEOUT, PASSWORD, wait_until

APPROVE, REFUSED, OUTSIDE = "usertask_approve_refund", "usertask_refund_refused", "usertask_pay_outside"
TWICE = "usertask_paid_twice"
CSR, SUPERVISOR = "carla-csr", "sue-supervisor"


def completed_order(shop: Shop, *, quantity: int = 3, unit_price: str = "10.00", token: str = "tok_approve") -> Json:
    """All units have arrived and are paid."""
    order = shop.place(shop.line("MUG-WHITE", quantity, unit_price), token=token)
    shop.ship(order)
    shop.deliver_all(order)
    return shop.wait_for_status(order["id"], "completed")


def token_of(shop: Shop, user: str) -> str:
    answer = shop.call("POST", "/v1/tokens", {"username": user, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["access_token"])


def broken(quantity: int) -> list[Json]:
    return [{"line_id": "1", "quantity": quantity, "goods": "broken"}]


def ask(shop: Shop, order: Json, key: str = API_KEY, **body: Any) -> str:
    """The number of the new refund; a person first looks at the preview."""
    path, body = f"/v1/orders/{order['id']}/refunds", {"reason": "arrived_broken", **body}
    preview = shop.call("POST", f"{path}/preview", body, key)
    assert preview.status_code == 200, preview.text
    body["digest"] = preview.json()["digest"]
    answer = shop.call("POST", path, body, key, **{"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def refund(shop: Shop, number: str) -> Json:
    answer = shop.call("GET", f"/v1/refunds/{number}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def ended(shop: Shop, number: str, state: str) -> Json:
    """The refund in this state, after its process has ended and left no message behind."""
    wait_until(lambda: refund(shop, number)["state"] == state, what=f"{number} {state}")
    shop.wait_until_ended(number)
    left = "SELECT name FROM outbox WHERE business_key = %s AND state = 'pending' AND lane = 'engine'"
    wait_until(lambda: shop.sql(left, number) == [], what="no message left over")
    return refund(shop, number)


def rows(shop: Shop, number: str) -> list[tuple[str, str, str]]:
    return [(row["kind"], row["status"], row["amount"]) for row in refund(shop, number)["payments"]]


def mails_about_refunds(shop: Shop, order: Json) -> list[str]:
    written = "SELECT 1 FROM notifications WHERE order_id = %s AND sent_at IS NULL"
    wait_until(lambda: not shop.sql(written, order["id"]), what="every mail sent")
    number = order["number"]
    return [s.replace(number, "N") for s in shop.mailbox.to(order["customer"]["email"]) if "refund" in s]


def send_event(shop: Shop, kind: str, key: str, **more: str) -> None:
    """A message of the simulated gateway, signed as it would."""
    body = json.dumps({"id": str(uuid4()), "kind": kind, "key": key, **more}).encode()
    secret = hashlib.sha256(b"payment-simulator " + shop.system.env["SECRET_KEY"].encode()).digest()
    headers = {SIGNATURE_HEADER: hmac.new(secret, body, hashlib.sha256).hexdigest()}
    url = f"{shop.system.url}/v1/payment-events/card"
    answer = requests.post(url, data=body, headers=headers, timeout=CALL_TIMEOUT)
    assert answer.status_code == 204, answer.text
