"""Canceling units in the console: choose, see what it does, confirm; the page says why a line cannot be canceled."""

import pytest
from flask.testing import FlaskClient

from tests.factories.flows import STEP_BY_STEP
from tests.factories.three_lines import ThreeLines
from tests.fixtures.pages import hidden_in
from tests.fixtures.service import Client


@pytest.fixture
def shop(channel: Client, warehouse: Client) -> ThreeLines:
    return ThreeLines(channel, warehouse)


def preview(agent: FlaskClient, shop: ThreeLines, **units: str) -> str:
    chosen = {f"units:{line_id}": text for line_id, text in units.items()}
    address = f"/console/orders/{shop.order['id']}/cancel-units"
    return agent.get(address, query_string={**chosen, "reason": "ordered_by_mistake"}).text


def confirm(agent: FlaskClient, shop: ThreeLines, page: str, **units: str) -> int:
    chosen = {f"units:{line_id}": text for line_id, text in units.items()}
    form = {**hidden_in(page), **chosen, "reason": "ordered_by_mistake"}
    return agent.post(f"/console/orders/{shop.order['id']}/cancel-units", data=form).status_code


def test_a_colleague_sees_what_it_does_before_it_is_done(agent: FlaskClient, shop: ThreeLines) -> None:
    page = preview(agent, shop, A="2")

    assert "2 × <bdi>Thing A</bdi> are canceled at once." in page
    assert shop.canceled() == [0, 0, 0]
    assert confirm(agent, shop, page, A="2") == 303
    assert shop.canceled() == [2, 0, 0]


def test_the_order_page_says_what_is_due_for_the_order_and_for_each_line(agent: FlaskClient, shop: ThreeLines) -> None:
    shop.cancel(A=2)

    page = agent.get(f"/console/orders/{shop.order['id']}").text

    document = shop.document()
    bill, [line, *_] = document["bill"], [item["bill"] for item in document["items"]]
    assert f"due {line['due']} of {line['placed']} with taxes and charges" in page
    assert page.count("with taxes and charges") == 1
    heading = page[page.index('<p class="grand">') :].partition("</p>")[0]
    assert [amount in heading for amount in (bill["due"], bill["placed"])] == [True, True]


def test_a_second_click_cancels_nothing_more(agent: FlaskClient, shop: ThreeLines) -> None:
    page = preview(agent, shop, A="1")

    assert [confirm(agent, shop, page, A="1") for _ in range(2)] == [303, 303]
    assert shop.canceled() == [1, 0, 0]


def test_units_at_the_warehouse_are_said_to_be_asked_for(agent: FlaskClient, shop: ThreeLines) -> None:
    shop.flow.walk(*STEP_BY_STEP)

    page = preview(agent, shop, A="1")

    assert "1 × <bdi>Thing A</bdi> is at the warehouse. We ask for it back" in page


@pytest.mark.parametrize(
    ("units", "problem"),
    [
        ("4", "Only 3 units of line A can still be canceled."),
        ("two", "Enter whole numbers, such as 2, and leave the other lines empty."),
        ("-1", "Enter whole numbers, such as 2, and leave the other lines empty."),
    ],
)
def test_what_cannot_be_canceled_is_shown_with_the_reason(
    agent: FlaskClient, shop: ThreeLines, units: str, problem: str
) -> None:
    page = preview(agent, shop, A=units)

    assert problem in page
    assert "cancel-units-yes" not in page


def test_a_line_without_units_to_cancel_says_why(agent: FlaskClient, shop: ThreeLines) -> None:
    shop.cancel(C=1)

    page = agent.get(f"/console/orders/{shop.order['id']}/cancel-units").text

    assert "Every unit was canceled." in page


def test_a_page_that_is_out_of_date_does_nothing_and_shows_what_changed(agent: FlaskClient, shop: ThreeLines) -> None:
    page = preview(agent, shop, A="1")
    shop.cancel(B=1)

    assert confirm(agent, shop, page, A="1") == 412
    assert shop.canceled() == [0, 1, 0]
