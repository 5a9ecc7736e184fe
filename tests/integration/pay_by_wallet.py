"""A separate program with the wallet's package installed: pays orders by wallet.

    python -m tests.integration.pay_by_wallet

Prints the results as JSON in the last line. Needs the settings of a service with a migrated database.
"""

import contextlib
import json
import os
from typing import Any

from flask import Flask

from order_api.app import create_app
from order_api.core.errors import OutsideSystemUnavailable
from order_api.payments.errors import PaymentDeclined
from tests.factories.companies import Company, create_company
from tests.factories.money import Money
from tests.factories.orders import Json, line
from tests.factories.stories import void_payment
from tests.fixtures.service import Client


def wallet(amount: str, token: str) -> Json:
    return {"type": "wallet", "token": token, "amount": amount}


def paid(shop: Client) -> Json:
    """Pays by wallet and card; one of two units ships and is captured, the rest is released."""
    card = {"type": "card", "token": "tok_approve", "amount": "5.00"}
    placed = shop.place(line("10.00", 2, line_id="A"), tenders=[wallet("15.00", "full"), card])
    money = Money(shop, placed)
    money.authorize()
    money.ship(A=1)
    money.capture()
    void_payment(money.actor, money.id, "void")
    return {"tenders": [tender["type"] for tender in placed["tenders"]], "done": money.done()}


def declined(shop: Client) -> Json:
    """The first wallet is empty, so the customer sends another."""
    money = Money(shop, shop.place(line("10.00", line_id="A"), tenders=[wallet("10.00", "empty")]))
    answer: Json = {"refusal": _refusal(money)}
    body = {"type": "wallet", "token": "another"}
    answer["replaced"] = shop.post(f"/v1/orders/{money.id}/payments", body).status_code
    money.authorize("with the new wallet")
    return answer | {"done": money.done()}


def lost(shop: Client) -> Json:
    """The wallet's first answer is lost; the second try finds what it did."""
    money = Money(shop, shop.place(line("10.00", line_id="A"), tenders=[wallet("10.00", "lost")]))
    with contextlib.suppress(OutsideSystemUnavailable):
        money.authorize()
    money.authorize()
    return {"done": money.done()}


def _refusal(money: Money) -> str:
    try:
        money.authorize()
    except PaymentDeclined as refused:
        return str(refused)
    return "none"


def announced(app: Flask) -> list[Any]:
    """The tender types in the OpenAPI document, for placing an order and for replacing a tender."""
    schemas = app.test_client().get("/openapi.json").get_json()["components"]["schemas"]
    return [schemas[body]["properties"]["type"]["enum"] for body in ("TenderBody", "NewPaymentBody")]


def where_it_is_not_offered(app: Flask, company: Company) -> str:
    shop = Client(app, company, company.channel_key)
    answer = shop.post("/v1/orders", shop.body(line("10.00"), tenders=[wallet("10.00", "full")]))
    return str(answer.get_json()["code"])


def without_a_token(shop: Client) -> list[Any]:
    answer = shop.post("/v1/orders", shop.body(line("10.00"), tenders=[{"type": "wallet", "amount": "10.00"}]))
    return [answer.status_code, [error["field"] for error in answer.get_json()["errors"]]]


def main() -> None:
    app, company = create_app(), create_company(tender_types=["card", "wallet"])
    shop = Client(app, company, company.channel_key)
    results: Json = {"paid": paid(shop), "declined": declined(shop), "announced": announced(app)}
    results |= {
        "without_a_token": without_a_token(shop),
        "lost": lost(shop),
        "not_offered": where_it_is_not_offered(app, create_company()),
        "books": os.environ["WALLET_FILE"],
    }
    print(json.dumps(results))


if __name__ == "__main__":
    main()
