"""Rows for the engine, the mail server and the inventory do not wait for each other (J1)."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from order_api.core import clock
from order_api.core.database import transaction
from order_api.outbox import deliver
from order_api.outbox.receivers import Receiver
from tests.factories.outbox_rows import (
    add_mail,
    add_message,
    add_start,
    add_stock,
    change,
    claim,
    claimed_names,
    deliver_row,
    drop_rows_of_other_tests,
)

pytestmark = pytest.mark.usefixtures("nothing_else_waits")


@pytest.fixture
def nothing_else_waits(migrated: None) -> None:
    drop_rows_of_other_tests()


@pytest.fixture
def order() -> UUID:
    return uuid4()


def test_a_mail_that_nobody_takes_holds_up_no_message_and_no_stock_of_its_order(order: UUID) -> None:
    add_mail(order)
    add_stock(order)
    add_message(order)

    assert claimed_names(order) == ["order_confirmed", "take-stock", "cancel-order"]


def test_mails_of_one_order_go_one_after_another(order: UUID) -> None:
    add_mail(order)
    add_mail(order)

    [first] = claim(order)
    assert claim(order) == []

    deliver_row(first)
    assert claimed_names(order) == ["order_confirmed"]


def test_a_start_precedes_what_others_are_told_of_its_order(order: UUID) -> None:
    add_start(order)
    add_mail(order)
    add_stock(order)

    assert claimed_names(order) == ["order-submit"]


def test_each_receiver_gets_what_it_has_room_for() -> None:
    for _ in range(3):
        add_mail(uuid4())
        add_message(uuid4())

    with transaction() as session:
        room = {**dict.fromkeys(Receiver, 1), Receiver.ENGINE: 2}
        rows = deliver.claim(session, room)

    assert [row.kind for row in rows] == ["mail", "message", "message"]


def test_what_was_tried_in_vain_goes_behind_what_has_been_due_for_longer() -> None:
    tried, new = uuid4(), uuid4()
    add_mail(tried)
    add_mail(new)
    change(tried, due_at=clock.now())
    change(new, due_at=clock.now() - timedelta(seconds=1))

    with transaction() as session:
        [first] = deliver.claim(session, dict.fromkeys(Receiver, 1))

    assert first.order_id == new
