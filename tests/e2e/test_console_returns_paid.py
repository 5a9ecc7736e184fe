"""A return in the console, on a whole system with its engine: caller, supervisor, inspector, and a designer's table."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect

from tests.factories import engine_returns as returns
from tests.factories.engine_refunds import CSR, SUPERVISOR
from tests.fixtures.designer import add_row, copy_of_our_models, deployed, remove_row
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import PASSWORD, PATIENCE

POLICY, FEES = Path("decisions/return-policy.dmn"), Path("decisions/return-fees.dmn")
COMES = {"decision": '"accept"', "goods_kept": "false", "shipping_back": '"none"', "refund_when": '"inspected"'}
COMES |= {"refund_days": "14", "inspect": "true"}


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


def test_a_designer_decides_about_final_sale_gold_customers_and_late_goods(
    shop: Shop, browser: Browser, tmp_path: Path
) -> None:
    """No Python: rows of two tables, and a deployment. Before, everything comes back for 30 days, and nothing later."""
    sold = {**shop.line("MUG-WHITE", 1, "20.00"), "attributes": {"final_sale": True}}
    gold = {"type": "registered", "id": "G-7", "name": "Ada", "email": f"{uuid4().hex}@example.com", "groups": ["gold"]}
    final = returns.delivered(shop, sold)
    late, of_gold = returns.delivered(shop, days_ago=34), returns.delivered(shop, days_ago=60, customer=gold)
    models = copy_of_our_models(tmp_path)
    for file, row in ((POLICY, "gold"), (POLICY, "late"), (POLICY, "staff"), (FEES, "late")):
        remove_row(models, file, row)
    over = "It cannot come back. The time in which these goods may come back is over."

    with deployed(shop, models), window_of(browser, shop, CSR, f"/orders/{final['id']}/return") as page:
        assert_says(shop, page, final, "It may come back.", "20.00 USD")
        assert_says(shop, page, late, over)
        assert_says(shop, page, of_gold, over)

        add_row(models, POLICY, "after_day_30", {"days": "[31..44]"}, COMES)
        add_row(models, POLICY, "golden", {"days": "<= 60", "customer_groups": 'list contains(?, "gold")'}, COMES)
        refuse = {**COMES, "decision": '"refuse"', "words": '"Final sale."'}
        sold_as_final = {"attributes": "?.final_sale = true", "placed_on": '>= date("2026-01-01")'}
        add_row(models, POLICY, "final_sale", sold_as_final, refuse)
        fee = {"type": '"late"', "words": '"10 % kept"', "percent": "10", "of": '"gross"', "tax": '"as_line"'}
        add_row(models, FEES, "after_day_30", {"days": "[31..44]"}, fee)
        shop.system.command("deploy", str(models))

        assert_says(shop, page, final, "It cannot come back. Final sale.")
        assert_says(shop, page, late, "It may come back.", "10 % kept", "18.00 USD")
        assert_says(shop, page, of_gold, "It may come back.", "20.00 USD")
        returns.ended(shop, returns.announce(shop, final, _1=1), "refused")


def assert_says(shop: Shop, page: Page, order: Json, *words: str) -> None:
    page.goto(f"{shop.system.url}/console/orders/{order['id']}/return")
    look(page)
    for each in words:
        expect(page.get_by_role("region", name="What the return does")).to_contain_text(each)
