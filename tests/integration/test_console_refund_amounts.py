"""The guided step "Refund" also lowers the price of an item, and gives back money that was taken twice."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from order_api.core.database import transaction
from tests.factories.refunds import Refunds, paid_order
from tests.fixtures.service import Client
from tests.integration.test_console_refund import address, confirm, of_order, preview, text_of


@pytest.fixture
def refunds(channel: Client) -> Refunds:
    return paid_order(channel)


def test_an_amount_off_the_price_of_a_line_leaves_the_others_alone(agent: FlaskClient, refunds: Refunds) -> None:
    typed = {"off:1": "5.00", "off:2": "2.00", "reason": "price_promised"}

    page = preview(agent, refunds, **typed).text
    confirm(agent, refunds, page, **typed)

    assert "Off the bill 7.00 USD" in text_of(page)
    assert [(refund["amount"]) for refund in of_order(refunds)] == ["7.00"]
    lines = {item["line_id"]: item["bill"]["due"] for item in refunds.order()["items"]}
    refunds.grant(of_order(refunds)[0]["number"])
    after = {item["line_id"]: item["bill"]["due"] for item in refunds.order()["items"]}
    assert [line_id for line_id in lines if lines[line_id] != after[line_id]] == ["1", "2"]


def test_money_taken_twice_goes_back_and_the_price_stays(agent: FlaskClient, refunds: Refunds) -> None:
    assert "Money taken beyond" not in agent.get(address(refunds)).text
    with transaction() as session:
        capture = "SELECT id FROM payment_transactions WHERE order_id = :id AND kind = 'capture'"
        twice = text(f"UPDATE payment_transactions SET amount = amount + 500 WHERE id IN ({capture})")
        session.execute(twice, {"id": refunds.money.id})
    assert "Give back 5.00 USD" in agent.get(address(refunds)).text
    typed = {"excess": "all", "reason": "captured_twice"}

    page = preview(agent, refunds, **typed).text
    confirm(agent, refunds, page, **typed)

    assert "Off the bill 0.00 USD To Card 5.00 To the customer 5.00 USD" in text_of(page)
    assert [(refund["amount"], refund["paid_back"]) for refund in of_order(refunds)] == [("0.00", "5.00")]
