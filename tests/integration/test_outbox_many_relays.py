"""Many relays at one outbox: no two hold the same row, and the rows of an item keep their order (J1)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from order_api.camunda.names import Message, Process
from order_api.core import clock
from order_api.core.database import transaction
from order_api.outbox import announce, claims
from order_api.outbox.claims import SendResult
from order_api.outbox.lanes import LANES
from order_api.outbox.models import OutboxRow, RowState
from order_api.outbox.stuck import send_again
from tests.factories.others import transaction_of_another
from tests.factories.outbox_rows import (
    EVERYTHING,
    SHIPPED,
    add_message,
    change,
    claim,
    claimed_names,
    deliver_row,
    read,
    wait_with,
)
from tests.fixtures.system import PATIENCE

pytestmark = pytest.mark.usefixtures("migrated")


@pytest.fixture
def order() -> str:
    return str(uuid4())


def test_relays_at_once_never_get_the_same_row() -> None:
    orders = [str(uuid4()) for _ in range(60)]
    with transaction() as session:
        for order in orders:
            announce.request_start(session, order, Process.ORDER_SUBMIT, {"order_number": order})

    with ThreadPoolExecutor(6) as relays:
        batches = list(relays.map(lambda _: claim_in_portions(), range(6)))

    claimed = [row_id for batch in batches for row_id in batch]
    assert len(claimed) == len(set(claimed)) >= 60


def claim_in_portions() -> list[int]:
    with transaction() as session:
        rows = [row.id for row in claims.claim(session, dict.fromkeys(LANES, 7))]
    return rows + claim_in_portions() if rows else []


def test_rows_of_one_item_stay_in_order_with_many_relays() -> None:
    """Each relay notes its rows before the next relay can claim later ones."""
    orders = {str(uuid4()) for _ in range(20)}
    for message in (Message.ITEM_SHIPPED, Message.STOCK_ALLOCATED, Message.ITEM_SHIPPED):
        with transaction() as session:
            for order in orders:
                announce.request_wake_up(session, order, Process.ORDER_SUBMIT, message)
    sent: list[OutboxRow] = []

    def relay() -> None:
        deadline = clock.now() + timedelta(seconds=PATIENCE)
        while len(sent) < 60 and clock.now() < deadline:
            with transaction() as session:
                rows = [row for row in claims.claim(session, EVERYTHING) if row.business_key in orders]
            sent.extend(rows)
            unwritten = [SendResult.delivered(row) for row in rows]
            while unwritten:
                with transaction() as session:
                    written = claims.record_results(session, unwritten)
                unwritten = [answer for answer in unwritten if answer not in written]

    with ThreadPoolExecutor(4) as relays:
        for _ in range(4):
            relays.submit(relay)

    for order in orders:
        ids = [row.id for row in sent if row.business_key == order]
        assert len(ids) == 3
        assert ids == sorted(ids)


def test_a_relay_whose_lease_ran_out_does_not_overwrite_the_next_relay(order: str) -> None:
    add_message(order)
    [late] = claim(order)
    change(order, claimed_until=clock.now() - timedelta(seconds=1))
    [next_one] = claim(order)

    wait_with(late)

    assert read(late).claimed_until == next_one.claimed_until
    assert claimed_names(order) == []


def test_a_row_that_takes_long_to_send_keeps_its_lease(order: str) -> None:
    add_message(order)
    [row] = claim(order)
    before = clock.now()
    change(order, claimed_until=before + timedelta(seconds=5))
    row.claimed_until = read(row).claimed_until

    with transaction() as session:
        row.claimed_until = claims.renew_leases(session, [row])[row.id]

    lease = read(row).claimed_until
    assert lease is not None
    assert lease >= before + claims.LEASE
    deliver_row(row)
    assert read(row).state == RowState.DELIVERED


def test_a_locked_row_holds_up_no_other(order: str) -> None:
    add_message(order)
    add_message(order, SHIPPED, uuid4())
    locked, other = claim(order)
    with transaction_of_another() as other_relay:
        other_relay.get_one(OutboxRow, locked.id, with_for_update=True)

        with transaction() as session:
            written = claims.record_results(session, [SendResult.delivered(locked), SendResult.delivered(other)])

    assert [answer.row for answer in written] == [other]
    assert (read(locked).state, read(other).state) == (RowState.PENDING, RowState.DELIVERED)


def test_a_lease_that_was_lost_is_not_kept(order: str) -> None:
    add_message(order)
    [row] = claim(order)
    change(order, claimed_until=None)
    row.claimed_until = clock.now() + timedelta(seconds=5)

    with transaction() as session:
        assert claims.renew_leases(session, [row]) == {}


def test_a_row_that_an_operator_frees_while_it_is_sent_is_not_claimed_by_the_same_relay(order: str) -> None:
    add_message(order)
    [row] = claim(order)
    with transaction() as session:
        send_again(session, row.id)

    with transaction() as session:
        mine = [r.id for r in claims.claim(session, EVERYTHING, held=[row.id])]

    assert row.id not in mine
    assert claimed_names(order) == ["cancel-order"]


def test_a_reason_that_postgresql_could_not_store_is_made_storable(order: str) -> None:
    add_message(order)
    [row] = claim(order)

    with transaction() as session:
        claims.record_results(session, [SendResult.later(row, "an answer\x00 that \ud800 is unreadable")])

    assert read(row).last_error == "an answer that ? is unreadable"


def test_the_answer_of_a_row_that_is_gone_is_not_kept_for_ever(order: str) -> None:
    add_message(order)
    [row] = claim(order)
    with transaction() as session:
        session.delete(session.get_one(OutboxRow, row.id))
    row.claimed_until = clock.now() - timedelta(seconds=1)

    with transaction() as session:
        assert claims.record_results(session, [answer := SendResult.delivered(row)]) == [answer]
