"""What a member of staff sees and does in the console."""

from playwright.sync_api import expect

from order_api.core.database import transaction
from order_api.progress.processes import rebind
from tests.e2e.conftest import Console
from tests.factories.orders import charge, discount, line, ship_group, tax
from tests.fixtures.service import Client


def test_after_the_log_in_the_page_that_was_asked_for_is_shown(console: Console) -> None:
    order = console.channel.place()
    console.open(f"/orders/{order['id']}")

    console.log_in()

    expect(console.page.get_by_role("heading", level=1)).to_have_text(f"Order {order['number']}")


def test_a_wrong_password_is_answered_kindly(console: Console) -> None:
    console.open("/")

    console.log_in("not the password")

    expect(console.page.get_by_role("alert")).to_contain_text("Wrong user name or password")
    expect(console.page.get_by_label("User name")).not_to_have_value("")


def test_a_person_who_has_logged_out_sees_no_order(console: Console) -> None:
    console.open_logged_in("/orders")

    console.page.get_by_role("button", name="Log out").click()

    expect(console.page.get_by_role("heading", name="Log in")).to_be_visible()
    console.open("/orders")
    expect(console.page.get_by_role("heading", name="Log in")).to_be_visible()


def test_a_new_order_appears_in_the_list_by_itself(console: Console) -> None:
    console.open_logged_in("/orders")
    expect(console.page.get_by_text("No orders yet")).to_be_visible()

    order = console.channel.place()

    expect(console.page.get_by_role("link", name=order["number"])).to_be_visible()


def test_an_order_is_found_by_its_external_id_and_by_its_number(console: Console) -> None:
    wanted, other = console.channel.place(external_id="W-77"), console.channel.place()
    console.open_logged_in("/orders")

    for asked in ("W-77", wanted["number"].lower()):
        console.page.get_by_label("Find an order").fill(asked)
        console.page.get_by_role("button", name="Find").click()

        expect(console.page.get_by_role("link", name=other["number"])).to_have_count(0)
        expect(console.page.get_by_role("link", name=wanted["number"])).to_be_visible()


def test_a_filter_survives_the_refresh(console: Console) -> None:
    wanted = console.channel.place(external_id="W-78")
    console.open_logged_in("/orders")
    console.page.get_by_label("Find an order").fill("W-78")
    console.page.get_by_role("button", name="Find").click()
    expect(console.page).to_have_url(f"{console.url}/console/orders?q=W-78&status=&channel=")

    other = console.channel.place()
    console.wait_for_refresh()
    console.wait_for_refresh()

    expect(console.page.get_by_role("link", name=wanted["number"])).to_be_visible()
    expect(console.page.get_by_role("link", name=other["number"])).to_have_count(0)
    expect(console.page.get_by_label("Find an order")).to_have_value("W-78")


def test_a_status_filter_is_applied_at_once(console: Console) -> None:
    order = console.channel.place()
    console.open_logged_in("/orders")

    console.page.get_by_label("Status").select_option("completed")
    expect(console.page.get_by_text("No orders found")).to_be_visible()

    console.page.get_by_label("Status").select_option("submitted")
    expect(console.page.get_by_role("link", name=order["number"])).to_be_visible()


def test_the_sums_add_up_to_the_grand_total(console: Console) -> None:
    order = console.channel.place(
        line("20.00", 2, tax("2.82", name="KY state"), discounts=[discount("2.00", "ITEM")]),
        discounts=[discount("2.75", "WELCOME")],
        ship_groups=[ship_group(charges=[charge("5.99")])],
    )

    console.open_logged_in(f"/orders/{order['id']}")

    sums = console.page.get_by_role("region", name="Totals").locator("tr")
    expect(sums).to_have_text(
        [
            "Items40.00",
            "Discount ITEM−2.00",
            "Discount WELCOME−2.75",
            "Shipping5.99",
            "Tax KY state 8 %2.82",
            "Grand total44.06 USD",
            "Tender: card44.06",
        ]
    )


def test_included_taxes_are_named_below_the_grand_total(console: Console) -> None:
    order = console.channel.place(
        line("119.00", 1, tax("19.00", rate="0.19", name="VAT")), tax_included=True, currency="EUR"
    )

    console.open_logged_in(f"/orders/{order['id']}")

    sums = console.page.get_by_role("region", name="Totals").locator("tr")
    expect(sums).to_have_text(["Items119.00", "Grand total119.00 EUR", "of which VAT 19 %19.00", "Tender: card119.00"])


def test_what_happens_to_an_order_appears_on_its_page_by_itself(console: Console) -> None:
    order = console.channel.place()
    console.open_logged_in(f"/orders/{order['id']}")

    console.channel.post(f"/v1/orders/{order['id']}/cancellations", {"reason": "customer_changed_mind"})

    newest = console.page.get_by_role("region", name="History").get_by_role("listitem").first
    expect(newest).to_contain_text("Cancellation requested")
    expect(newest).to_contain_text("Customer changed mind")
    expect(console.page.get_by_text("Cancel requested")).to_be_visible()


def test_the_page_of_an_order_survives_an_engine_that_is_down(console: Console, engine_is_down: None) -> None:
    order = console.channel.place()
    with transaction() as session:
        rebind(session, order["number"], "order-submit", "a-process-instance")

    console.open_logged_in(f"/orders/{order['id']}")

    process = console.page.get_by_role("region", name="Current step")
    expect(process).to_contain_text("does not answer at the moment")


def test_the_order_of_another_collection_is_not_found(console: Console, stranger: Client) -> None:
    order = stranger.place()

    console.open_logged_in("/orders")
    console.open(f"/orders/{order['id']}")

    expect(console.page.get_by_role("heading", level=1)).to_have_text("There is nothing here")


def test_what_a_customer_wrote_stays_text(console: Console) -> None:
    name = "<img src=x onerror=document.title='owned'>"
    console.channel.place(customer={"type": "guest", "name": name})

    console.open_logged_in("/orders")

    expect(console.page.get_by_role("cell", name=name)).to_be_visible()
    expect(console.page).to_have_title("Orders · Order service")


def test_the_console_needs_nothing_from_elsewhere(console: Console) -> None:
    order, asked, wrong = console.channel.place(), set[str](), list[str]()
    console.page.on("request", lambda request: asked.add(request.url))
    console.page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)

    console.open_logged_in("/orders")
    console.page.get_by_role("link", name=order["number"]).click()
    expect(console.page.get_by_role("heading", name="History")).to_be_visible()

    assert [url for url in asked if not url.startswith(console.url)] == []
    assert wrong == []


def test_a_page_says_so_when_the_service_is_away(console: Console) -> None:
    console.open_logged_in("/orders")

    console.page.context.set_offline(True)
    expect(console.page.get_by_text("The service does not answer")).to_be_visible()

    console.page.context.set_offline(False)
    expect(console.page.get_by_text("The service does not answer")).to_be_hidden()
