"""A member of staff refunds what arrived broken: six clicks and inputs, with a look at what it does before."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Console
from tests.factories.money import Money
from tests.factories.orders import Json, charge, line, ship_group, tax

CUT = "[...document.querySelectorAll('html, .card')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"


def paid_mugs(console: Console) -> Json:
    """Three mugs and their shipping, shipped and paid."""
    return money_of_mugs(console).order


def money_of_mugs(console: Console) -> Money:
    mugs = line("19.99", 3, tax("4.95", "0.0825", "KY state"), line_id="1", name="Mug, white")
    group = ship_group(charges=[charge("5.99", taxes=[tax("0.49", "0.0825", "KY state")])])
    money = Money(console.channel, console.channel.place(mugs, ship_groups=[group]))
    money.authorize()
    money.capture(money.ship(**{"1": 3}))
    return money


def test_one_of_three_mugs_and_the_shipping_are_given_back_in_six_steps(console: Console) -> None:
    page, order = console.page, paid_mugs(console)
    console.open_logged_in(f"/orders/{order['id']}")

    page.get_by_role("link", name="Refund").click()
    page.get_by_label("Units of Mug, white: arrived broken").fill("1")
    page.get_by_label("Shipping: 6.48 USD").check()
    page.get_by_role("radio", name="Arrived broken").check()
    page.get_by_role("button", name="Show what this does").click()
    does = page.get_by_role("region", name="What the refund does")
    expect(does).to_contain_text("1 unit; net 19.99; KY state 8.25 %: 1.65")
    expect(does).to_contain_text("The order costs 43.28 USD instead of 71.40 USD.")
    expect(does).to_be_in_viewport()
    page.get_by_role("button", name="Refund 28.12 USD").click()

    said = page.get_by_role("status").filter(has_text=f"Refund {order['number']}-F1 over 28.12 USD was asked for.")
    expect(said).to_be_focused()
    refund = page.get_by_role("article", name=f"Refund {order['number']}-F1")
    expect(refund).to_contain_text("Arrived broken: 28.12 USD off the bill, 28.12 USD to the customer.")
    expect(refund).to_contain_text("28.12 USD goes back to Card once the refund is granted.")


def test_a_comma_in_an_amount_is_an_error_beside_the_field_and_what_was_typed_stays(console: Console) -> None:
    page, order = console.page, paid_mugs(console)
    console.open_logged_in(f"/orders/{order['id']}/refund")

    page.get_by_label("Or an amount off the price").fill("6,95")
    page.get_by_role("radio", name="Other").check()
    page.get_by_role("button", name="Show what this does").click()

    expect(page.get_by_role("alert").filter(has_text="such as 6.95.")).to_be_focused()
    field = page.get_by_label("Or an amount off the price")
    expect(field).to_have_value("6,95")
    expect(field).to_have_accessible_description(re.compile("Enter the amount with digits and a point"))
    expect(page.get_by_role("radio", name="Other")).to_be_checked()


@pytest.mark.parametrize("width", [1280, 1024, 768, 390])
def test_nothing_of_a_refund_is_cut(console: Console, width: int) -> None:
    page, order = console.page, paid_mugs(console)
    page.set_viewport_size({"width": width, "height": 900})
    console.open_logged_in(f"/orders/{order['id']}/refund")
    page.get_by_label("Units of Mug, white: lost").fill("2")
    page.get_by_role("radio", name="Lost on the way").check()
    page.get_by_role("button", name="Show what this does").click()
    expect(page.get_by_role("region", name="What the refund does")).to_be_visible()

    preview_cut = page.evaluate(CUT)
    page.get_by_role("button", name="Refund 43.28 USD").click()
    expect(page.get_by_role("article", name="Refund")).to_be_visible()

    assert (preview_cut, page.evaluate(CUT)) == (0, 0)
