"""A return in the console, on a whole system with its engine: caller, supervisor, inspector, and a designer's table."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.factories import engine_returns as returns
from tests.factories.engine_refunds import CSR, SUPERVISOR
from tests.fixtures.designer import change, copy_of_our_models, deployed
from tests.fixtures.shop import Shop
from tests.fixtures.system import PASSWORD, PATIENCE

POLICY = Path("decisions/return-policy.dmn")
FINAL_SALE = """      <rule id="rule_final_sale">
        {inputs}
        <outputEntry id="final_decision"><text>"refuse"</text></outputEntry>
        <outputEntry id="final_words"><text>"Final sale."</text></outputEntry>
        <outputEntry id="final_days_to_arrive"><text></text></outputEntry>
        <outputEntry id="final_kept"><text>false</text></outputEntry>
        <outputEntry id="final_shipping"><text>"none"</text></outputEntry>
        <outputEntry id="final_when"><text>"inspected"</text></outputEntry>
        <outputEntry id="final_days"><text>14</text></outputEntry>
        <outputEntry id="final_inspect"><text>true</text></outputEntry>
      </rule>
"""
INPUTS = 14
SKU = 5
"""The column of the article, counted from 0."""


@contextmanager
def window_of(browser: Browser, shop: Shop, user: str, path: str) -> Iterator[Page]:
    with browser.new_context() as window:
        page = window.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(f"{shop.system.url}/console{path}")
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        yield page


def look(page: Page, units: str = "1") -> None:
    page.get_by_label("Units of").first.fill(units)
    page.get_by_role("radio", name="Changed my mind").check()
    page.get_by_role("button", name="Show what this does").click()


def test_a_late_return_is_announced_allowed_received_judged_and_paid(shop: Shop, browser: Browser) -> None:
    order = returns.delivered(shop, days_ago=60)
    number = f"{order['number']}-R1"
    with window_of(browser, shop, CSR, f"/orders/{order['id']}/return") as page:
        look(page)
        does = page.get_by_role("region", name="What the return does")
        expect(does).to_contain_text("A supervisor must approve it first.")
        expect(does).to_contain_text("The goods were delivered 60 days ago.")
        expect(does).to_contain_text("20.00 USD")
        page.get_by_role("button", name="Announce the return").click()
        expect(page.get_by_role("region", name="Returns")).to_contain_text(number)

    shop.decide(number, returns.APPROVAL, SUPERVISOR, "approve_return", "A good customer.")
    shop.wait_for_activity(number, returns.FOR_GOODS)

    with window_of(browser, shop, SUPERVISOR, "/receive") as page:
        page.get_by_label("Scan or type").fill(order["number"])
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Receive these goods").click()
        page.get_by_label("Verdict about unit 1").select_option("resellable")
        page.get_by_role("button", name="Book the verdicts").click()
        returns.ended(shop, number, "completed")
        page.reload()
        expect(page.get_by_role("region", name="Where is the money?")).to_contain_text("Paid back 20.00 USD")
        expect(page.get_by_text("Decided by")).to_be_visible()
        expect(page.get_by_text("A good customer.").first).to_be_visible()


def test_a_designer_makes_final_sale_goods_unreturnable(shop: Shop, browser: Browser, tmp_path: Path) -> None:
    """No Python: a row of the table, and a deployment."""
    sku = f"FINAL-{shop.new_sku(0)}"
    shop.receive(sku, 2)
    order = returns.delivered(shop, shop.line(sku, 1, "20.00"))
    other = returns.delivered(shop)
    models = copy_of_our_models(tmp_path)
    cells = [f'<inputEntry id="final_input_{n}"><text></text></inputEntry>' for n in range(INPUTS)]
    cells[SKU] = '<inputEntry id="final_input_sku"><text>starts with(?, "FINAL-")</text></inputEntry>'
    row = FINAL_SALE.format(inputs="\n        ".join(cells))
    change(
        models, POLICY, ('      <rule id="rule_return_policy_kept">', f'{row}      <rule id="rule_return_policy_kept">')
    )

    with deployed(shop, models), window_of(browser, shop, CSR, f"/orders/{order['id']}/return") as page:
        look(page)
        expect(page.get_by_role("region", name="What the return does")).to_contain_text(
            "It cannot come back. Final sale."
        )
        page.goto(f"{shop.system.url}/console/orders/{other['id']}/return")
        look(page)
        expect(page.get_by_role("region", name="What the return does")).to_contain_text("It may come back.")
        refused = returns.announce(shop, order, _1=1)
        returns.ended(shop, refused, "refused")
