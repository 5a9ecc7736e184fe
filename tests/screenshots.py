"""`make screenshots`: starts the whole system without data, runs orders, takes the pictures of the README."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Page, ViewportSize, expect

from deploy.local.bring_up import bring_up
from deploy.local.credentials import load_or_create
from deploy.local.engine_build import built_engine
from deploy.local.environment import environment_of
from deploy.local.installation import Installation, Ports
from deploy.local.places import CHECKOUT
from deploy.local.ports import free_ports
from deploy.local.programs import programs_of
from deploy.local.supervision import Supervision
from deploy.local.waiting import wait_until
from tests.factories.orders import address, charge, discount, line, order_body, ship_group, tax
from tests.fixtures.browser import browser, chromium

IMAGES = CHECKOUT / "docs" / "images"
WIDE: ViewportSize = {"width": 1440, "height": 940}
TALL: ViewportSize = {"width": 1440, "height": 1340}
FLAT: ViewportSize = {"width": 1440, "height": 640}
PHONE: ViewportSize = {"width": 390, "height": 844}
PACE = {"DEMO_EDIT_WINDOW": "PT3S", "WAREHOUSE_SHIP_DELAY": "2", "WAREHOUSE_DELIVER_DELAY": "5"}
CUSTOMERS = ("Mary Shelley", "Katherine Johnson", "Nikola Tesla", "Rosalind Franklin", "Emmy Noether")
PATIENCE = 90


@contextmanager
def running_system(folder: Path) -> Iterator[dict[str, str]]:
    """The whole of `make run` with its own ports and data; yields its settings."""
    ports = Ports(*free_ports(4))
    installation = Installation(folder, ports, load_or_create(folder / "credentials.json"))
    jar = built_engine()
    for needed in (installation.metrics, installation.log("").parent):
        needed.mkdir(parents=True, exist_ok=True)
    environment = environment_of(installation, {**os.environ, **PACE})
    supervision = Supervision(folder, programs_of(installation, jar), environment)
    try:
        supervision.start()
        bring_up(supervision, installation, environment)
        yield environment
    finally:
        supervision.stop()


class Shop:
    """The web shop, a colleague in the console and the engine's own pages of one system."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.url = environment["API_URL"]
        self.camunda = environment["ENGINE_URL"].removesuffix("/engine-rest") + "/camunda/app"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.environment['DEMO_API_KEY']}"}
        answer = requests.request(method, self.url + path, json=body, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def place(self, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
        sent = {"ship_groups": [ship_group(charges=[charge("5.99")])], "billing_address": address(), **changes}
        return dict(self.call("POST", "/v1/orders", order_body(*lines, **sent)))

    def wait_for(self, order: dict[str, Any], status: str, item: int | None = None) -> dict[str, Any]:
        seen: dict[str, Any] = {}

        def is_there() -> bool:
            seen.update(self.call("GET", f"/v1/orders/{order['id']}"))
            return bool((seen if item is None else seen["items"][item])["status"] == status)

        wait_until(is_there, PATIENCE, f"Order {order['number']} did not become {status}.", pause=0.5)
        return seen


def shirts(quantity: int) -> dict[str, Any]:
    due = f"{quantity * 20 * 0.06:.2f}"
    return line("20.00", quantity, tax(due, "0.06", "KY state"), sku="TSHIRT-BLUE-M", name="T-shirt, blue, M")


def mugs(quantity: int) -> dict[str, Any]:
    due = f"{(quantity * 10 - 2.5) * 0.06:.2f}"
    mug = line("10.00", quantity, tax(due, "0.06", "KY state"), line_id="2", sku="MUG-WHITE", name="Mug, white")
    return {**mug, "discounts": [discount("2.50", "AUTUMN")]}


def lamp() -> dict[str, Any]:
    """An item without stock."""
    return line("149.00", 1, tax("8.94", "0.06", "KY state"), line_id="3", sku="LAMP-BRASS", name="Desk lamp, brass")


def let_orders_run(shop: Shop) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Returns an order that is partly delivered, one that waits for the review of suspected fraud, and one that is
    completed."""
    for number, name in enumerate(CUSTOMERS * 2, 1001):
        ended = shop.place(shirts(1 + number % 4), external_id=f"W-{number}", customer=guest(name))
    shop.wait_for(ended, "completed")
    ada = {"type": "registered", "id": "C-1815", "name": "Ada Lovelace", "email": "ada@example.com"}
    broken = shop.place(shirts(1), mugs(3), external_id="W-1000", customer=guest("Mary Shelley"))
    running = shop.place(shirts(2), mugs(3), lamp(), external_id="W-1011", customer=ada, note="Ring twice, please.")
    shop.wait_for(running, "delivered", item=1)
    canceled = shop.place(shirts(1), external_id="W-1012", customer=guest("Alan Turing"))
    shop.call("POST", f"/v1/orders/{canceled['id']}/cancellations", {"reason": "customer_changed_mind"})
    declined = [{"type": "card", "token": "tok_decline", "amount": "48.39"}]
    shop.place(shirts(2), external_id="W-1013", customer=guest("Grace Hopper"), tenders=declined)
    suspected = shop.place(shirts(110), external_id="W-1014", customer={"type": "guest"})
    shop.wait_for(suspected, "on_hold")
    for number, name in enumerate(CUSTOMERS[:2], 1015):
        shop.place(mugs(number % 3 + 1), external_id=f"W-{number}", customer=guest(name))
    return running, suspected, shop.wait_for(broken, "completed")


def guest(name: str) -> dict[str, str]:
    return {"type": "guest", "name": name, "email": f"{name.split(maxsplit=1)[0].lower()}@example.com"}


def picture_console(window: Page, shop: Shop, running: dict[str, Any]) -> None:
    log_in_to_console(window, shop, f"/orders/{running['id']}")
    expect(window.get_by_text("Show it in Cockpit")).to_be_visible()
    window.set_viewport_size(TALL)
    take(window, "console-order")
    window.set_viewport_size(PHONE)
    take(window, "console-order-phone")
    window.set_viewport_size(WIDE)
    window.goto(f"{shop.url}/console/orders/{running['id']}/cancel-units")
    window.get_by_label("Units of Desk lamp, brass to cancel").fill("1")
    window.get_by_label("Delivery takes too long").check()
    window.get_by_role("button", name="Show what this does").click()
    expect(window.get_by_role("heading", name="What happens next")).to_be_visible()
    take(window, "console-cancel-units")
    window.goto(f"{shop.url}/console/orders")
    take(window, "console-orders")


def picture_refund(window: Page, shop: Shop, broken: dict[str, Any]) -> None:
    log_in_to_console(window, shop, f"/orders/{broken['id']}/refund")
    window.get_by_label("Units of Mug, white: arrived broken").fill("1")
    window.get_by_label("Shipping: 5.99 USD").check()
    window.get_by_role("radio", name="Arrived broken").check()
    window.get_by_role("button", name="Show what this does").click()
    expect(window.get_by_role("region", name="What the refund does")).to_be_visible()
    window.set_viewport_size(TALL)
    window.get_by_role("region", name="What the refund does").scroll_into_view_if_needed()
    take(window, "console-refund")
    window.get_by_role("button", name="Refund ").click()
    expect(window.get_by_text("went back to Card")).to_be_visible()
    window.set_viewport_size(WIDE)
    window.get_by_role("article", name="Refund").scroll_into_view_if_needed()
    take(window, "console-order-refunds")


def picture_return(window: Page, shop: Shop, order: dict[str, Any]) -> None:
    log_in_to_console(window, shop, f"/orders/{order['id']}/return", "sue-supervisor", "DEMO_PASSWORD_SUPERVISOR")
    window.get_by_label("Units of T-shirt, blue, M").fill("1")
    window.get_by_role("radio", name="Too small").check()
    window.get_by_role("button", name="Show what this does").click()
    window.set_viewport_size(TALL)
    window.get_by_role("region", name="What the return does").scroll_into_view_if_needed()
    take(window, "console-return-preview")
    window.get_by_role("button", name="Announce the return").click()
    window.get_by_role("link", name=f"{order['number']}-R1").click()
    window.get_by_role("button", name="Receive these goods").click()
    expect(window.get_by_label("Verdict about unit 1")).to_be_visible()
    take(window, "console-return")


def log_in_to_console(
    window: Page, shop: Shop, path: str, user: str = "carla-csr", password: str = "DEMO_PASSWORD_CSR"
) -> None:
    window.goto(f"{shop.url}/console{path}")
    window.get_by_label("User name").fill(user)
    window.get_by_label("Password").fill(shop.environment[password])
    window.get_by_role("button", name="Log in").click()


def picture_tasklist(window: Page, shop: Shop, suspected: dict[str, Any]) -> None:
    log_in_to_camunda(window, f"{shop.camunda}/tasklist/default/", shop, "sue-supervisor", "DEMO_PASSWORD_SUPERVISOR")
    window.get_by_text("Fraud review").first.click()
    window.get_by_text("Review suspected fraud").first.click()
    window.get_by_text("Claim", exact=True).first.click()
    expect(window.get_by_text(suspected["number"]).first).to_be_visible()
    expect(window.get_by_text("Reason for the decision")).to_be_visible()
    take(window, "tasklist-review")


def picture_cockpit(window: Page, shop: Shop, running: dict[str, Any]) -> None:
    """Opens the process through the link on the order's page."""
    instance = shop.call("GET", f"/v1/orders/{running['id']}")["processes"][0]["process_instance_id"]
    log_in_to_camunda(window, f"{shop.camunda}/cockpit/default/", shop, "otto-operator", "DEMO_PASSWORD_OPERATOR")
    window.set_viewport_size(FLAT)
    window.goto(f"{shop.camunda}/cockpit/default/#/process-instance/{instance}")
    expect(window.locator(".djs-container .badge").first).to_be_visible()
    window.get_by_title("Maximize diagram").click()
    window.get_by_title("reset zoom").click()
    take(window, "cockpit-order")


def log_in_to_camunda(window: Page, address: str, shop: Shop, user: str, password: str) -> None:
    window.goto(address)
    window.get_by_placeholder("Username").fill(user)
    window.get_by_placeholder("Password").fill(shop.environment[password])
    window.get_by_role("button", name="Log in").click()
    expect(window.get_by_placeholder("Password")).to_have_count(0)


def picture_api(window: Page, shop: Shop) -> None:
    window.goto(f"{shop.url}/docs")
    expect(window.get_by_text("/v1/orders").first).to_be_visible()
    take(window, "api")


def take(window: Page, name: str) -> None:
    # Camunda's pages draw in several steps and do not signal the end.
    window.wait_for_timeout(1000)
    window.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
    print(f"docs/images/{name}.png")


def take_all(
    chrome: Browser, shop: Shop, running: dict[str, Any], suspected: dict[str, Any], broken: dict[str, Any]
) -> None:
    def window() -> Page:
        opened = chrome.new_context(viewport=WIDE, color_scheme="light").new_page()
        opened.set_default_timeout(PATIENCE * 1000)
        return opened

    picture_console(window(), shop, running)
    picture_refund(window(), shop, broken)
    picture_return(window(), shop, broken)
    picture_tasklist(window(), shop, suspected)
    picture_cockpit(window(), shop, running)
    picture_api(window(), shop)


def main() -> int:
    if chromium() is None:
        print("The pictures need Chromium: install it, then run again.", file=sys.stderr)
        return 1
    expect.set_options(timeout=PATIENCE * 1000)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="order-service-screenshots-") as folder,
        running_system(Path(folder)) as environment,
    ):
        shop = Shop(environment)
        with browser() as chrome:
            take_all(chrome, shop, *let_orders_run(shop))
    return 0


if __name__ == "__main__":
    sys.exit(main())
