"""What a return gives back besides its goods, and what it keeps: outbound shipping, fees, and answers of the tables."""

from uuid import uuid4

import pytest

from order_api.returns.judge import Judged
from tests.factories.fates import change
from tests.factories.money import Money
from tests.factories.orders import charge, line, ship_group
from tests.factories.refunds import Refunds
from tests.factories.returned_goods import LABEL, RESTOCKING, Returns
from tests.fixtures.service import Client

AT_ONCE = {"refund_when": "at_once"}
SHIPPING = {"shipping_back": "standard"}


def test_shipping_does_not_go_back_while_goods_stay_with_the_customer(returns: Returns) -> None:
    number = returns.approved(policy=SHIPPING, _1=3, _2=1, _3=2)
    returns.receive(number, _1=3, _2=1, _3=2)
    returns.judge_units(number, _1=3)
    while_some_wait = returns.give_back(number)
    returns.judge_units(number, verdict="sent_back", _2=1, _3=2)

    assert while_some_wait == [], "inspected goods are paid once per receipt"
    assert returns.paid_back(*returns.give_back(number)) == ["59.10"]


def test_shipping_goes_back_with_the_last_of_two_returns_that_are_paid_at_once(returns: Returns) -> None:
    policy = {**SHIPPING, **AT_ONCE}
    for number in (returns.approved(policy=policy, _1=3), returns.approved(policy=policy, _2=1, _3=2)):
        returns.give_back(number)

    assert returns.refunds.sums("refunded", "outstanding") == ("116.49", "0.00")


def test_shipping_goes_back_once_with_the_first_goods_where_the_table_says_so(returns: Returns) -> None:
    number = returns.announce(_1=1, _2=1)
    returns.judge_each(number, {"1": {"shipping_back": "all_at_once"}}, {})
    paid = []
    for reference, units in (("A", {"_2": 1}), ("B", {"_1": 1})):
        returns.arrive(number, reference, units)
        paid += returns.paid_back(*returns.give_back(number))
    more = returns.approved(policy={"shipping_back": "all_at_once"}, _1=1)
    returns.arrive(more, "C", {"_1": 1})

    assert paid == ["44.35", "26.18"], "the second with 5.99 and 0.49 of shipping"
    assert returns.paid_back(*returns.give_back(more)) == ["19.70"]


def test_shipping_of_a_group_goes_back_as_the_table_says_about_its_lines(channel: Client) -> None:
    groups = [ship_group(id=key, charges=[charge(fee)]) for key, fee in (("home", "5.00"), ("work", "7.00"))]
    lines = [line("10.00", line_id="A", ship_group="home"), line("20.00", line_id="B", ship_group="work")]
    money = Money(channel, channel.place(*lines, ship_groups=groups))
    money.authorize()
    money.capture(money.ship(A=1, B=1))
    returns = Returns(Refunds(channel, money))
    number = returns.announce(_A=1, _B=1)
    returns.judge_each(number, {"B": SHIPPING}, {})
    returns.arrive(number, "DOCK-1", {"_A": 1, "_B": 1})

    assert returns.paid_back(*returns.give_back(number)) == ["37.00"]


def test_what_the_table_said_about_an_earlier_receipt_counts_for_the_shipping(returns: Returns) -> None:
    """Traps 12 and 13: the shipping goes back once, and a full return by parts gives back what was captured."""
    number = returns.announce(_1=3, _2=1, _3=2)
    returns.judge_each(number, {"1": SHIPPING, "2": SHIPPING}, {})
    for reference, units in (("A", {"_1": 3, "_2": 1}), ("B", {"_3": 2})):
        returns.arrive(number, reference, units)
        returns.give_back(number)

    assert returns.refunds.sums("refunded") == ("116.49",)


@pytest.mark.parametrize("receipts", [[{"_1": 1, "_2": 1}], [{"_1": 1}, {"_2": 1}]], ids=["one", "two"])
def test_a_return_bears_one_fee_per_return_of_a_type_however_many_parcels_come(
    returns: Returns, receipts: list[dict[str, int]]
) -> None:
    """The highest of two that lines of it name."""
    number = returns.announce(_1=1, _2=1)
    returns.judge_each(number, {}, {"1": [LABEL], "2": [{**LABEL, "amount": "7.00", "words": "Return label"}]})
    for count, units in enumerate(receipts):
        returns.arrive(number, f"DOCK-{count}", units)
        returns.give_back(number)

    assert returns.refunds.sums("refunded") == ("57.05",)


def test_a_fee_per_line_is_taken_once_from_a_line_that_comes_in_two_parcels(returns: Returns) -> None:
    number = returns.approved({**RESTOCKING, "percent": None, "amount": "2.50", "per": "line"}, _1=2)
    paid = []
    for reference in ("A", "B"):
        returns.arrive(number, reference, {"_1": 1})
        paid += returns.paid_back(*returns.give_back(number))

    assert paid == ["17.20", "19.70"]


def test_what_is_too_old_for_its_provider_is_to_be_paid_outside(returns: Returns) -> None:
    change(
        returns.money, "UPDATE payment_transactions SET settled_at = now() - interval '200 days' WHERE order_id = :id"
    )
    number = returns.approved(_1=1)
    returns.arrive(number, "DOCK-1", {"_1": 1})

    refund = returns.refunds.read(str(returns.next_refund(number)))

    assert (refund["destination"], refund["paid_back"]) == ("outside", "19.70")


SENSELESS = [
    {"decision": ["accept"]},
    {"refund_when": {"a": 1}},
    {"days_to_arrive": 10**9},
    {"days_to_arrive": True},
    {"refund_days": "soon"},
    {"inspect": "yes"},
]


@pytest.mark.parametrize("answer", SENSELESS)
def test_a_person_decides_where_the_policy_makes_no_sense(returns: Returns, answer: dict[str, object]) -> None:
    number = returns.announce(_1=1)

    assert returns.judge(number, **answer) == Judged.SUPERVISOR

    returns.approve(number)


SENSELESS_FEES = [{"tax": "rate"}, {"percent": None}, {"amount": "1.00"}, {"rate": "0.08"}, {"words": None}]


@pytest.mark.parametrize("fee", SENSELESS_FEES)
def test_a_person_decides_where_a_fee_makes_no_sense(returns: Returns, fee: dict[str, object]) -> None:
    number = returns.announce(_1=1)

    assert returns.judge(number, RESTOCKING | fee) == Judged.SUPERVISOR


@pytest.mark.parametrize(
    ("reason", "fee", "refund"), [("changed_mind", "6.65", "37.70"), ("wrong_item", "0.00", "44.35")]
)
def test_mc08_a_restocking_fee_is_waived_when_the_seller_is_at_fault(
    returns: Returns, reason: str, fee: str, refund: str
) -> None:
    """Line B of MC01, from the announcement through the API to the order document."""
    body = {"items": [{"line_id": "2", "units": [1], "reason": reason}]}
    answer = returns.refunds.client.post(f"/v1/orders/{returns.money.id}/returns", body, Idempotency_Key=str(uuid4()))
    number = answer.get_json()["number"]
    returns.judge(number, {**RESTOCKING, "percent": 15})
    returns.arrive(number, "DOCK-1", {"_2": 1})

    assert returns.paid_back(*returns.give_back(number)) == [refund]
    kept = [each["amount"] for each in returns.refunds.order()["bill"]["adjustments"] if each["fee_type"]]
    assert kept == ([fee] if fee != "0.00" else [])
