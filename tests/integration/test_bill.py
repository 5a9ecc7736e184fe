"""The bill of an order as the API tells it: what was placed, adjusted, due, captured and left (AFTER_SALE §1)."""

import pytest
from flask.testing import FlaskClient

from order_api.core.outside import run
from order_api.settlement.close_order import CloseOrder
from tests.factories.fates import change
from tests.factories.money import Money
from tests.factories.orders import Json, charge, discount, line, ship_group, tax
from tests.factories.stories import cancel_items
from tests.fixtures.pages import money_panel, unfolded_panel
from tests.fixtures.service import Client

SUMS = ("placed", "adjusted", "due", "to_capture", "captured", "refunded", "written_off", "outstanding")


def bill(client: Client, money: Money) -> Json:
    document: dict[str, Json] = client.get(f"/v1/orders/{money.id}").get_json()
    return document["bill"]


def sums(client: Client, money: Money) -> list[str]:
    return [bill(client, money)[name] for name in SUMS]


def goods(channel: Client) -> Money:
    """Two wrapped shirts for 22.00 with 5.40 for shipping, a lamp for 64.80 with 12.00 for shipping, a fee of 1.00."""
    wrap = charge("2.00", "gift_wrap")
    groups = [
        ship_group(charges=[charge("5.00", taxes=[tax("0.40")])]),
        ship_group(id="office", charges=[charge("12.00")]),
    ]
    shirts = line("9.26", 2, tax("1.48"), line_id="A", charges=[wrap])
    lamp = line("60.00", 1, tax("4.80"), line_id="B", ship_group="office")
    money = Money(channel, channel.place(shirts, lamp, ship_groups=groups, charges=[charge("1.00", "fee")]))
    money.authorize()
    return money


def test_a_new_order_is_due_as_it_was_placed_and_all_of_it_is_still_to_capture(channel: Client) -> None:
    placed = channel.place(line("10.00", 2, line_id="A"))

    assert [placed["bill"][name] for name in SUMS] == "20.00 0.00 20.00 20.00 0.00 0.00 0.00 20.00".split()
    assert placed["items"][0]["bill"] == {"placed": "20.00", "due": "20.00", "remaining": "20.00"}
    assert placed["bill"]["adjustments"] == []


def test_canceled_units_are_taken_off_with_the_charges_that_no_parcel_will_bear(channel: Client) -> None:
    money = goods(channel)

    cancel_items(money.actor, money.id, money.items["B"])

    assert sums(channel, money) == "105.20 -76.80 28.40 28.40 0.00 0.00 0.00 28.40".split()
    assert [(a["kind"], a["line_id"], a["charge_type"], a["amount"]) for a in bill(channel, money)["adjustments"]] == [
        ("units_canceled", "B", None, "-64.80"),
        ("charge_removed", None, "shipping", "-12.00"),
    ]


def test_an_adjustment_tells_its_units_its_taxes_and_the_cancellation(channel: Client) -> None:
    money = goods(channel)
    cancel_items(money.actor, money.id, money.items["B"])
    history = channel.get(f"/v1/orders/{money.id}/history").get_json()["events"]
    [canceled] = [event for event in history if event["event"] == "item.canceled"]

    adjustment = bill(channel, money)["adjustments"][0]

    assert adjustment["taxes"] == [{"name": "state", "rate": "0.08", "amount": "-4.80"}]
    assert (adjustment["first_unit"], adjustment["quantity"]) == (1, 1)
    assert (adjustment["cause_kind"], adjustment["cause_id"]) == (
        "cancellation",
        canceled["details"]["cancellation_id"],
    )


def test_a_group_of_which_a_unit_departed_keeps_its_charges(channel: Client) -> None:
    money = goods(channel)
    money.ship(A=1)
    money.capture()

    cancel_items(money.actor, money.id, money.items["A"])

    assert sums(channel, money) == "105.20 -11.00 94.20 76.80 17.40 0.00 0.00 76.80".split()


def test_a_line_tells_what_it_cost_what_is_due_and_what_remains(channel: Client) -> None:
    money = goods(channel)
    money.ship(A=1)

    cancel_items(money.actor, money.id, money.items["A"])

    document = channel.get(f"/v1/orders/{money.id}").get_json()
    assert [item["bill"] for item in document["items"]] == [
        {"placed": "22.00", "due": "11.00", "remaining": "11.00"},
        {"placed": "64.80", "due": "64.80", "remaining": "64.80"},
    ]
    assert document["totals"]["grand_total"] == "105.20"


def test_an_order_that_is_canceled_whole_in_two_acts_owes_nothing(channel: Client) -> None:
    money = goods(channel)

    cancel_items(money.actor, money.id, money.items["A"])
    cancel_items(money.actor, money.id, None)

    assert sums(channel, money) == "105.20 -105.20 0.00 0.00 0.00 0.00 0.00 0.00".split()


PLANTED = """INSERT INTO adjustments (order_id, kind, cause_kind, cause_id, amount, is_before_departure, at)
    VALUES (:id, 'charge_removed', 'cancellation', gen_random_uuid(), -100, {is_open}, now())"""


@pytest.mark.parametrize("is_open", [True, False])
def test_document_page_and_capture_read_the_ledger(channel: Client, agent: FlaskClient, is_open: bool) -> None:
    money = goods(channel)
    money.ship(A=2, B=1)

    change(money, PLANTED.format(is_open=is_open))

    seen = "105.20 -1.00 104.20 0.00 0.00 0.00 0.00 104.20".split()
    assert sums(channel, money) == seen
    on_page = money_panel(agent, money.id)
    assert [on_page[name] for name in SUMS] == seen
    money.capture()
    assert money.done()["capture"] == [104_20]
    assert bill(channel, money)["outstanding"] == "0.00"


DIFFERENCES = {0: "", -100: "We owe the customer 1.00 USD."}


@pytest.mark.parametrize(("planted", "difference"), DIFFERENCES.items())
def test_closing_the_order_reads_the_ledger(channel: Client, planted: int, difference: str) -> None:
    money = goods(channel)
    money.capture(money.ship(A=2, B=1))
    change(money, PLANTED.format(is_open=False).replace("-100", str(planted)))

    story = run(CloseOrder(money.actor, money.id, "close"))

    assert (story.is_explained, story.difference) == (not planted, difference)


def test_each_sum_of_the_money_panel_unfolds_to_its_parts(channel: Client, agent: FlaskClient) -> None:
    cards = [{"type": "card", "token": f"tok_{n}", "amount": amount} for n, amount in enumerate(["30.00", "26.00"])]
    goods = line("10.00", 3, line_id="A"), line("20.00", line_id="B", discounts=[discount("1.00")])
    home = ship_group(charges=[charge("5.00"), charge("2.00", "handling")])
    money = Money(channel, channel.place(*goods, ship_groups=[home], tenders=cards))
    money.authorize()
    cancel_items(money.actor, money.id, money.items["B"])
    money.capture(money.ship(A=2))

    seen = unfolded_panel(agent, money.id)

    assert seen["Placed"] == [("Items", "50.00"), ("Discounts", "-1.00"), ("Charges", "7.00")]
    assert seen["Captured"] == [("Card 1", "27.00")]
    assert seen["Still to capture when goods leave"] == [("Thing A", "10.00")]
    assert seen["Outstanding"] == [("Due", "37.00"), ("Captured", "-27.00")]
