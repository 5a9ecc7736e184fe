"""Returns in a real browser, without an engine: announced in six clicks, received at a dock, nothing cut."""

import pytest
from playwright.sync_api import expect

from order_api.words import Role
from tests.e2e.conftest import Console
from tests.e2e.test_console_refund import CUT, money_of_mugs, paid_mugs
from tests.factories.orders import Json
from tests.factories.refunds import Refunds
from tests.factories.returned_goods import Returns
from tests.fixtures.service import Client


def open_as(console: Console, role: Role, path: str) -> None:
    console.open(path)
    console.page.get_by_label("User name").fill(console.company.staff[role])
    console.page.get_by_label("Password").fill("a-password-of-the-tests")
    console.page.get_by_role("button", name="Log in").click()
    expect(console.page.get_by_role("button", name="Log out")).to_be_visible()


def announce(console: Console, order: Json) -> None:
    """On the page of the order: six clicks and inputs."""
    page = console.page
    page.get_by_role("link", name="Return", exact=True).click()
    page.get_by_label("Units of Mug, white").fill("2")
    page.get_by_role("radio", name="Wrong item").check()
    page.get_by_role("button", name="Show what this does").click()
    expect(page.get_by_role("region", name="What the return does")).to_be_in_viewport()
    page.get_by_role("button", name="Announce the return").click()
    expect(page.get_by_role("status").filter(has_text=f"The return {order['number']}-R1 is announced.")).to_be_focused()


def test_two_of_three_mugs_are_announced_for_a_caller_in_six_steps(console: Console) -> None:
    order = paid_mugs(console)
    open_as(console, Role.CSR_ASSOCIATE, f"/orders/{order['id']}")

    announce(console, order)

    returns = console.page.get_by_role("region", name="Returns")
    expect(returns).to_contain_text("Being checked 2 units")
    returns.get_by_role("link", name=f"{order['number']}-R1").click()
    expect(console.page.get_by_role("article", name="Mug, white")).to_contain_text("2 units: has not arrived yet.")


def approved_return(console: Console) -> tuple[Json, str]:
    money = money_of_mugs(console)
    return money.order, Returns(Refunds(console.channel, money)).approved(_1=2)


def test_a_dock_receives_and_judges_by_scanner_and_keyboard(console: Console) -> None:
    """The field has the focus, takes Enter, and is empty for the next parcel."""
    _, number = approved_return(console)
    page = console.page
    open_as(console, Role.STORE_OPERATOR, "/receive")

    expect(page.get_by_label("Scan or type what is on the parcel")).to_be_focused()
    page.keyboard.type("NO-SUCH")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("No return for “NO-SUCH”")
    expect(page.get_by_label("Scan or type what is on the parcel")).to_have_value("")
    page.keyboard.type(number.lower())
    page.keyboard.press("Enter")

    units = page.get_by_label("Units of Mug, white")
    expect(units).to_be_focused()
    expect(units).to_have_value("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="The goods are received.")).to_be_visible()
    for unit, key in ((1, "1"), (2, "3")):
        page.get_by_label(f"Verdict about unit {unit} of Mug, white").focus()
        page.keyboard.type(key)
    page.get_by_role("button", name="Book the verdicts").click()
    where = page.get_by_role("article", name="Mug, white")
    expect(where).to_contain_text("1 unit: as new: back into stock.")
    expect(where).to_contain_text("1 unit: worthless: scrap.")
    page.get_by_role("link", name="Next parcel").click()
    expect(page.get_by_label("Scan or type what is on the parcel")).to_be_focused()


@pytest.mark.parametrize("width", [1280, 1024, 768, 390])
def test_nothing_of_a_return_is_cut(console: Console, width: int) -> None:
    order, number = approved_return(console)
    page = console.page
    page.set_viewport_size({"width": width, "height": 900})
    open_as(console, Role.CSR_ADMIN, f"/orders/{order['id']}/return")
    page.get_by_label("Units of Mug, white").fill("1")
    page.get_by_role("radio", name="Too small").check()
    page.get_by_role("button", name="Show what this does").click()
    expect(page.get_by_role("region", name="What the return does")).to_be_visible()
    cut = {"preview": page.evaluate(CUT)}
    warehouse = Client(console.channel.app, console.company, console.company.warehouse_key)
    arrived = {"reference": "DOCK-1", "items": [{"line_id": "1", "quantity": 1}], "unexpected": "A grey scarf"}
    assert warehouse.post(f"/v1/returns/{number}/receipts", arrived).status_code == 201

    for name, path in {"return": f"/orders/{order['id']}/returns/{number}", "list": "/returns"}.items():
        console.open(path)
        cut[name] = page.evaluate(CUT)

    assert cut == {"preview": 0, "return": 0, "list": 0}
