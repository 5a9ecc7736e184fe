"""The bank keeps books of its own: its adapter keeps the promises of the port, and it gets what a preview shows."""

import os
import random
from typing import Any
from uuid import uuid4

import pytest

from order_api.integrations.payment.promises import PaymentGatewayPromises
from tests.bank.adapter import Bank
from tests.bank.system import in_books
from tests.factories.engine_refunds import APPROVE, SUPERVISOR, refund
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

ROUNDS, LINES = int(os.environ.get("PREVIEW_ROUNDS", "10")), 5
SEED = int(os.environ.get("PREVIEW_SEED", random.SystemRandom().randrange(10**6)))
GIVEN_BACK = "SELECT amount FROM simulator_payments WHERE kind = 'refund' AND approved AND key = ANY(%s::uuid[])"


class TestBank(PaymentGatewayPromises):
    GOOD, BAD, LOSING, TWICE = "tok_approve", "tok_decline", "tok_timeout", "tok_answer_twice"
    BAD_REFUND, PENDING, OLD = "tok_decline_refund", "tok_pending_refund", "tok_too_old_refund"
    FAILS_LATER, EXPIRES = "tok_fail_refund_later", "tok_expire"

    @pytest.fixture
    def gateway(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Bank:
        monkeypatch.setenv("BANK_URL", shop.system.env["BANK_URL"])
        return Bank()


def paid_orders(shop: Shop) -> list[Json]:
    """All units of each have arrived and are paid."""
    lines = [shop.line(unit_price=f"{price}.33", quantity=4) for price in range(1, LINES + 1)]
    orders = [shop.place(*lines) for _ in range(ROUNDS // LINES)]
    for order in orders:
        shop.deliver(shop.ship(order))
    return [shop.wait_for_status(order["id"], "completed") for order in orders]


def ask(shop: Shop, order: Json, **body: Any) -> Any:
    path, key = f"/v1/orders/{order['id']}/refunds", {"Idempotency-Key": str(uuid4())}
    return shop.call("POST", path, {"reason": "arrived_broken", **body}, **key)


def units(line_id: str, *numbers: int) -> Json:
    return {"items": [{"line_id": line_id, "units": list(numbers), "goods": "broken"}]}


def off(line_id: str, amount: str) -> Json:
    return {"price_reductions": [{"line_id": line_id, "amount": amount}]}


def granted_and_paid(shop: Shop, number: str) -> Json:
    """A supervisor grants it if the table says so: each order gives much of its price back."""
    wait_until(lambda: refund(shop, number)["state"] != "requested", what=f"{number} judged")
    if refund(shop, number)["state"] == "needs_approval":
        shop.decide(number, APPROVE, SUPERVISOR, "grant_refund", "All broken.")
    wait_until(lambda: refund(shop, number)["state"] == "paid", what=f"{number} paid")
    return refund(shop, number)


def test_between_preview_and_execution_only_a_change_of_what_was_promised_counts(shop: Shop) -> None:
    """Trap 5: what the preview shows is what the bank gives back. Each line is previewed and refunded once, 50 lines by
    `make random-engine`. The refund between is paid before the other is asked for."""
    print(f"PREVIEW_SEED={SEED}")
    dice, promised = random.Random(SEED), dict[str, list[str]]()
    for order in paid_orders(shop):
        for line_id in map(str, range(1, LINES + 1)):
            wanted = dice.choice([units(line_id, 1, 2), off(line_id, "0.97")])
            preview = shop.call("POST", f"/v1/orders/{order['id']}/refunds/preview", wanted).json()
            between = dice.choice([None, units(line_id, 4), units(line_id, 1), off(line_id, "0.50")])
            changes = between is not None and (
                "price_reductions" in {*wanted, *between} or between == units(line_id, 1)
            )
            if between is not None:
                other = ask(shop, order, **between)
                assert other.status_code == 201, (order["number"], line_id, other.text)
                granted_and_paid(shop, other.json()["number"])

            answer = ask(shop, order, **wanted, digest=preview["digest"])

            assert answer.status_code == (409 if changes else 201), (order["number"], line_id, answer.text)
            if changes:
                same_unit = "items" in wanted and between == units(line_id, 1)
                code = "more_than_remains" if same_unit else "preview_outdated"
                assert answer.json()["code"] == code, answer.text
            else:
                promised[answer.json()["number"]] = sorted(row["amount"] for row in preview["payments"])

    assert len(promised) >= ROUNDS // 5
    for number, amounts in promised.items():
        paid = granted_and_paid(shop, number)["payments"]
        at_the_bank = in_books(shop.system, GIVEN_BACK, [row["id"] for row in paid])
        assert sorted(f"{amount / 100:.2f}" for (amount,) in at_the_bank) == amounts
        assert sorted(row["amount"] for row in paid) == amounts
