"""What the tables and people decide about returns, and what time does, on the real engine."""

from collections.abc import Iterator

import pytest

from tests.factories import engine_returns as returns
from tests.factories.engine_refunds import CSR, SUPERVISOR, token_of
from tests.factories.return_waits import RETURN_STORIES, refunds_need_approval, refused_refund
from tests.fixtures.shop import Shop
from tests.fixtures.system import wait_until
from tests.process.test_return_paths import GOT, HOW_TO_SEND, ONE_PARCEL, PAID, at_wait_for_goods, end_of


def test_a_late_return_costs_what_the_preview_says_in_words(shop: Shop) -> None:
    """Trap 5: the preview is what the gateway gets."""
    order = returns.delivered(shop, days_ago=34)
    body = {"items": [{"line_id": "1", "quantity": 1, "reason": "changed_mind"}]}
    preview = shop.call("POST", f"/v1/orders/{order['id']}/returns/preview", body).json()

    number = at_wait_for_goods(shop, order, _1=1)
    returns.arrive(shop, number, _1=1)

    assert (preview["decision"], preview["paid_back"]) == ("accept", "18.00")
    assert preview["lines"][0]["fees"] == ["Late by 4 days: 10 % kept"]
    assert preview["fees"] == [{"type": "late", "amount": "2.00"}]
    assert end_of(shop, order, number, "completed").money == ("42.00", "60.00", "18.00", "0.00")
    assert returns.read(shop, number)["lines"][0]["fees"] == ["Late by 4 days: 10 % kept"]
    assert returns.read(shop, number)["lines"][0]["policy"]["version"] >= 1


def test_a_return_that_comes_much_too_late_is_refused_with_the_tables_words(shop: Shop) -> None:
    order = returns.delivered(shop, days_ago=100)

    number = returns.announce(shop, order, _1=1)

    end = end_of(shop, order, number, "refused")
    assert (end.money, end.mails) == (
        ("60.00", "60.00", "0.00", "0.00"),
        ["We cannot take back your goods of order N"],
    )
    reason = next(event["reason"] for event in shop.history(order["id"]) if event["event"] == "return.refused")
    assert reason == "The time in which these goods may come back is over."


def test_the_person_who_announced_a_return_cannot_allow_it(shop: Shop) -> None:
    order = returns.delivered(shop, days_ago=60)
    number = returns.announce_as(shop, order, {"_1": 1}, key=token_of(shop, SUPERVISOR))
    first = shop.wait_for_task(number, returns.APPROVAL)

    shop.decide(number, returns.APPROVAL, SUPERVISOR, "approve_return")

    wait_until(lambda: shop.wait_for_task(number, returns.APPROVAL)["id"] != first["id"], what="the task again")
    assert returns.read(shop, number)["state"] == "needs_approval"


def test_a_canceled_return_leaves_the_queue_of_the_supervisor(shop: Shop) -> None:
    order = returns.delivered(shop, days_ago=60)
    number = returns.announce_as(shop, order, {"_1": 1}, key=token_of(shop, CSR))
    shop.wait_for_task(number, returns.APPROVAL)

    returns.cancel(shop, number)

    assert end_of(shop, order, number, "canceled").mails == ["We have got your return for order N"]


def test_a_customer_is_reminded_once_and_not_after_a_scan(shop: Shop) -> None:
    orders = [returns.delivered(shop) for _ in range(2)]
    numbers = [at_wait_for_goods(shop, order, _1=1) for order in orders]
    returns.scan(shop, numbers[1])

    for number in numbers:
        shop.fire_timer(number, "event_remind")
        shop.wait_until_passed(number, "task_tell_reminder")
        returns.arrive(shop, number, _1=1)

    reminder = "Your goods of order N have not reached us yet"
    assert end_of(shop, orders[0], numbers[0], "completed").mails == sorted([HOW_TO_SEND, reminder, GOT, PAID])
    assert end_of(shop, orders[1], numbers[1], "completed").mails == ONE_PARCEL


STORY_AND_TIMER = [
    ("allowed", "event_approval_overdue"),
    ("inspected", "event_inspection_overdue"),
    ("granted", "event_refund_overdue"),
    ("no money", "event_difference_overdue"),
    ("written off", "event_not_arrived_overdue"),
]


@pytest.fixture(scope="module")
def approving(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with refunds_need_approval(shop, tmp_path_factory.mktemp("designer")):
        yield


@pytest.mark.usefixtures("approving")
@pytest.mark.parametrize(("name", "timer"), STORY_AND_TIMER)
def test_a_wait_that_takes_too_long_is_marked_until_it_ends(shop: Shop, name: str, timer: str) -> None:
    story = RETURN_STORIES[name]
    order, number = story.begin(shop)
    shop.wait_for_activity(number, story.activity)

    shop.fire_timer(number, timer)

    marked = "SELECT 1 FROM overdue_waits WHERE business_key = %s"
    wait_until(lambda: shop.sql(marked, number), what="the mark")
    story.act(shop, number)
    returns.ended(shop, number, story.end)
    assert shop.sql(marked, number) == []
    overdue = next(event for event in shop.history(order["id"]) if event["event"] == "order.overdue")
    assert (overdue["reason"], overdue["details"]["about"]) == (story.activity, number)


@pytest.mark.usefixtures("approving")
def test_more_goods_that_come_while_a_person_decides_about_the_money_are_seen(shop: Shop) -> None:
    order, number = refused_refund(shop)
    shop.wait_for_activity(number, returns.DIFFERS)

    receipt = returns.receive(shop, number, "DOCK-2", "A grey scarf")

    shop.wait_until_passed(number, "event_difference_changed")
    shop.decide(number, returns.DIFFERS, SUPERVISOR, "ask_again")
    shop.decide(f"{order['number']}-F2", "usertask_approve_refund", SUPERVISOR, "grant_refund")
    shop.decide(number, returns.DIFFERS, CSR, "dealt_with")
    end = end_of(shop, order, number, "completed")
    assert end.money == ("0.00", "160.00", "160.00", "0.00")
    assert receipt in [each["id"] for each in returns.read(shop, number)["receipts"]]


def test_a_supervisor_needs_a_reason_to_give_no_money_and_an_associate_may_not(shop: Shop) -> None:
    order = returns.delivered(shop)
    number = at_wait_for_goods(shop, order, _1=1)
    returns.receive(shop, number, "DOCK-1", "A grey scarf")
    tasks = set[str]()
    for user, decision, reason in ((SUPERVISOR, "no_money", ""), (CSR, "no_money", "No."), (CSR, "", "")):
        task = wait_until(lambda: _new_task(shop, number, tasks), what="the task again")
        tasks.add(task)
        shop.decide(number, returns.DIFFERS, user, decision, reason)

    wait_until(lambda: _new_task(shop, number, tasks), what="the task again")
    shop.decide(number, returns.DIFFERS, CSR, "dealt_with")
    returns.arrive(shop, number, "DOCK-2", _1=1)
    returns.ended(shop, number, "completed")


def _new_task(shop: Shop, number: str, known: set[str]) -> str | None:
    task = str(shop.wait_for_task(number, returns.DIFFERS)["id"])
    return None if task in known else task
