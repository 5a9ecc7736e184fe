"""Checks that the right mails arrived, based on what happened to the orders, not on our own mail records.

An item counts as delayed if its flow came to the backorder. If a worker was killed while it reserved, and the stock
came meanwhile, the repeated task finds the item reserved: the customer does not wait and is told nothing.
"""

from collections import Counter
from typing import Any

from tests.fixtures.shop import Shop

SENDERS = 8
"""Threads of the relay: a kill can catch at most this many mails between sending and recording."""
EVERYTHING_ABOUT_MAILS = """
    SELECT o.number, o.customer_email, o.status_category = 'canceled', o.undo_began_at IS NOT NULL,
           o.frozen_at IS NOT NULL,
           EXISTS (SELECT FROM payment_transactions p
                   WHERE p.order_id = o.id AND p.kind = 'authorize' AND p.status = 'done'),
           (SELECT count(*) FROM shipments s WHERE s.order_id = o.id),
           (SELECT count(DISTINCT h.item_id) FROM order_history h
            WHERE h.order_id = o.id AND h.event = 'item.status_changed' AND h.after = 'backordered'),
           (SELECT count(DISTINCT u.cause_id) FROM unit_ranges u WHERE u.order_id = o.id AND u.fate = 'canceled'),
           (SELECT count(*) FROM refunds r WHERE r.order_id = o.id AND r.state = 'paid' AND r.paid_back > 0),
           (SELECT count(*) FROM returns t WHERE t.order_id = o.id AND EXISTS (SELECT FROM return_lines l
                                                                            WHERE l.return_id = t.id AND l.is_allowed)),
           (SELECT count(*) FROM return_receipts p JOIN returns t ON t.id = p.return_id WHERE t.order_id = o.id)
    FROM orders o WHERE o.id = ANY(%s::uuid[])"""


def every_mail_arrived(shop: Shop, order_ids: list[str], kills: int) -> None:
    orders = [row for row in shop.sql(EVERYTHING_ABOUT_MAILS, order_ids) if row[1]]
    ours = [mail for mail in shop.mailbox.mails if mail[1] in {row[1] for row in orders}]
    counts = Counter((recipient, subject) for _, recipient, subject in set(ours))
    wrong = [(row, subject, counts[row[1], subject]) for row in orders for subject in _wrong(row, counts)]
    assert not wrong, f"(facts of the order), subject, how often: {wrong[:5]}"
    _once_each(ours, kills)


def _wrong(row: tuple[Any, ...], counts: Counter[tuple[str, str]]) -> list[str]:
    expected = {subject: set(numbers) for subject, numbers in _expected(*row).items()}
    known = [subject for recipient, subject in counts if recipient == row[1]]
    return [subject for subject in {*expected, *known} if counts[row[1], subject] not in expected.get(subject, set())]


def _expected(  # noqa: PLR0913 - the columns of one row
    number: str,
    _email: str,
    is_canceled: bool,
    was_given_up: bool,
    is_frozen: bool,
    is_authorized: bool,
    shipments: int,
    backordered: int,
    cancellations: int,
    refunds: int,
    returns: int,
    receipts: int,
) -> dict[str, range]:
    """The possible numbers of different mails by subject: a cancellation may come just before or just after a mail was
    written. "Was canceled" is about a whole order, "A change" about the units that will not come."""
    order = f"order {number}"
    return {
        f"Your {order}": _exactly(1) if is_frozen else range(is_authorized + 1),
        f"Your {order} is on its way": _exactly(shipments),
        f"Your {order} was canceled": _exactly(int(was_given_up and not shipments)),
        f"A delay in your {order}": range(backordered + 1) if was_given_up else _exactly(backordered),
        f"Your refund for {order}": _exactly(refunds),
        f"Your refund for {order} is on its way": range(refunds + 1),
        f"Your return for {order}": _exactly(returns),
        f"We have received your goods of {order}": _exactly(receipts),
        f"A change to your {order}": range(cancellations + 1)
        if was_given_up and not shipments
        else _exactly(cancellations),
    }


def _exactly(number: int) -> range:
    return range(number, number + 1)


def _once_each(mails: list[tuple[str, str, str]], kills: int) -> None:
    """A mail may arrive again only if a kill can have hit between sending and recording it."""
    times = Counter(message_id for message_id, _, _ in mails)
    repeated = {message_id: number for message_id, number in times.items() if number > 1}
    assert len(repeated) <= SENDERS * kills, f"sent again without need: {repeated}"
    assert max(repeated.values(), default=1) <= 1 + kills, f"sent too often: {repeated}"
