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


def charge_of(refunds: Refunds) -> str:
    [shipping] = [charge for charge in refunds.order()["ship_groups"][0]["charges"] if charge["type"] == "shipping"]
    return str(shipping["id"])


def test_a_part_of_a_charge_goes_back(agent: FlaskClient, refunds: Refunds) -> None:
    typed = {f"part:{charge_of(refunds)}": "2.00", "reason": "arrived_late"}

    page = preview(agent, refunds, **typed).text
    confirm(agent, refunds, page, **typed)

    assert "Off the bill 2.00 USD" in text_of(page)
    assert [refund["amount"] for refund in of_order(refunds)] == ["2.00"]


def test_a_charge_is_given_back_whole_or_in_part_and_the_part_is_a_number(agent: FlaskClient, refunds: Refunds) -> None:
    charge = charge_of(refunds)

    both = preview(agent, refunds, **{f"charge:{charge}": "whole", f"part:{charge}": "2.00", "reason": "other"}).text
    comma = preview(agent, refunds, **{f"part:{charge}": "2,00", "reason": "other"}).text

    assert "Give back the whole charge or a part of it, not both." in both
    assert "Enter the amount with digits and a point" in comma
    assert 'value="2,00"' in comma


def test_a_tax_alone_goes_back_and_the_net_stays(agent: FlaskClient, refunds: Refunds) -> None:
    [tax] = refunds.order()["items"][0]["taxes"]
    page = agent.get(address(refunds)).text
    assert f"on {refunds.order()['items'][0]['name']}: {tax['amount']} USD" in text_of(page)
    typed = {f"tax:{tax['id']}": "whole", "reason": "tax_exempt"}

    page = preview(agent, refunds, **typed).text
    confirm(agent, refunds, page, **typed)

    assert "net 0.00" in text_of(page)
    assert [refund["amount"] for refund in of_order(refunds)] == [tax["amount"]]
    refunds.grant(of_order(refunds)[0]["number"])
    assert f"tax:{tax['id']}" not in agent.get(address(refunds)).text
