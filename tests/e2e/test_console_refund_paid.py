"""A refund asked for in the console, on a whole system with its engine: granted at once, and seen until it is paid."""

from playwright.sync_api import Browser, expect

from tests.factories.engine_refunds import CSR, completed_order
from tests.fixtures.shop import Shop
from tests.fixtures.system import PASSWORD, PATIENCE


def test_the_preview_tells_that_no_supervisor_is_needed_and_the_page_when_the_money_has_gone(
    shop: Shop, browser: Browser
) -> None:
    order = completed_order(shop)
    with browser.new_context() as window:
        page = window.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(f"{shop.system.url}/console/orders/{order['id']}/refund")
        page.get_by_label("User name").fill(CSR)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()

        page.get_by_label("Units of Mug-White: arrived broken").fill("1")
        page.get_by_role("radio", name="Arrived broken").check()
        page.get_by_role("button", name="Show what this does").click()
        does = page.get_by_role("region", name="What the refund does")
        expect(does).to_contain_text("It is granted at once; no supervisor needs to approve it.")
        page.get_by_role("button", name="Refund 10.00 USD").click()

        expect(page.get_by_role("article", name="Refund")).to_contain_text("10.00 USD went back to Card on")
        expect(page.get_by_role("region", name="Money").locator("#bill-refunded")).to_have_text("10.00")
