"""What an undo must settle although nobody works it any more."""

from uuid import UUID, uuid4

import pytest

from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.outside import CallStatus
from order_api.fraud_reviews.models import FraudScreening
from order_api.fraud_reviews.screen import withdraw_screening
from order_api.orders.errors import OrderNotFound
from order_api.orders.process import bind_process
from tests.fixtures.service import Client


def test_a_score_that_was_still_asked_for_is_withdrawn(channel: Client) -> None:
    order_id = UUID(channel.place()["id"])
    with transaction() as session:
        session.add(FraudScreening(order_id=order_id, status=CallStatus.REQUESTED, requested_at=clock.now()))

    withdraw_screening(channel.company.actor, order_id)

    with transaction() as session:
        assert session.query(FraudScreening).filter_by(order_id=order_id).one().status == CallStatus.LOST


def test_the_process_of_an_order_we_do_not_know_is_nobodys_twin(channel: Client) -> None:
    """After a backup was restored it may be the only trace of a paid order."""
    with transaction() as session, pytest.raises(OrderNotFound):
        bind_process(session, uuid4(), "some-instance")
