"""What waits holds what it would take, and money goes back once: at once, after a kill, after a refusal."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest

from order_api.integrations.payment.simulator import PaymentSimulator
from tests.factories.deaths import Killed, die_once
from tests.factories.gateway_events import carry_out, send_event
from tests.factories.money import Money
from tests.factories.orders import Json, line
from tests.factories.refunds import ONE_BROKEN, SUMS, Refunds, of_line, off, paid_order, problem
from tests.fixtures.service import Client
from tests.fixtures.system import wait_until


@pytest.fixture
def refunds(channel: Client) -> Refunds:
    return paid_order(channel)


def test_a_refund_that_waits_keeps_others_off_its_line_but_not_off_other_units(refunds: Refunds) -> None:
    number = refunds.asked(**ONE_BROKEN)

    assert refunds.ask(**of_line(2)).status_code == 201
    assert problem(refunds.ask(**off("1.00", "1")), 409)["number"] == number
    assert problem(refunds.ask(**off("1.00")), 409)["code"] == "refund_waiting"
    assert refunds.ask(**off("1.00", "2")).status_code == 201


def test_a_canceled_refund_frees_what_it_held_and_a_granted_one_is_not_canceled(refunds: Refunds) -> None:
    number, reason = refunds.asked(**of_line(3)), {"reason": "Found it."}
    canceled = [refunds.client.post(f"/v1/refunds/{number}/cancel", reason) for _ in range(2)]
    assert [answer.get_json()["state"] for answer in canceled] == ["canceled", "canceled"]
    assert refunds.grant(number) is False

    paid = refunds.paid(**of_line(3))["number"]

    late = problem(refunds.client.post(f"/v1/refunds/{paid}/cancel", reason), 409)
    assert (late["code"], late["state"]) == ("refund_not_waiting", "paid")
    assert refunds.sums(*SUMS) == ("57.39", "116.49", "59.10", "0.00")


@pytest.mark.parametrize("kind", ["a unit", "of a line", "of the order", "of shipping", "a tax"])
def test_a_confirmed_refund_that_comes_again_without_its_key_gives_nothing_back(refunds: Refunds, kind: str) -> None:
    order = refunds.order()
    shipping, tax = order["ship_groups"][0]["charges"][0]["id"], order["items"][0]["taxes"][0]["id"]
    charge: Json = {"charges": [{"charge_id": shipping, "amount": "1.00"}]}
    bodies: dict[str, Json] = {
        "a unit": ONE_BROKEN,
        "of a line": off("1.00", "2"),
        "of the order": off("1.00"),
        "of shipping": charge,
        "a tax": {"taxes": [{"tax_id": tax}]},
    }
    body = {**bodies[kind], "reason": "other"}
    body["digest"] = refunds.preview(**bodies[kind]).get_json()["digest"]
    first = refunds.client.post(refunds.path, body)
    assert first.status_code == 201, first.text
    refunds.grant(first.get_json()["number"])
    refunds.pay(first.get_json()["number"])

    again = problem(refunds.client.post(refunds.path, body), 409)

    assert again["code"] == ("more_than_remains" if kind == "a tax" else "preview_outdated")


def test_a_refused_refund_changes_nothing(refunds: Refunds) -> None:
    number = refunds.asked(**of_line(3))
    assert refunds.judge(number, "refused", "Not today.") == "refused"

    refunds.refuse(number)

    assert (refunds.read(number)["state"], refunds.read(number)["decision_reason"]) == ("refused", "Not today.")
    assert refunds.sums(*SUMS) == ("116.49", "116.49", "0.00", "0.00")
    assert refunds.ask(**of_line(3)).status_code == 201


def test_an_answer_of_the_table_that_is_no_known_word_needs_a_supervisor(refunds: Refunds) -> None:
    assert refunds.judge(refunds.asked(**ONE_BROKEN), "perhaps") == "supervisor"


def at_once(refunds: Refunds, callers: int, body: Json) -> list[int]:
    """The statuses. Who waits too long for the order's lock is told to try again."""
    together = Barrier(callers)

    def ask(_: int) -> int:
        together.wait()
        key = str(uuid4())
        return wait_until(lambda: answered(key), what="an answer")

    def answered(key: str) -> int | None:
        status = int(refunds.ask(key=key, **body).status_code)
        return None if status == 503 else status

    with ThreadPoolExecutor(callers) as threads:
        return list(threads.map(ask, range(callers)))


@pytest.mark.parametrize("body", [of_line(1, "2"), off("40.00", "2")], ids=["unit", "amount"])
def test_of_five_at_once_with_room_for_one_one_wins(refunds: Refunds, body: Json) -> None:
    """Trap 15."""
    assert sorted(at_once(refunds, 5, body)) == [201, 409, 409, 409, 409]


def test_fifty_at_once_give_back_each_unit_once(channel: Client) -> None:
    money = Money(channel, channel.place(line("10.00", 20)))
    money.authorize()
    money.capture(money.ship(**{"1": 20}))
    refunds = Refunds(channel, money)

    assert Counter(at_once(refunds, 50, ONE_BROKEN)) == {201: 20, 409: 30}

    numbers = [refund["number"] for refund in refunds.order()["refunds"]]
    assert len(numbers) == 20
    for number in numbers:
        refunds.grant(number)
        refunds.pay(number)
    assert refunds.sums(*SUMS) == ("0.00", "200.00", "200.00", "0.00")


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
def test_a_refund_whose_worker_died_in_the_call_is_paid_once(
    refunds: Refunds, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    calls = die_once(monkeypatch, PaymentSimulator, "refund", after=after)
    with pytest.raises(Killed):
        refunds.pay(number)
    assert refunds.read(number)["payments"][0]["status"] == "requested"

    refunds.pay(number)
    refunds.pay(number)

    assert len(calls) == 1
    assert refunds.read(number)["state"] == "paid"
    assert refunds.sums(*SUMS) == ("96.79", "116.49", "19.70", "0.00")


def test_a_lost_answer_to_a_refund_is_asked_for_and_the_money_goes_back_once(channel: Client) -> None:
    refunds = paid_order(channel)
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    refunds.use_card("tok_timeout")

    refunds.pay_until_answered(number)

    assert [row["status"] for row in refunds.read(number)["payments"]] == ["done"]
    assert refunds.given_back_at_the_gateway() == [1970]


def test_a_declined_refund_is_owed_and_a_later_refund_does_not_take_its_money(channel: Client) -> None:
    refunds = paid_order(channel, "tok_decline_refund")
    declined = refunds.asked(**of_line(3))
    refunds.grant(declined)
    assert str(refunds.pay(declined).refusal) == "The payment provider refused 59.10 USD: card_declined."

    assert refunds.sums(*SUMS) == ("57.39", "116.49", "0.00", "-59.10")
    preview = refunds.preview(**of_line(1, "2")).get_json()
    assert (preview["paid_back"], preview["payments"][0]["given_back_before"]) == ("44.35", "59.10")


def test_a_pending_refund_counts_as_given_back(channel: Client) -> None:
    """Trap 15."""
    refunds = paid_order(channel, "tok_pending_refund")
    number = refunds.asked(**of_line(3))
    refunds.grant(number)
    refunds.pay(number)
    assert refunds.read(number)["payments"][0]["status"] == "pending"

    assert problem(refunds.ask(**off("57.40")), 409)["remaining"] == "57.39"
    rest = refunds.preview(**off("57.39")).get_json()
    assert (rest["paid_back"], rest["payments"][0]["given_back_before"]) == ("57.39", "59.10")


def test_a_refund_that_failed_counts_only_as_the_one_that_pays_it_again(channel: Client) -> None:
    """Trap 15."""
    refunds = paid_order(channel)
    key = refunds.paid(**of_line(3))["payments"][0]["id"]
    send_event(channel, "refund_failed", key)
    carry_out(key)
    rest = refunds.preview(**off("57.39")).get_json()
    assert (rest["paid_back"], rest["payments"][0]["given_back_before"]) == ("57.39", "59.10")

    refunds.redirect(f"{refunds.money.number}-F2")
    refunds.book(f"{refunds.money.number}-F2", "BANK-1")

    rest = refunds.preview(**off("57.39")).get_json()
    assert (rest["paid_back"], rest["payments"][0]["given_back_before"]) == ("57.39", "59.10")


def test_a_capture_does_not_keep_money_that_a_declined_refund_still_owes(channel: Client) -> None:
    """Otherwise the later parcel would be paid by what the first customer's refund gives back again."""
    money = Money(channel, channel.place(line("10.00", 3), tenders=[card("tok_decline_refund", "30.00")]))
    money.authorize()
    money.capture(money.ship(**{"1": 1}), task="first")
    refunds = Refunds(channel, money)
    declined = refunds.asked(**ONE_BROKEN)
    refunds.grant(declined)
    refunds.pay(declined)

    money.capture(money.ship(**{"1": 2}), task="second")

    assert money.done()["capture"] == [10_00, 20_00]
    assert refunds.sums(*SUMS) == ("20.00", "30.00", "0.00", "-10.00")


def card(token: str, amount: str) -> Json:
    return {"type": "card", "token": token, "amount": amount}
