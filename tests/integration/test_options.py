"""The options of an order say what its acts would answer."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from order_api.core.database import transaction
from order_api.words import Role
from tests.factories.companies import PASSWORD
from tests.factories.counted_queries import counted_queries
from tests.factories.money import Money
from tests.factories.options import by_name, mismatches, options, tried, why_not
from tests.factories.orders import Json, charge, line, ship_group, tax
from tests.factories.refunds import Refunds, of_line, off, paid_order, three_lines
from tests.fixtures.service import Client


def nothing_shipped(channel: Client) -> Refunds:
    money = three_lines(channel)
    money.authorize()
    return Refunds(channel, money)


def partly_shipped(channel: Client) -> Refunds:
    refunds = nothing_shipped(channel)
    refunds.money.capture(refunds.money.ship(**{"1": 2, "2": 1}))
    return refunds


def unpaid_parcel(channel: Client) -> Refunds:
    refunds = nothing_shipped(channel)
    refunds.money.ship(**{"1": 2})
    return refunds


def one_of_two_parcels_paid(channel: Client) -> Refunds:
    refunds = partly_shipped(channel)
    refunds.money.ship(**{"1": 1, "3": 2})
    return refunds


def waiting(body: Json) -> Callable[[Client], Refunds]:
    def begin(channel: Client) -> Refunds:
        refunds = paid_order(channel)
        refunds.asked(**body)
        return refunds

    return begin


def all_refunded(channel: Client) -> Refunds:
    refunds = paid_order(channel)
    for line_id, quantity in (("1", 3), ("2", 1), ("3", 2)):
        refunds.paid(**of_line(quantity, line_id))
    refunds.paid(charges=[{"charge_id": refunds.order()["ship_groups"][0]["charges"][0]["id"]}])
    return refunds


def reduced(channel: Client) -> Refunds:
    refunds = paid_order(channel)
    refunds.paid(**off("7.77", "1"))
    refunds.paid(**of_line(1))
    refunds.paid(**off("44.35", "2"))
    return refunds


def canceled_units(channel: Client) -> Refunds:
    lines = [line("10.00", 3, line_id="1"), line("5.00", 1, line_id="2")]
    order = channel.place(*lines, ship_groups=[ship_group(charges=[charge("2.00")])], charges=[charge("1.00", "gift")])
    refunds = Refunds(channel, Money(channel, order, is_at_warehouse=False))
    cancel(refunds, items=[{"line_id": "1", "units": [2]}])
    return refunds


def asked_back(channel: Client) -> Refunds:
    refunds = nothing_shipped(channel)
    cancel(refunds, items=[{"line_id": "1", "units": [3]}])
    return refunds


def canceled_order(channel: Client) -> Refunds:
    refunds = nothing_shipped(channel)
    cancel(refunds)
    return refunds


def too_old(channel: Client) -> Refunds:
    refunds = paid_order(channel)
    change(refunds, "UPDATE payment_transactions SET settled_at = now() - interval '200 days' WHERE order_id = :id")
    return refunds


def captured_twice(channel: Client) -> Refunds:
    refunds = paid_order(channel)
    columns = "order_id, tender_id, kind, parent_id, shipment_id, amount, currency, status, reference, requested_at"
    of_order = "FROM payment_transactions WHERE order_id = :id AND kind = 'capture'"
    again = f"INSERT INTO payment_transactions (id, {columns}) SELECT gen_random_uuid(), {columns} {of_order}"
    change(refunds, again)
    return refunds


def cancel(refunds: Refunds, **body: Any) -> None:
    body |= {"reason": "changed_mind"}
    answer = refunds.client.post(f"/v1/orders/{refunds.money.id}/cancellations", body, Idempotency_Key=str(uuid4()))
    assert answer.status_code in (200, 202), answer.text


def change(refunds: Refunds, statement: str) -> None:
    with transaction() as session:
        session.execute(text(statement), {"id": refunds.money.id})


NOTHING_POSSIBLE = {"reduction of the order waits", "all refunded", "canceled order"}
ORDERS = {
    "nothing shipped": nothing_shipped,
    "partly shipped": partly_shipped,
    "paid": paid_order,
    "unpaid parcel": unpaid_parcel,
    "one of two parcels paid": one_of_two_parcels_paid,
    "refund of units waits": waiting(of_line(1)),
    "price reduction waits": waiting(off("1.00", "1")),
    "reduction of the order waits": waiting(off("1.00")),
    "all refunded": all_refunded,
    "reduced": reduced,
    "canceled units": canceled_units,
    "units asked back": asked_back,
    "canceled order": canceled_order,
    "capture too old": too_old,
    "captured twice": captured_twice,
}


@pytest.mark.parametrize("kind", ORDERS)
def test_options_say_what_the_acts_answer(channel: Client, kind: str) -> None:
    refunds = ORDERS[kind](channel)

    found = tried(refunds)

    assert mismatches(found) == []
    assert any(each.promised for each in found) == (kind not in NOTHING_POSSIBLE)


def units_of(shown: Json, line_id: str = "1") -> list[Json]:
    return next(list(line["units"]) for line in shown["lines"] if line["line_id"] == line_id)


def ranges(shown: Json, line_id: str = "1") -> list[tuple[int, int, str, str | None]]:
    units = units_of(shown, line_id)
    return [(each["first_unit"], each["quantity"], each["fate"], each["remaining"]) for each in units]


def test_units_are_told_apart_by_fate_and_worth(channel: Client) -> None:
    refunds = partly_shipped(channel)
    refunds.paid(**of_line(1, goods="lost"))

    shown = options(channel, refunds.money.id)

    assert ranges(shown) == [(1, 1, "lost", "0.00"), (2, 1, "shipped", "19.70"), (3, 1, "open", None)]
    assert [line["remaining"] for line in shown["lines"]] == ["19.70", "44.35", "0.00"]
    assert [(c["charge_type"], c["ship_group"], c["remaining"]) for c in shown["charges"]] == [
        ("shipping", "home", "6.48")
    ]
    assert shown["remaining"] == "70.53"


def test_each_refusal_is_a_plain_sentence(channel: Client) -> None:
    paid, unpaid = options(channel, partly_shipped(channel).money.id), options(channel, unpaid_parcel(channel).money.id)
    shipped, open_ = units_of(paid)

    assert why_not(shipped, "cancel") == "These units have shipped."
    assert why_not(open_, "refund_units") == "These units have not shipped. Cancel them instead."
    assert why_not(paid["lines"][2], "price_reduction") == "No unit of the line has shipped."
    assert str(why_not(units_of(unpaid)[0], "refund_units")).startswith("The parcel is not paid yet.")
    assert why_not(paid, "refund_excess") == "Nothing was captured beyond what is owed."
    assert str(why_not(paid, "cancel_order")).endswith("so the whole order cannot be canceled.")


def test_canceled_units_and_those_asked_back_are_not_canceled_again(channel: Client) -> None:
    canceled, asked = (options(channel, begin(channel).money.id) for begin in (canceled_units, asked_back))

    assert [why_not(units, "cancel") for units in units_of(canceled)] == [None, "These units were canceled.", None]
    assert [why_not(units, "cancel") for units in units_of(asked)] == [
        None,
        "The warehouse has been asked to give these units back.",
    ]
    assert why_not(canceled["charges"][0], "refund_charge") == "No parcel has left with this charge."


def test_units_of_a_refund_that_waits_name_it(channel: Client) -> None:
    refunds = paid_order(channel)
    refunds.paid(**of_line(1))
    number = refunds.asked(**of_line(1))

    shown = options(channel, refunds.money.id)

    assert [why_not(units, "refund_units") for units in units_of(shown)] == [
        "The customer has got a remedy for these units already.",
        f"{number} waits for its approval and concerns these units.",
        None,
    ]
    assert str(why_not(shown["lines"][0], "price_reduction")).startswith(f"{number} waits for its approval")


def test_a_refund_goes_to_the_card_until_its_provider_ends_that_and_outside_later(channel: Client) -> None:
    paid, old = (options(channel, begin(channel).money.id) for begin in (paid_order, too_old))

    now, later = (by_name(units_of(shown)[0])["refund_units"] for shown in (paid, old))

    assert (now["destinations"], now["until"] is None) == (["original", "outside"], False)
    assert (later["possible"], later["destinations"], later["until"]) == (True, ["outside"], None)
    assert by_name(units_of(paid)[0])["cancel"]["until"] is None


def test_what_the_caller_may_not_do_names_the_permission(warehouse: Client, channel: Client) -> None:
    refunds = partly_shipped(channel)

    shown = options(warehouse, refunds.money.id)

    assert why_not(shown, "cancel_order") == "You have no permission to cancel orders and units (`cancel_orders`)."
    assert why_not(units_of(shown)[0], "refund_units") == "You have no permission to ask for a refund (`refund`)."
    assert [option["possible"] for option in shown["options"]] == [False] * 3
    assert Refunds(warehouse, refunds.money).preview(**of_line(1)).status_code == 403


def test_strangers_find_no_order_and_auditors_may_read(app: Flask, channel: Client, stranger: Client) -> None:
    order_id = nothing_shipped(channel).money.id
    credentials = {"username": channel.company.staff[Role.AUDITOR], "password": PASSWORD}
    token = Client(app, channel.company, None).post("/v1/tokens", credentials).get_json()["access_token"]

    shown = options(Client(app, channel.company, token), order_id)

    assert stranger.get(f"/v1/orders/{order_id}/options").status_code == 404
    assert {option["possible"] for line in shown["lines"] for option in units_of(shown)[0]["options"]} == {False}


def shipped_lines(channel: Client, count: int) -> Refunds:
    lines = [line("1.00", 2, tax("0.16"), line_id=str(number)) for number in range(count)]
    money = Money(channel, channel.place(*lines))
    money.authorize()
    money.capture(money.ship(**{str(number): 1 for number in range(count)}))
    return Refunds(channel, money)


def test_options_cost_the_same_number_of_queries_however_many_lines_there_are(channel: Client) -> None:
    small, large = shipped_lines(channel, 1), shipped_lines(channel, 50)
    large.paid(**of_line(1, "7"))
    large.asked(**of_line(1, "8"))
    with counted_queries() as of_small:
        options(channel, small.money.id)

    with counted_queries() as of_large:
        options(channel, large.money.id)

    assert len(of_large) == len(of_small)
