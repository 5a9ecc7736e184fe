"""What was paid twice beside later refunds, other parts and more messages: no cent is explained twice or forgotten."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from order_api.core.database import transaction
from tests.factories.disorder import declined_twice_then_paid_outside, findings
from tests.factories.gateway_events import report
from tests.factories.money import Money
from tests.factories.orders import line
from tests.factories.refunds import ONE_BROKEN, Refunds, off, paid_order
from tests.factories.stories import close_order
from tests.fixtures.service import Client
from tests.integration.test_paid_twice import SUMS, explain, messages, shown, starts

BOTH = [{"line_id": each, "quantity": 1, "goods": "broken"} for each in ("A", "B")]


def declined(refunds: Refunds, **body: object) -> str:
    """The number of a granted refund that the gateway declined."""
    number = refunds.asked(**(body or ONE_BROKEN))
    refunds.grant(number)
    refunds.pay(number)
    return number


def closed_order(channel: Client, token: str = "tok_decline_refund_once") -> Refunds:
    refunds = paid_order(channel, token)
    close_order(refunds.money.actor, refunds.money.id)
    return refunds


def twice(channel: Client, **body: object) -> tuple[Refunds, str, str]:
    """A refund of a closed order, declined, paid at the second try, and then paid by the first."""
    refunds = closed_order(channel)
    number = declined(refunds, **body)
    first = refunds.row_ids("refund")[0]
    refunds.retry(number)
    refunds.pay(number)
    report(refunds.client, "refund_done", first)
    return refunds, number, first


def of_two_lines(channel: Client, *tokens: str) -> Refunds:
    """A closed order of 10.00 (A) and 20.00 (B), each captured on its own; two tokens are a card for each."""
    amounts = ["30.00"] if len(tokens) == 1 else ["10.00", "20.00"]
    cards = [
        {"type": "card", "token": f"{t}:{uuid4()}", "amount": amount} for t, amount in zip(tokens, amounts, strict=True)
    ]
    money = Money(channel, channel.place(line("10.00", line_id="A"), line("20.00", line_id="B"), tenders=cards))
    money.authorize()
    money.capture(money.ship(A=1), "first")
    money.capture(money.ship(B=1), "second")
    close_order(money.actor, money.id)
    return Refunds(channel, money)


def rows_by_amount(refunds: Refunds) -> list[str]:
    rows = [(row["amount"], str(row["id"])) for row in refunds.order()["payments"] if row["kind"] == "refund"]
    return [id_ for _, id_ in sorted(rows)]


def test_a_decision_books_only_the_sum_that_the_form_has_shown(channel: Client) -> None:
    refunds = of_two_lines(channel, "tok_decline_refund")
    number = declined(refunds, items=BOTH)
    first, second = rows_by_amount(refunds)
    refunds.redirect(number)
    refunds.book(number, "BANK-1")
    report(refunds.client, "refund_done", first)
    on_the_form = shown(refunds, number)
    report(refunds.client, "refund_done", second)

    assert "refund-surplus-changed" in messages(number), "the task shows the new sum"
    assert (on_the_form, explain(refunds, number, "came_back", shown=on_the_form)) == ("10.00", "30.00")
    assert refunds.sums(*SUMS) == ("60.00", "0.00", "30.00")
    assert explain(refunds, number, "came_back") == ""
    assert refunds.sums(*SUMS) == ("30.00", "0.00", "0.00")


def test_a_task_that_comes_again_books_nothing_of_what_has_gone_meanwhile(channel: Client) -> None:
    refunds = closed_order(channel, "tok_decline_refund")
    number, first, second = declined_twice_then_paid_outside(refunds)
    report(refunds.client, "refund_done", first)
    task = {"task_id": str(uuid4()), "shown": shown(refunds, number)}
    assert explain(refunds, number, "came_back", **task) == ""
    report(refunds.client, "refund_done", second)

    assert explain(refunds, number, "came_back", **task) == "19.70"


def test_a_later_refund_that_takes_the_surplus_ends_the_question(channel: Client) -> None:
    refunds, number, _ = twice(channel)
    on_the_form = shown(refunds, number)

    later = refunds.paid(**ONE_BROKEN)

    assert later["paid_back"] == "0.00"
    for decision in ("written_off", "came_back"):
        assert explain(refunds, number, decision, shown=on_the_form) == ""
    assert refunds.sums(*SUMS) == ("39.40", "0.00", "0.00")
    assert findings(refunds.money) == []


@pytest.mark.parametrize("decision", [None, "written_off"])
def test_an_order_of_which_more_went_back_than_was_captured_may_still_be_refunded(
    channel: Client, decision: str | None
) -> None:
    refunds, number, _ = twice(channel, **off("80.00"))
    explain(refunds, number, decision)

    assert refunds.paid(**off("36.00"))["paid_back"] == "0.00"
    assert refunds.preview(**off("100.00")).get_json()["remaining"] == "0.49"


def test_one_card_that_gave_more_back_than_it_took_gives_nothing_for_another(channel: Client) -> None:
    refunds = of_two_lines(channel, "tok_decline_refund_once", "tok_decline_refund_once")
    number = declined(refunds, **off("10.00", "A"))
    first = refunds.row_ids("refund")[0]
    refunds.retry(number)
    refunds.pay(number)
    report(refunds.client, "refund_done", first)
    explain(refunds, number, "written_off")

    preview = refunds.preview(**off("15.00", "B")).get_json()

    assert [payment["amount"] for payment in preview["payments"]] == ["5.00"]


def taken_over(channel: Client) -> tuple[Refunds, str, str, str]:
    """A refund that failed, the one that took over, and the first try, which the gateway had declined."""
    refunds = closed_order(channel)
    number = declined(refunds)
    refunds.retry(number)
    refunds.pay(number)
    first, second = refunds.row_ids("refund")
    report(refunds.client, "refund_failed", second)
    return refunds, number, str(refunds.order()["refunds"][-1]["number"]), first


def test_a_first_try_that_was_made_after_all_pays_the_refund_that_took_over(channel: Client) -> None:
    refunds, number, successor, first = taken_over(channel)

    report(refunds.client, "refund_done", first)

    assert messages(successor) == ["refund-decided"], "the task about the refusal ends"
    refunds.retry(successor)
    refunds.pay(successor)
    assert [refunds.read(each)["state"] for each in (number, successor)] == ["paid", "paid"]
    assert (refunds.given_back_at_the_gateway(), refunds.sums(*SUMS)) == ([19_70], ("19.70", "0.00", "0.00"))
    assert findings(refunds.money) == []


def test_a_first_try_that_was_made_after_the_one_that_took_over_was_paid_is_a_question(channel: Client) -> None:
    refunds, _, successor, first = taken_over(channel)
    refunds.retry(successor)
    refunds.pay(successor)

    report(refunds.client, "refund_done", first)

    assert len(starts(successor)) == 1
    assert explain(refunds, successor, "came_back") == ""
    assert refunds.sums(*SUMS) == ("19.70", "0.00", "0.00")
    assert findings(refunds.money) == []


def test_a_payment_of_the_successor_that_fails_is_not_made_again_when_the_first_was_made(channel: Client) -> None:
    refunds, number, successor, first = taken_over(channel)
    refunds.retry(successor)
    refunds.pay(successor)
    report(refunds.client, "refund_done", first)

    report(refunds.client, "refund_failed", refunds.row_ids("refund")[-1])

    assert [refund["number"] for refund in refunds.order()["refunds"]] == [number, successor]
    assert refunds.sums(*SUMS) == ("19.70", "0.00", "0.00")


def test_money_sent_back_after_a_later_refund_took_the_surplus_goes_to_the_customer(channel: Client) -> None:
    refunds, number, first = twice(channel)
    explain(refunds, number, "written_off")
    refunds.paid(**ONE_BROKEN)

    report(refunds.client, "refund_failed", first)

    [*_, handed_on] = refunds.order()["refunds"]
    assert (handed_on["number"], handed_on["paid_back"]) == (f"{refunds.money.number}-F3", "19.70")
    refunds.grant(handed_on["number"])
    refunds.pay(handed_on["number"])
    assert refunds.sums(*SUMS) == ("39.40", "0.00", "0.00")
    assert findings(refunds.money) == []


def test_of_three_payments_two_written_off_one_that_is_sent_back_is_no_loss(channel: Client) -> None:
    refunds = closed_order(channel, "tok_decline_refund")
    number, first, second = declined_twice_then_paid_outside(refunds)
    report(refunds.client, "refund_done", first)
    report(refunds.client, "refund_done", second)
    explain(refunds, number, "written_off")
    assert refunds.sums(*SUMS) == ("59.10", "39.40", "0.00")

    report(refunds.client, "refund_failed", first)
    assert refunds.sums(*SUMS) == ("39.40", "19.70", "0.00")

    report(refunds.client, "refund_failed", second)
    assert refunds.sums(*SUMS) == ("19.70", "0.00", "0.00")
    assert findings(refunds.money) == []


def test_a_payment_after_the_loss_was_none_is_a_question_again(channel: Client) -> None:
    refunds = closed_order(channel, "tok_decline_refund")
    number, first, second = declined_twice_then_paid_outside(refunds)
    report(refunds.client, "refund_done", first)
    explain(refunds, number, "written_off")
    report(refunds.client, "refund_failed", first)

    report(refunds.client, "refund_done", second)

    assert (len(starts(number)), shown(refunds, number)) == (2, "19.70")
    assert explain(refunds, number, "written_off") == ""
    assert refunds.sums(*SUMS) == ("39.40", "19.70", "0.00")
    assert findings(refunds.money) == []


@pytest.mark.parametrize("decision", [None, "written_off", "came_back"])
def test_a_part_that_went_twice_opens_the_task_while_another_part_is_still_owed(
    channel: Client, decision: str | None
) -> None:
    refunds = of_two_lines(channel, "tok_decline_refund")
    number = declined(refunds, items=BOTH)
    first, _ = rows_by_amount(refunds)
    refunds.retry(number)
    open_ = [row for row in refunds.read(number)["payments"] if row["status"] == "requested"]
    paid = next(row["id"] for row in open_ if row["amount"] == "10.00")
    with transaction() as session:
        done = "UPDATE payment_transactions SET status = 'done', settled_at = now() WHERE id = :id"
        session.execute(text(done), {"id": paid})
        books = "UPDATE simulator_payments SET approved = true, decline_code = NULL WHERE key = :id"
        session.execute(text(books), {"id": str(first)})
    report(refunds.client, "refund_done", first)

    refunds.pay(number)

    assert len(starts(number)) == 1
    explain(refunds, number, decision)
    outstanding = [found for found in findings(refunds.money) if "outstanding" in found]
    assert len(outstanding) == (1 if decision is None else 0)


def test_what_the_bank_sends_back_after_a_person_booked_it_is_known(channel: Client) -> None:
    refunds, number, _ = twice(channel)
    explain(refunds, number, "came_back")

    assert report(refunds.client, "refund_failed", refunds.row_ids("refund")[1])[-1] == "no_news"

    assert refunds.sums(*SUMS) == ("19.70", "0.00", "0.00")
    assert findings(refunds.money) == []


def test_a_transfer_booked_for_a_refund_that_is_paid_leaves_no_message(channel: Client) -> None:
    refunds = closed_order(channel)
    number = declined(refunds)
    refunds.redirect(number)
    report(refunds.client, "refund_done", refunds.row_ids("refund")[0])
    refunds.pay(number)
    before = messages(number)

    refunds.book(number, "BANK-1")

    assert messages(number) == before
