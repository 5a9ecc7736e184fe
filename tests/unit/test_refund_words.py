"""What the console says about a refund: its state, whom it waits for, and where each payment back is."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from order_api.console.refund_words import MoneyBack, RefundInWords, refunds_in_words, where_is
from order_api.core.outside import CallStatus
from order_api.orders.models import Order, Tender
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.refunds.models import Refund, RefundState
from order_api.stores.reasons import DEFAULT_REASONS

ASKED = datetime(2026, 11, 29, 18, 20, tzinfo=UTC)
CARD = Tender(id=uuid4(), type="card")
ORDER = Order(currency="USD", tenders=[CARD])
SINCE = "29 Nov 2026, 18:20 UTC"


def refund(state: RefundState, **changes: Any) -> Refund:
    facts: dict[str, Any] = {"paid_back": 1970, "amount": 1970, "reason": "arrived_broken", "requested_by": "carla"}
    return Refund(id=uuid4(), number="K-F1", state=state, requested_at=ASKED, **facts | changes)


def payment(status: CallStatus, kind: TransactionKind = TransactionKind.REFUND, **changes: Any) -> PaymentTransaction:
    row = PaymentTransaction(id=uuid4(), tender_id=CARD.id, kind=kind, status=status, amount=1970, currency="USD")
    row.requested_at, row.parent_id = ASKED, uuid4()
    for name, value in changes.items():
        setattr(row, name, value)
    return row


def in_words(of: Refund, *rows: PaymentTransaction) -> RefundInWords:
    for row in rows:
        row.refund_id = of.id
    [words] = refunds_in_words(ORDER, [of], list(rows), DEFAULT_REASONS)
    return words


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            payment(CallStatus.DONE, settled_at=ASKED, trace_number="ARN7", expected_by=date(2026, 12, 4)),
            "19.70 USD went back to Card on 29 Nov 2026; trace number ARN7, expected by 4 Dec 2026.",
        ),
        (payment(CallStatus.DONE, settled_at=ASKED), "19.70 USD went back to Card on 29 Nov 2026."),
        (
            payment(CallStatus.PENDING),
            f"19.70 USD for Card has been with the payment provider since {SINCE}; it has not been paid back yet.",
        ),
        (payment(CallStatus.HELD), "19.70 USD goes back to Card once the refund is granted."),
        (
            payment(CallStatus.REQUESTED, TransactionKind.TRANSFER_OUTSIDE),
            "19.70 USD is to be paid outside by bank transfer or in cash.",
        ),
        (
            payment(CallStatus.DONE, TransactionKind.TRANSFER_OUTSIDE, settled_at=ASKED, reference="BANK-1"),
            "19.70 USD was paid outside, reference BANK-1, on 29 Nov 2026.",
        ),
    ],
)
def test_where_the_refund_is_can_be_read_aloud(row: PaymentTransaction, sentence: str) -> None:
    assert where_is(row, "Card") == MoneyBack(sentence)


def test_a_payment_that_the_provider_refused_is_an_alarm() -> None:
    refused = where_is(payment(CallStatus.DECLINED, decline_code="card_declined"), "Card")

    assert refused.is_alarm
    assert refused.sentence == (
        "19.70 USD for Card was refused by the payment provider: card declined; customer service decides."
    )


@pytest.mark.parametrize("status", [status for status in CallStatus if status != CallStatus.WITHDRAWN])
def test_every_status_has_a_sentence(status: CallStatus) -> None:
    assert where_is(payment(status), "Card").sentence.startswith("19.70 USD ")


@pytest.mark.parametrize("state", RefundState)
def test_every_state_has_words(state: RefundState) -> None:
    assert in_words(refund(state)).state


def test_a_refund_that_waits_says_for_whom_who_asked_and_since_when() -> None:
    waiting = refund(RefundState.NEEDS_APPROVAL, approval_words="Above 50.00 USD.")

    assert in_words(waiting).waits == (
        f"A supervisor must approve it. Above 50.00 USD. Requested by carla, it has waited since {SINCE}."
    )


def test_a_refund_that_was_granted_no_longer_waits() -> None:
    granted = in_words(refund(RefundState.PAYING), payment(CallStatus.PENDING))

    assert (granted.waits, granted.state) == (None, "Granted, not paid back yet")


def test_a_refusal_says_who_refused_and_why() -> None:
    refused = refund(RefundState.REFUSED, decided_by="sue", decided_at=ASKED, decision_reason="No photo.")

    assert in_words(refused, payment(CallStatus.WITHDRAWN)).money == []
    assert in_words(refused).decided == f"Refused by sue on {SINCE}: No photo."


def test_of_several_tries_the_last_one_is_told() -> None:
    declined = payment(CallStatus.DECLINED)
    again = payment(CallStatus.DONE, parent_id=declined.parent_id, settled_at=ASKED)

    told = in_words(refund(RefundState.PAYING), declined, again).money

    assert [each.is_alarm for each in told] == [False]


def test_a_refund_of_which_nothing_goes_back_does_not_say_that_it_was_paid() -> None:
    assert in_words(refund(RefundState.PAID, paid_back=0)).state == "Granted, nothing to pay back"
