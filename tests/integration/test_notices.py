"""A notice is written once for each event, and its mail names the units of that event."""

import re
from email.message import EmailMessage
from uuid import UUID

import pytest
from sqlalchemy import select

from order_api.access.actor import system_actor
from order_api.core.database import transaction
from order_api.core.outside import run
from order_api.integrations.mail.smtp import SmtpCarrier
from order_api.notifications.models import Notification
from order_api.notifications.notices import Notice
from order_api.notifications.notify import notify_customer
from order_api.notifications.send import SendNotification
from tests.factories.money import Money
from tests.factories.orders import line
from tests.factories.stories import cancel_items
from tests.fixtures.service import Client


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """The mails that the carrier was given."""
    mails: list[EmailMessage] = []
    monkeypatch.setattr(SmtpCarrier, "send", lambda _self, mail: mails.append(mail))
    return mails


@pytest.fixture
def money(channel: Client) -> Money:
    """Five units of line A and two of line B."""
    return Money(channel, channel.place(line("10.00", 5, line_id="A"), line("3.00", 2, line_id="B")))


def notify(money: Money, notice: Notice, item: str | None = None, shipment_id: UUID | None = None) -> None:
    item_id = money.items[item] if item else None
    with transaction() as session:
        notify_customer(session, money.actor, money.id, notice, item_id, shipment_id)


def notifications(money: Money) -> list[Notification]:
    of_the_order = select(Notification).where(Notification.order_id == money.id)
    with transaction() as session:
        return list(session.scalars(of_the_order.order_by(Notification.created_at)))


def units_in_mails(money: Money, sent: list[EmailMessage]) -> list[list[str]]:
    """The lines of each mail that name units."""
    for notification in notifications(money):
        run(SendNotification(system_actor("relay"), notification.id))
    return [re.findall(r"\d+ x .+", mail.get_content()) for mail in sent]


def test_the_mail_of_a_cancellation_names_only_the_canceled_units_of_a_partly_shipped_line(
    money: Money, sent: list[EmailMessage]
) -> None:
    money.ship(A=2)
    cancel_items(money.actor, money.id, money.items["A"])

    notify(money, Notice.ITEM_CANCELED, "A")

    assert units_in_mails(money, sent) == [["3 x Thing A"]]


def test_the_mail_of_a_cancellation_of_several_lines_names_the_units_of_each(
    money: Money, sent: list[EmailMessage]
) -> None:
    money.ship(A=4)
    cancel_items(money.actor, money.id)

    notify(money, Notice.ITEM_CANCELED)

    assert units_in_mails(money, sent) == [["1 x Thing A", "2 x Thing B"]]


def test_each_cancellation_has_one_mail_about_its_own_units(money: Money, sent: list[EmailMessage]) -> None:
    cancel_items(money.actor, money.id, money.items["B"])
    notify(money, Notice.ITEM_CANCELED, "B")
    cancel_items(money.actor, money.id, money.items["A"])

    for _ in range(2):
        notify(money, Notice.ITEM_CANCELED, "A")

    assert units_in_mails(money, sent) == [["2 x Thing B"], ["5 x Thing A"]]


def test_an_item_without_canceled_units_gets_no_mail(money: Money) -> None:
    notify(money, Notice.ITEM_CANCELED, "A")

    assert notifications(money) == []


def test_each_parcel_has_one_mail_about_its_own_units(money: Money, sent: list[EmailMessage]) -> None:
    first, second = money.ship(A=1), money.ship(A=4, B=2)

    for shipment_id in (second, first, second):
        notify(money, Notice.ITEM_SHIPPED, shipment_id=shipment_id)

    assert [row.about_id for row in notifications(money)] == [second, first]
    assert units_in_mails(money, sent) == [["4 x Thing A", "2 x Thing B"], ["1 x Thing A"]]


def contents(money: Money, sent: list[EmailMessage]) -> list[str]:
    units_in_mails(money, sent)
    return [mail.get_content() for mail in sent]


def test_the_mail_about_the_order_leaves_out_what_was_canceled_before_it_is_sent(
    money: Money, sent: list[EmailMessage]
) -> None:
    notify(money, Notice.ORDER_CONFIRMED)
    cancel_items(money.actor, money.id, money.items["B"])

    [mail] = contents(money, sent)

    assert "5 x Thing A" in mail
    assert "Thing B" not in mail
    assert "Total: 50.00 USD" in mail


def test_each_mail_of_two_cancellations_tells_what_its_own_act_changed(money: Money, sent: list[EmailMessage]) -> None:
    cancel_items(money.actor, money.id, money.items["B"])
    cancel_items(money.actor, money.id, money.items["A"])
    notify(money, Notice.ITEM_CANCELED)

    mails = contents(money, sent)

    assert ["50.00 USD instead of 56.00 USD" in mails[0], "0.00 USD instead of 50.00 USD" in mails[1]] == [True, True]


@pytest.mark.parametrize(("is_authorized", "says"), [(True, "We are releasing"), (False, "You will not be charged")])
def test_the_mail_of_a_canceled_order_speaks_of_held_money_only_if_some_was_held(
    money: Money, sent: list[EmailMessage], is_authorized: bool, says: str
) -> None:
    if is_authorized:
        money.authorize()
    notify(money, Notice.ORDER_CANCELED)

    [mail] = contents(money, sent)

    assert says in mail
