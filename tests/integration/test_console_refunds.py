"""Refunds on the order's page: what was asked for, where the money is, and what of it counts as refunded."""

import re

import pytest
from flask.testing import FlaskClient

from tests.factories.refunds import ONE_BROKEN, Refunds, of_line, off, paid_order, written_off
from tests.fixtures.pages import money_panel, unfolded_panel
from tests.fixtures.service import Client


@pytest.fixture
def refunds(channel: Client) -> Refunds:
    return paid_order(channel)


def section(agent: FlaskClient, refunds: Refunds, name: str) -> str:
    """The text of a section of the order's page."""
    page = agent.get(f"/console/orders/{refunds.money.id}").text
    found = re.search(rf'<section[^>]*aria-labelledby="{name}-title">(.*?)</section>', page, re.DOTALL)
    assert found, page
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_an_order_without_refunds_says_so(agent: FlaskClient, refunds: Refunds) -> None:
    assert section(agent, refunds, "refunds") == "Refunds No refund was requested."


def test_a_refund_is_told_with_its_amounts_its_reason_and_where_the_money_is(
    agent: FlaskClient, refunds: Refunds
) -> None:
    paid = refunds.paid(**ONE_BROKEN)

    told = section(agent, refunds, "refunds")

    assert told.startswith(f"Refunds {paid['number']} Paid back Arrived broken: 19.70 USD off the bill, 19.70 USD to")
    assert "Where is the refund? 19.70 USD went back to Card on " in told
    assert f"; trace number {paid['payments'][0]['trace_number']}, expected by " in told


def test_a_refund_that_waits_names_the_supervisor_and_who_asked(agent: FlaskClient, refunds: Refunds) -> None:
    number = refunds.asked(**ONE_BROKEN, note="Photo came by mail.")
    refunds.judge(number, "supervisor", "Above 10.00 USD.")

    told = section(agent, refunds, "refunds")

    assert f"{number} Waits for approval" in told
    assert "A supervisor must approve it. Above 10.00 USD. Requested by " in told
    assert "Photo came by mail." in told
    assert "19.70 USD goes back to Card once the refund is granted." in told


@pytest.mark.parametrize(
    ("card", "sentence", "alarm"),
    [
        ("tok_pending_refund", "19.70 USD for Card has been with the payment provider since ", "Granted, not paid"),
        ("tok_decline_refund", "Failed 19.70 USD for Card was refused by the payment provider: ", "Granted, not paid"),
    ],
)
def test_what_is_pending_or_refused_is_not_said_to_be_refunded(
    agent: FlaskClient, refunds: Refunds, card: str, sentence: str, alarm: str
) -> None:
    refunds.use_card(card)

    refunds.paid(**ONE_BROKEN)

    assert sentence in section(agent, refunds, "refunds")
    assert alarm in section(agent, refunds, "refunds")
    assert money_panel(agent, refunds.money.id)["refunded"] == "0.00"


def test_the_payments_of_a_refund_have_words_in_every_state(agent: FlaskClient, refunds: Refunds) -> None:
    waits = refunds.asked(**ONE_BROKEN)
    held = section(agent, refunds, "payments")
    refunds.refuse(waits)
    refused = section(agent, refunds, "payments")
    refunds.paid(**ONE_BROKEN)
    refunds.grant(refunds.asked(**ONE_BROKEN, destination="outside"))

    assert "Refund not granted yet Card" in held
    assert "Refund not granted Card" in refused
    assert "Paid back Card" in section(agent, refunds, "payments")
    assert "Payment outside to be made Card" in section(agent, refunds, "payments")


# The money panel.


def test_refunded_unfolds_by_tender_and_counts_only_what_is_done(agent: FlaskClient, refunds: Refunds) -> None:
    refunds.paid(**ONE_BROKEN)
    outside = refunds.paid(**off("5.00", "2"), destination="outside")["number"]
    before = unfolded_panel(agent, refunds.money.id)["Refunded"]
    refunds.book(outside, "BANK-1")

    assert before == [("Card", "19.70")]
    assert unfolded_panel(agent, refunds.money.id)["Refunded"] == [("Card", "24.70")]
    assert "5.00 USD was paid outside, reference BANK-1, on " in section(agent, refunds, "refunds")


@pytest.mark.parametrize(
    ("card", "destination", "owed"),
    [
        ("tok_pending_refund", "original", "10.00 are on their way."),
        ("tok_decline_refund", "original", "10.00 were refused by the payment provider."),
        ("tok_approve", "outside", "10.00 are to be paid outside."),
    ],
)
def test_what_granted_refunds_have_not_paid_yet_is_owed_and_the_page_says_where_it_is(
    agent: FlaskClient, refunds: Refunds, card: str, destination: str, owed: str
) -> None:
    refunds.use_card(card)

    refunds.paid(**off("10.00"), destination=destination)

    money = section(agent, refunds, "money")
    assert money.endswith(f"We owe the customer 10.00 USD, of which {owed}")


def test_a_refund_that_was_paid_leaves_nothing_owed(agent: FlaskClient, refunds: Refunds) -> None:
    refunds.paid(**off("10.00"))

    assert section(agent, refunds, "money").endswith("Nothing is owed now.")


def test_written_off_unfolds_to_what_refunds_have_left_of_it(agent: FlaskClient, channel: Client) -> None:
    refunds = written_off(channel)

    refunds.paid(**ONE_BROKEN)

    assert unfolded_panel(agent, refunds.money.id)["Written off"] == [("Card", "96.79")]
    assert money_panel(agent, refunds.money.id)["written_off"] == "96.79"
    assert "Write-off reversed Card" in section(agent, refunds, "payments")
    assert "Granted, nothing to pay back" in section(agent, refunds, "refunds")


# The history.


def test_the_history_tells_each_fact_of_a_refund_with_its_number_and_amounts(
    agent: FlaskClient, refunds: Refunds
) -> None:
    number = refunds.paid(**of_line(1, goods="lost"))["number"]

    history = section(agent, refunds, "history")

    amounts = "19.70 USD off the bill · 19.70 USD to the customer"
    assert f"Refund asked for {number} {amounts} · Arrived broken" in history
    assert f"Refund granted {number} {amounts}" in history
    assert f"Refund paid {number} 19.70 USD to the customer" in history
    assert "Paid back 19.70 USD" in history
    assert f"Lost on the way Thing 1 refund {number}" in history
