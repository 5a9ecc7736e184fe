"""Rows of one lane do not wait for rows of another (J1)."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select

from order_api.core import clock
from order_api.core.database import transaction
from order_api.outbox import announce, claims, lanes
from order_api.outbox.claims import SendResult
from order_api.outbox.lanes import ENGINE, INVENTORY, LANE_FAMILIES, LANES, MAIL, lane_of
from order_api.outbox.models import OutboxRow, RowState
from order_api.outbox.stuck import send_again, stuck_rows
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
    make_messages_due,
    read,
    wait_with,
)
from tests.fixtures.system import HELD_UP, PATIENCE, wait_until
from workers.relay import Relay

pytestmark = pytest.mark.usefixtures("nothing_else_waits")


@pytest.fixture
def nothing_else_waits(migrated: None) -> None:
    drop_rows_of_other_tests()


@pytest.fixture
def order() -> str:
    return str(uuid4())


def test_an_undeliverable_mail_holds_up_no_message_and_no_stock_of_its_order(order: str) -> None:
    add_mail(order)
    add_stock(order)
    add_message(order)

    assert claimed_names(order) == ["order_confirmed", "take-stock", "cancel-order"]


def test_mails_of_one_order_go_one_after_another(order: str) -> None:
    add_mail(order)
    add_mail(order)

    [first] = claim(order)
    assert claim(order) == []

    deliver_row(first)
    assert claimed_names(order) == ["order_confirmed"]


def test_a_start_precedes_the_rows_of_other_lanes_about_its_order(order: str) -> None:
    add_start(order)
    add_mail(order)
    add_stock(order)

    assert claimed_names(order) == ["order-submit"]


def test_each_lane_gets_what_it_has_room_for() -> None:
    for _ in range(3):
        add_mail(str(uuid4()))
        add_message(str(uuid4()))

    with transaction() as session:
        room = {**dict.fromkeys(LANES, 1), lanes.ENGINE: 2}
        rows = claims.claim(session, room)

    assert [row.kind for row in rows] == ["mail", "message", "message"]


def test_a_row_that_was_tried_in_vain_comes_after_a_row_that_has_been_due_for_longer() -> None:
    tried, new = str(uuid4()), str(uuid4())
    add_mail(tried)
    add_mail(new)
    change(tried, due_at=clock.now())
    change(new, due_at=clock.now() - timedelta(seconds=1))

    with transaction() as session:
        [first] = claims.claim(session, dict.fromkeys(LANES, 1))

    assert first.business_key == new


def add_to(lane: str) -> str:
    """The business key of a new row in this lane."""
    business_key, now = str(uuid4()), clock.now()
    with transaction() as session:
        row = OutboxRow(lane=lane, kind="message", name="parcel-left", business_key=business_key, payload={})
        row.created_at, row.due_at, row.give_up_at = now, now, now + timedelta(days=3)
        session.add(row)
    return business_key


def state_of(business_key: str) -> str | None:
    with transaction() as session:
        return session.scalar(select(OutboxRow.state).where(OutboxRow.business_key == business_key))


@contextmanager
def relaying(relay: Relay) -> Iterator[None]:
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        yield
    finally:
        relay.stop()
        thread.join(PATIENCE)


def test_a_webhook_that_hangs_holds_up_no_other_webhook_and_no_other_lane() -> None:
    hangs, goes_on = threading.Event(), threading.Event()

    def send(row: OutboxRow) -> SendResult:
        if row.lane == "webhook:dead":
            hangs.set()
            goes_on.wait(HELD_UP)
        return SendResult.delivered(row)

    for _ in range(3 * lane_of("webhook:dead").room):
        add_to("webhook:dead")
    with relaying(Relay(send)):
        try:
            assert hangs.wait(PATIENCE)
            others = [add_to("webhook:alive"), add_to(lanes.ENGINE), add_to(lanes.MAIL)]
            wait_until(lambda: {state_of(key) for key in others} == {RowState.DELIVERED}, what="the other lanes")
        finally:
            goes_on.set()


def threads_of(lane: str) -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith(f"sender_{lane}_")]


def test_the_threads_of_a_receiver_end_when_it_has_no_more_rows() -> None:
    row, seen = add_to("webhook:gone"), list[str]()

    def send(row: OutboxRow) -> SendResult:
        seen.extend(threads_of(row.lane))
        return SendResult.delivered(row)

    with relaying(Relay(send)):
        wait_until(lambda: state_of(row) == RowState.DELIVERED, what="the webhook")
        wait_until(lambda: threads_of("webhook:gone") == [], what="the end of its threads")
        # A receiver that comes back is served again.
        again = add_to("webhook:gone")
        wait_until(lambda: state_of(again) == RowState.DELIVERED, what="the next webhook")

    assert seen


def test_a_lane_whose_stuck_rows_are_gone_counts_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.gauges.INTERVAL", 0)
    row = add_to("webhook:stuck")
    change(row, state=RowState.GIVEN_UP)

    with relaying(Relay(SendResult.delivered)):
        wait_until(lambda: stuck_in("webhook:stuck") == 1, what="the stuck row")
        change(row, state=RowState.DROPPED)
        wait_until(lambda: stuck_in("webhook:stuck") == 0, what="no stuck row")


def stuck_in(lane: str) -> float | None:
    return REGISTRY.get_sample_value("order_outbox_stuck", {"lane": lane})


def test_a_lane_that_this_release_does_not_know_waits_and_holds_up_no_other() -> None:
    unknown, known = add_to("carrier_pigeon"), add_to(lanes.MAIL)
    with relaying(Relay(SendResult.delivered)):
        wait_until(lambda: state_of(known) == RowState.DELIVERED, what="the lane that is known")

    assert state_of(unknown) == RowState.PENDING
    drop_rows_of_other_tests()


def test_a_row_that_its_lane_has_tried_for_too_long_is_given_up_and_shown_as_stuck(order: str) -> None:
    add_mail(order)
    change(order, give_up_at=clock.now())
    [row] = claim(order)

    wait_with(row)

    assert (read(row).state, read(row).last_error) == (RowState.GIVEN_UP, "No flow waits.")
    change(order, due_at=clock.now())
    assert claimed_names(order) == []
    with transaction() as session:
        assert row.id in {row.id for row in stuck_rows(session, 100_000)}


def test_a_row_that_was_given_up_has_its_whole_time_again_when_an_operator_has_it_sent(order: str) -> None:
    add_mail(order)
    change(order, state=RowState.GIVEN_UP, give_up_at=clock.now())
    with transaction() as session:
        [given_up] = [row for row in stuck_rows(session, 100_000) if row.business_key == order]
        send_again(session, given_up.id)

    [row] = claim(order)
    wait_with(row)

    assert read(row).state == RowState.PENDING


def given_up_message(order: str) -> OutboxRow:
    add_message(order)
    change(order, give_up_at=clock.now())
    [row] = claim(order)
    wait_with(row)
    assert read(row).state == RowState.GIVEN_UP
    return row


def test_a_message_that_was_given_up_is_sent_when_the_flow_went_on(order: str) -> None:
    """A person may leave a task in a queue for longer than the lane retries."""
    row = given_up_message(order)

    make_messages_due(order, None)

    assert claimed_names(order) == ["cancel-order"]
    assert read(row).give_up_at > clock.now()


def test_a_lane_has_pauses_of_its_own(order: str) -> None:
    add_message(order)
    [row] = claim(order)
    row.attempts = 3
    own, of_engine = replace(LANE_FAMILIES["webhook"], pauses=(7.0,)), LANES[ENGINE].pauses[2]

    paused = SendResult.later(row, "Away.").pause
    row.lane = "webhook:1"
    with pytest.MonkeyPatch.context() as lanes:
        lanes.setitem(LANE_FAMILIES, "webhook", own)
        paused_in_its_lane = SendResult.later(row, "Away.").pause

    assert (paused, paused_in_its_lane) == (timedelta(seconds=of_engine), timedelta(seconds=7))


@pytest.mark.parametrize(("add", "lane"), [(add_message, ENGINE), (add_mail, MAIL), (add_stock, INVENTORY)])
def test_a_row_is_given_up_when_its_own_lane_says(order: str, add: Callable[[str], None], lane: str) -> None:
    add(order)

    [row] = claim(order)

    assert row.give_up_at - row.created_at == LANES[lane].give_up_after


def test_a_message_that_was_given_up_is_dropped_when_its_fact_is_read(order: str) -> None:
    row = given_up_message(order)

    with transaction() as session:
        announce.drop_wake_ups(session, order, [row.name])

    assert read(row).state == RowState.DROPPED
