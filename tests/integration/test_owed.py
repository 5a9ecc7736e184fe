"""What we owe customers is listed until the money has gone, and operators can settle it without waiting."""

from collections.abc import Sequence
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from prometheus_client import REGISTRY
from sqlalchemy import select, text

from order_api.cli import main
from order_api.core.database import transaction
from order_api.outbox.models import OutboxRow, RowKind, RowState
from order_api.refunds.retry import retry_refund
from tests.factories.companies import create_company
from tests.factories.counted_queries import counted_queries
from tests.factories.money import Money
from tests.factories.orders import Json, line
from tests.factories.refunds import ONE_BROKEN, WORKER, Refunds, of_line, off, paid_order, problem, three_lines
from tests.fixtures.service import Client
from workers.gauges import Gauges


@pytest.fixture
def shop(app: Flask) -> Client:
    """A company that owes nothing yet."""
    company = create_company()
    return Client(app, company, company.channel_key)


def owed(shop: Client, **query: Any) -> list[Json]:
    answer = shop.get("/v1/owed", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.get_json()["owed"])


def granted(shop: Client, token: str = "tok_approve", **body: Any) -> tuple[Refunds, str]:
    """A refund that was asked at its gateway once."""
    refunds = paid_order(shop, token)
    number = refunds.asked(**(body or ONE_BROKEN))
    refunds.grant(number)
    refunds.pay(number)
    return refunds, number


def outside(shop: Client) -> tuple[Refunds, str]:
    return granted(shop, **ONE_BROKEN, destination="outside")


def test_each_refund_that_is_not_paid_says_what_it_waits_for_oldest_first(shop: Client) -> None:
    _, pending = granted(shop, "tok_pending_refund")
    _, booking = outside(shop)
    _, refused = granted(shop, "tok_decline_refund", **of_line(2))
    _, paid = granted(shop)
    paid_order(shop).asked(**ONE_BROKEN)

    found = owed(shop)

    assert [(each["number"], each["waits_for"], each["amount"]) for each in found] == [
        (pending, "gateway", "19.70"),
        (booking, "booking", "19.70"),
        (refused, "decision", "39.40"),
    ]
    assert paid not in [each["number"] for each in found]
    assert found[0]["since"] <= found[1]["since"] <= found[2]["since"]


def test_a_part_that_is_tried_again_is_owed_once(shop: Client) -> None:
    refunds, number = granted(shop, "tok_decline_refund")
    with transaction() as session:
        retry_refund(session, WORKER, refunds.subject(session, number))

    assert [(each["amount"], each["waits_for"]) for each in owed(shop)] == [("19.70", "gateway")]


def test_what_is_owed_is_filtered_and_listed_page_by_page(shop: Client, stranger: Client) -> None:
    numbers = [outside(shop)[1] for _ in range(3)]

    first = shop.get("/v1/owed", limit=2).get_json()
    rest = shop.get("/v1/owed", limit=2, cursor=first["next_cursor"]).get_json()

    assert [each["number"] for each in (*first["owed"], *rest["owed"])] == numbers
    assert rest["next_cursor"] is None
    assert [each["number"] for each in owed(shop, currency="USD", collection=shop.company.key)] == numbers
    assert owed(shop, currency="EUR") == owed(shop, collection="another") == []
    assert owed(stranger, collection=shop.company.key) == []
    assert problem(shop.get("/v1/owed", cursor="nonsense"), 422)["code"] == "cursor_invalid"


def test_the_list_costs_the_same_number_of_queries_however_long_it_is(shop: Client) -> None:
    outside(shop)
    with counted_queries() as short:
        owed(shop)
    granted(shop, "tok_pending_refund")
    outside(shop)

    with counted_queries() as long:
        assert len(owed(shop)) == 3

    assert len(long) == len(short)


def test_a_refund_that_was_lowered_to_the_money_of_one_parcel_is_paid(shop: Client) -> None:
    money = three_lines(shop)
    money.authorize()
    money.capture(money.ship(**{"1": 3}), task="first")
    money.capture(money.ship(**{"2": 1, "3": 2}), task="second")
    refunds = Refunds(shop, money)
    number = refunds.asked(**off("60.00"))

    refunds.grant(number, lowered_to="0.01")
    refunds.pay(number)

    assert refunds.read(number)["state"] == "paid"
    assert owed(shop) == []


def metric(name: str) -> float | None:
    return REGISTRY.get_sample_value(f"order_refunds_owed{name}", {"currency": "KWD"})


def test_metrics_say_what_is_owed_in_each_currency_until_it_is_paid(
    shop: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.gauges.INTERVAL", 0)
    money = Money(shop, shop.place(line("2.500", 2), currency="KWD"))
    money.authorize()
    money.capture(money.ship(**{"1": 2}))
    refunds, gauges = Refunds(shop, money), Gauges()
    number = refunds.asked(**ONE_BROKEN, destination="outside")
    refunds.grant(number)
    with transaction() as session:
        aged = "UPDATE refunds SET decided_at = now() - interval '2 hours' WHERE number = :number"
        session.execute(text(aged), {"number": number})

    gauges.refresh()
    assert (metric(""), metric("_amount")) == (1, 2.5)
    assert 7200 <= (metric("_oldest_seconds") or 0) < 7260

    command("book-refund", number, "--reference", "BANK-1")
    gauges.refresh()
    assert (metric(""), metric("_amount"), metric("_oldest_seconds")) == (0, 0, 0)


# Commands.


def command(*arguments: str) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def refused(*arguments: str) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1, done.output
    return done.output


def messages(number: str) -> Sequence[str]:
    """Those that wait to wake the process of the refund."""
    to_it = OutboxRow.business_key == number, OutboxRow.kind == RowKind.MESSAGE, OutboxRow.state == RowState.PENDING
    with transaction() as session:
        return session.scalars(select(OutboxRow.name).where(*to_it, OutboxRow.process == "order-refund")).all()


def gateways_decide() -> None:
    with transaction() as session:
        session.execute(text("UPDATE simulator_payments SET decides_at = now() WHERE decides_at IS NOT NULL"))


def test_a_refund_is_settled_when_its_gateway_has_decided_and_its_flow_wakes(shop: Client) -> None:
    refunds, number = granted(shop, "tok_pending_refund")

    too_early = command("settle-refund", number)
    woken_too_early = messages(number)
    gateways_decide()
    settled = command("settle-refund", number)
    again = command("settle-refund", number)

    assert (too_early, woken_too_early) == (f"{number} still owes 19.70 USD.\n", [])
    assert settled == again == f"{number} is paid.\n"
    assert refunds.read(number)["payments"][0]["status"] == "done"
    assert messages(number) == ["refund-decided"]
    refunds.pay(number)
    assert messages(number) == []


def test_a_request_that_never_reached_the_gateway_is_paid_and_wakes_no_flow(shop: Client) -> None:
    """The flow is at the task that sends it, not at a wait."""
    refunds = paid_order(shop)
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)

    assert command("settle-refund", number) == f"{number} is paid.\n"
    assert refunds.given_back_at_the_gateway() == [1970]
    assert messages(number) == []


def test_what_is_booked_still_wakes_the_flow_after_a_look_at_the_gateway(shop: Client) -> None:
    _, number = outside(shop)

    before = command("settle-refund", number)
    booked, again = (command("book-refund", number, "--reference", "BANK-1") for _ in range(2))
    command("settle-refund", number)

    assert before == f"{number} still owes 19.70 USD.\n"
    assert booked == again == f"{number} is booked with the reference BANK-1; it is paid.\n"
    assert messages(number) == ["refund-booked"]


def test_commands_refuse_in_one_sentence(shop: Client) -> None:
    number = paid_order(shop).asked(**ONE_BROKEN)

    assert refused("settle-refund", number) == f"Error: {number} is not granted: it is requested.\n"
    assert refused("settle-refund", "NONE-F1") == "Error: There is no refund NONE-F1.\n"
    assert refused("book-refund", number, "--reference", "B").startswith(f"Error: Nothing of {number}")
