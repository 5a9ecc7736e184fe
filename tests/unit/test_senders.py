"""Each kind of outbox row has one sender, in a module of its own."""

import pytest

from order_api.outbox.models import OutboxRow, RowKind
from workers.senders import senders, sends


def test_every_kind_of_row_has_a_sender() -> None:
    assert set(senders()) == set(RowKind)


def test_a_second_sender_of_one_kind_is_refused() -> None:
    senders()

    def send(row: OutboxRow) -> None:
        """Never registered."""

    with pytest.raises(ValueError, match="mail has two senders"):
        sends(RowKind.MAIL)(send)
