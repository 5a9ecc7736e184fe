"""The outbox: which rows a relay claims, and that two relays never hold the same row (J1)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from order_api.core import clock
from order_api.core.database import transaction
from order_api.outbox import announce, claims
from order_api.outbox.models import RowState
from order_api.outbox.stuck import count_stuck, send_again, stuck_rows
from tests.factories.outbox_rows import (
    ALLOCATED,
    CANCEL,
    EVERYTHING,
    SHIPPED,
    add_message,
    add_start,
    change,
    claim,
    claimed_names,
    deliver_row,
    make_messages_due,
    read,
    wait_with,
)

pytestmark = pytest.mark.usefixtures("migrated")


@pytest.fixture
def order() -> str:
    return str(uuid4())


def test_a_claimed_row_is_not_claimed_again_while_its_lease_runs(order: str) -> None:
    add_message(order)

    assert claimed_names(order) == ["cancel-order"]
    assert claimed_names(order) == []


def test_a_row_whose_relay_died_is_claimed_again_when_the_lease_is_over(order: str) -> None:
    add_message(order)
    claim(order)

    change(order, claimed_until=clock.now() - timedelta(seconds=1))

    [row] = claim(order)
    assert row.attempts == 2


def test_a_delivered_row_is_done(order: str) -> None:
    add_message(order)
    [row] = claim(order)

    deliver_row(row)

    assert claim(order) == []
    assert (read(row).state, read(row).claimed_until) == (RowState.DELIVERED, None)


def test_a_start_precedes_everything_of_its_order(order: str) -> None:
    add_start(order)
    add_message(order)
    add_message(order, SHIPPED, uuid4())

    [start] = claim(order)
    assert start.kind == "start"
    assert claim(order) == []

    deliver_row(start)
    assert claimed_names(order) == ["cancel-order", "item-shipped"]


def test_a_start_that_waits_for_its_next_try_still_precedes(order: str) -> None:
    add_start(order)
    [start] = claim(order)
    wait_with(start)

    add_message(order)

    assert claimed_names(order) == []


def test_a_start_of_one_order_does_not_hold_up_another(order: str) -> None:
    other = str(uuid4())
    add_start(order)
    add_message(other)

    with transaction() as session:
        rows = [row.business_key for row in claims.claim(session, EVERYTHING) if row.business_key in (order, other)]

    assert rows == [order, other]


def test_rows_of_one_item_go_one_after_another(order: str) -> None:
    item = uuid4()
    add_message(order, ALLOCATED, item)
    add_message(order, SHIPPED, item)

    [first] = claim(order)
    assert first.name == "stock-allocated"
    assert claim(order) == []

    deliver_row(first)
    assert claimed_names(order) == ["item-shipped"]


def test_rows_of_one_item_stay_in_order_after_their_relay_died(order: str) -> None:
    item = uuid4()
    add_message(order, ALLOCATED, item)
    claim(order)
    add_message(order, SHIPPED, item)

    change(order, claimed_until=clock.now() - timedelta(seconds=1))

    assert claimed_names(order) == ["stock-allocated"]


def test_rows_of_different_items_and_of_the_order_go_side_by_side(order: str) -> None:
    add_message(order, SHIPPED, uuid4())
    add_message(order, SHIPPED, uuid4())
    add_message(order, CANCEL)

    assert claimed_names(order) == ["item-shipped", "item-shipped", "cancel-order"]


def test_a_row_that_waits_for_its_next_try_blocks_no_other(order: str) -> None:
    item = uuid4()
    add_message(order, ALLOCATED, item)
    add_message(order, SHIPPED, item)
    [first] = claim(order)

    wait_with(first)

    assert claimed_names(order) == ["item-shipped"]


def test_a_row_waits_longer_after_every_try(order: str) -> None:
    add_message(order)
    [first] = claim(order)
    wait_with(first, tries=1)
    after_first = read(first).due_at - clock.now()
    change(order, due_at=clock.now(), attempts=6)
    [seventh] = claim(order)

    before = clock.now()
    wait_with(seventh)

    after_seventh = read(seventh).due_at
    assert after_first < timedelta(seconds=1)
    assert before + timedelta(seconds=25) < after_seventh < clock.now() + timedelta(seconds=31)
    assert read(seventh).last_error == "No flow waits."


def test_a_row_that_is_not_due_is_left_alone(order: str) -> None:
    add_message(order)
    change(order, due_at=clock.now() + timedelta(minutes=1))

    assert claim(order) == []


def test_a_late_answer_does_not_change_a_row_that_is_closed(order: str) -> None:
    add_message(order)
    [row] = claim(order)
    deliver_row(row)

    wait_with(row)

    assert read(row).state == RowState.DELIVERED


def test_the_message_about_a_fact_that_was_read_is_dropped(order: str) -> None:
    item = uuid4()
    add_message(order, SHIPPED, item)
    add_message(order, SHIPPED, uuid4())
    add_message(order, ALLOCATED, item)

    with transaction() as session:
        announce.drop_wake_ups(session, order, [SHIPPED], item)

    assert claimed_names(order) == ["item-shipped", "stock-allocated"]


def test_reading_a_fact_of_the_order_leaves_the_facts_of_its_items(order: str) -> None:
    add_message(order, CANCEL)
    add_message(order, SHIPPED, uuid4())

    with transaction() as session:
        announce.drop_wake_ups(session, order, [CANCEL])

    assert claimed_names(order) == ["item-shipped"]


def test_an_hour_without_success_is_shown_as_stuck_with_its_reason(order: str) -> None:
    add_message(order)
    [row] = claim(order)
    wait_with(row)
    change(order, created_at=clock.now() - timedelta(minutes=61))

    with transaction() as session:
        stuck = {row.id: row.last_error for row in stuck_rows(session, 100_000)}
        counted = count_stuck(session)

    assert stuck[row.id] == "No flow waits."
    assert counted["engine"] >= 1


def test_an_operator_can_send_any_row_again(order: str) -> None:
    add_message(order)
    [row] = claim(order)
    deliver_row(row)

    with transaction() as session:
        assert send_again(session, row.id)

    assert claimed_names(order) == ["cancel-order"]


def test_a_row_that_is_not_there_cannot_be_sent_again() -> None:
    with transaction() as session:
        assert not send_again(session, -1)


def test_when_the_flow_goes_on_a_message_without_a_waiting_flow_is_tried_at_once(order: str) -> None:
    item = uuid4()
    add_message(order, SHIPPED, item)
    [row] = claim(order)
    wait_with(row)
    assert claimed_names(order) == []

    make_messages_due(order, None)
    assert claimed_names(order) == []

    make_messages_due(order, item)
    assert claimed_names(order) == ["item-shipped"]


def test_a_start_keeps_its_pause_when_the_flow_goes_on(order: str) -> None:
    add_start(order)
    [row] = claim(order)
    wait_with(row)

    make_messages_due(order, None)

    assert claimed_names(order) == []


def test_a_row_being_sent_is_not_sent_again_when_the_flow_goes_on(order: str) -> None:
    add_message(order)
    claim(order)

    make_messages_due(order, None)

    assert claimed_names(order) == []


def test_a_row_that_was_woken_while_it_was_sent_in_vain_is_due_at_once(order: str) -> None:
    add_message(order)
    [row] = claim(order)
    make_messages_due(order, None)

    wait_with(row)

    assert claimed_names(order) == ["cancel-order"]


def test_a_start_that_is_sent_again_keeps_its_number_of_attempts(order: str) -> None:
    add_start(order)
    [row] = claim(order)
    deliver_row(row)

    with transaction() as session:
        send_again(session, row.id)

    [again] = claim(order)
    assert again.attempts == 2, "history is asked before a start that is not the first try"
