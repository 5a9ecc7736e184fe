"""What customers read about a return; a mail that would not be true any more is not written."""

import pytest

from order_api.core.database import transaction
from order_api.notifications.models import Notification
from order_api.notifications.notices import RETURN_NOTICES, Notice
from order_api.notifications.notify import notify_customer
from order_api.notifications.render import render
from order_api.notifications.return_mail import what_comes_back
from order_api.orders import repository as orders
from order_api.orders.models import Order
from order_api.returns import repository
from tests.factories.refunds import WORKER
from tests.factories.returned_goods import RESTOCKING, Returns


def told(returns: Returns, number: str, notice: Notice) -> list[str]:
    """The mails that this notice writes."""
    with transaction() as session:
        return_ = repository.get(session, WORKER, number)
        before = {row.id for row in session.query(Notification).filter_by(order_id=returns.money.id)}
        notify_customer(session, WORKER, returns.money.id, notice, about_id=return_.id)
        session.flush()
        order = orders.get_with(session, WORKER, returns.money.id, Order.items)
        written = [row for row in session.query(Notification).filter_by(order_id=order.id) if row.id not in before]
        return [
            render(notice, {"order": order, "items": [], **what_comes_back(session, order, row.about_id)})
            for row in written
        ]


def test_the_customer_reads_how_to_send_the_goods_until_when_and_what_is_kept(returns: Returns) -> None:
    number = returns.announce(_1=2, _2=1)
    returns.judge_each(
        number, {"2": {"decision": "refuse", "words": "Final sale."}}, {"1": [RESTOCKING]}, {"days_to_arrive": 14}
    )

    [mail] = told(returns, number, Notice.RETURN_APPROVED)

    for words in ("Please send us:", "2 x ", f"Write {number} on the parcel.", "have to be with us by", "Final sale."):
        assert words in mail
    assert "10 % for restocking." in mail
    assert told(returns, number, Notice.RETURN_APPROVED) == [], "once per event and recipient"


def test_goods_that_the_customer_keeps_need_not_be_sent(returns: Returns) -> None:
    number = returns.approved(policy={"goods_kept": True}, _1=1)

    [mail] = told(returns, number, Notice.RETURN_APPROVED)

    assert "please keep them" in mail
    assert "Please send us" not in mail


def test_what_has_arrived_and_what_is_missing_is_told_once_per_parcel(returns: Returns) -> None:
    number = returns.approved(_1=2)
    returns.receive(number, "DOCK-1", _1=1)
    [first] = told(returns, number, Notice.RETURN_RECEIVED)
    returns.receive(number, "DOCK-2", _1=1)
    [second] = told(returns, number, Notice.RETURN_RECEIVED)

    assert "We have not received these yet" in first
    assert "We have not received these yet" not in second
    assert told(returns, number, Notice.RETURN_RECEIVED) == []


@pytest.mark.parametrize("act", [Returns.cancel, lambda returns, number: returns.receive(number, _1=1)])
def test_no_mail_says_that_goods_are_late_which_were_canceled_or_have_come(returns: Returns, act: object) -> None:
    number = returns.approved(_1=1)
    act(returns, number)  # type: ignore[operator]
    returns.expire(number)

    assert told(returns, number, Notice.RETURN_EXPIRED) == []
    assert told(returns, number, Notice.RETURN_REMINDER) == []


NOT_NOW = {Notice.RETURN_ANNOUNCED, Notice.RETURN_DIFFERS, Notice.RETURN_EXPIRED, Notice.RETURN_RECEIVED}


@pytest.mark.parametrize("notice", sorted(RETURN_NOTICES - NOT_NOW))
def test_every_mail_names_the_return_or_its_order(returns: Returns, notice: Notice) -> None:
    number = returns.announce(_1=1, _2=1)
    returns.judge_each(number, {"2": {"decision": "refuse", "words": "Final sale."}}, {})

    mails = told(returns, number, notice)

    assert [returns.refunds.order()["number"] in mail for mail in mails] == [True]


def test_a_return_that_a_person_looks_at_is_acknowledged_until_the_decision(returns: Returns) -> None:
    number = returns.announce(_1=1)
    returns.judge(number, decision="approve", words="Late.")
    [mail] = told(returns, number, Notice.RETURN_ANNOUNCED)

    assert "A colleague looks at it" in mail
    other = returns.approved(_2=1)
    assert told(returns, other, Notice.RETURN_ANNOUNCED) == []


def test_goods_that_did_not_come_in_time_are_named(returns: Returns) -> None:
    number = returns.approved(_1=2)
    returns.receive(number, _1=1)
    returns.expire(number)

    [mail] = told(returns, number, Notice.RETURN_EXPIRED)

    assert "  1 x " in mail
