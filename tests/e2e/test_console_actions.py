"""A member of staff cancels an order and writes a note, while the page refreshes itself."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Console
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.orders import Json, line, tax
from tests.fixtures.service import Client


def ship_a_unit(console: Console, order: Json) -> None:
    hand_to_fulfillment(order)
    warehouse = Client(console.channel.app, console.company, console.company.warehouse_key)
    parcel = {"carrier": "dhl", "tracking_number": order["id"], "lines": [{"line_id": "1", "quantity": 1}]}
    assert warehouse.post(f"/v1/orders/{order['id']}/shipments", parcel).status_code == 201


def test_an_order_is_canceled_after_a_question_and_for_a_reason(console: Console) -> None:
    page, order = console.page, console.channel.place()
    console.open_logged_in(f"/orders/{order['id']}")

    page.get_by_role("link", name="Cancel order").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Really cancel order {order['number']}?")
    expect(page.get_by_label("Reason in your own words")).to_be_hidden()
    page.get_by_label("Another reason").check()
    page.get_by_label("Reason in your own words").fill("Moves to another town")
    page.get_by_role("button", name="Yes, cancel the order").click()

    expect(page.get_by_role("status").filter(has_text="The order is being canceled.")).to_be_focused()
    expect(page.get_by_text("Cancel requested")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel order")).to_be_disabled()
    expect(page.get_by_role("button", name="Cancel order")).to_have_accessible_description(
        f"{order['number']} is being canceled."
    )


def test_a_cancellation_without_a_reason_marks_the_field(console: Console) -> None:
    page, order = console.page, console.channel.place()
    console.open_logged_in(f"/orders/{order['id']}/cancel")

    page.get_by_label("Another reason").check()
    page.get_by_role("button", name="Yes, cancel the order").click()

    expect(page.get_by_role("alert").filter(has_text="Correct the field that is marked.")).to_be_focused()
    field = page.get_by_label("Reason in your own words")
    expect(field).to_have_accessible_description("Needs 1 to 200 characters.")
    expect(page.get_by_label("Another reason")).to_be_checked()


def test_a_half_typed_note_survives_the_refresh_and_is_sent_for_the_version_on_the_page(console: Console) -> None:
    page, order = console.page, console.channel.place()
    console.open_logged_in(f"/orders/{order['id']}")
    page.get_by_label("Note", exact=True).fill("Ring twice.")

    console.channel.post(f"/v1/orders/{order['id']}/notes", {"text": "From the web shop."})
    notes = page.get_by_role("region", name="Notes")
    expect(notes).to_contain_text("From the web shop.")
    expect(page.get_by_label("Note", exact=True)).to_have_value("Ring twice.")
    page.get_by_role("button", name="Write the note").click()

    expect(page.get_by_role("status").filter(has_text="The note is written.")).to_be_visible()
    expect(notes).to_contain_text("Ring twice.")
    expect(page.get_by_label("Note", exact=True)).to_have_value("")


def test_the_button_disables_itself_once_the_order_can_no_longer_be_canceled(console: Console) -> None:
    page, order = console.page, console.channel.place()
    console.open_logged_in(f"/orders/{order['id']}/cancel")
    yes = page.get_by_role("button", name="Yes, cancel the order")
    expect(yes).to_be_enabled()
    page.get_by_label("Ordered by mistake").check()

    ship_a_unit(console, order)

    expect(yes).to_be_disabled()
    expect(yes).to_have_accessible_description(re.compile("units have shipped"))
    expect(page.get_by_label("Ordered by mistake")).to_be_checked()


def test_a_half_typed_note_survives_the_end_of_the_log_in(console: Console) -> None:
    page, order = console.page, console.channel.place()
    console.open_logged_in(f"/orders/{order['id']}")
    page.get_by_label("Note", exact=True).fill("Ring twice.")

    page.context.clear_cookies()

    expect(page.get_by_role("alert").filter(has_text="Your log-in has ended.")).to_be_visible()
    expect(page.get_by_label("Note", exact=True)).to_have_value("Ring twice.")


def test_both_actions_work_without_javascript(console: Console) -> None:
    order, browser = console.channel.place(), console.page.context.browser
    assert browser is not None
    with browser.new_context(java_script_enabled=False) as window:
        plain = Console(window.new_page(), console.url, console.company, console.channel)
        plain.open_logged_in(f"/orders/{order['id']}")

        plain.page.get_by_label("Note", exact=True).fill("Ring twice.")
        plain.page.get_by_role("button", name="Write the note").click()
        expect(plain.page.get_by_role("region", name="Notes")).to_contain_text("Ring twice.")
        plain.page.get_by_role("link", name="Cancel order").click()
        plain.page.get_by_label("Customer changed mind").check()
        plain.page.get_by_role("button", name="Yes, cancel the order").click()

        expect(plain.page.get_by_text("Cancel requested")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 1280, 1024, 768, 390])
def test_no_column_and_no_form_is_cut(console: Console, width: int) -> None:
    page, order = console.page, console.channel.place(line("1499.00", 2, tax("179.88", "0.06", "KY state")))
    page.set_viewport_size({"width": width, "height": 900})
    console.open_logged_in(f"/orders/{order['id']}")
    expect(page.get_by_role("region", name="Items")).to_be_visible()
    cut = "[...document.querySelectorAll('html, .card')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"

    order_cut = page.evaluate(cut)
    console.open(f"/orders/{order['id']}/cancel")

    assert (order_cut, page.evaluate(cut)) == (0, 0)


def test_two_of_five_units_are_canceled_in_six_steps_after_a_look_at_what_it_does(console: Console) -> None:
    page, order = console.page, console.channel.place(line("10.00", 5))
    console.open_logged_in(f"/orders/{order['id']}")
    money = page.get_by_role("region", name="Money")
    expect(money).to_contain_text("Nothing is owed now.")

    page.get_by_role("link", name="Cancel units").click()
    page.get_by_label("Units of Thing 1 to cancel").fill("2")
    page.get_by_label("Customer changed mind").check()
    page.get_by_role("button", name="Show what this does").click()
    expect(page.get_by_role("region", name="What happens next")).to_contain_text("30.00 USD instead of 50.00 USD")
    page.get_by_role("button", name="Cancel these units").click()

    expect(page.get_by_role("status").filter(has_text="The units are canceled")).to_be_focused()
    expect(money.locator("#bill-due")).to_have_text("30.00")
    money.get_by_text("Adjusted").click()
    expect(money).to_contain_text("Units canceled: 2 of line 1")
