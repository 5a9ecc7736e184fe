"""What adapters say about the refunds that they can make: refuses others before anything is promised."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from order_api.core import clock, money
from order_api.integrations.adapters import Port, declared
from order_api.integrations.payment.port import RefundTerms
from order_api.payments.models import PaymentTransaction
from order_api.refunds.errors import RefundNotPossible
from order_api.refunds.ledgers import Ledgers
from order_api.refunds.models import Destination
from order_api.refunds.plan import RefundPlan


def refuse_what_adapters_refuse(ledgers: Ledgers, plan: RefundPlan) -> None:
    """Money that is paid outside needs no adapter."""
    if plan.destination == Destination.OUTSIDE:
        return
    if problems := list(_problems(ledgers, plan)):
        raise RefundNotPossible(" ".join([*problems, "It can be paid outside."]))


def end_at_adapters(ledgers: Ledgers, plan: RefundPlan) -> datetime | None:
    """Until when each adapter makes its part of the refund; None without a limit."""
    captures = [ledgers.by_id[capture_id] for capture_id in plan.settlement.rows]
    ends = [_end(_terms(capture), capture) for capture in captures]
    return min((end for end in ends if end is not None), default=None)


def _problems(ledgers: Ledgers, plan: RefundPlan) -> Iterator[str]:
    given_back = {capture.id: capture.given_back for capture in ledgers.captures}
    for capture_id, amount in plan.settlement.rows.items():
        capture = ledgers.by_id[capture_id]
        terms = _terms(capture)
        if (problem := why_not_at_adapter(terms, capture, amount, given_back[capture_id])) is not None:
            yield f"The {capture.tender.name} {problem}."


def _terms(capture: PaymentTransaction) -> RefundTerms | None:
    terms: RefundTerms | None = declared(Port.PAYMENT, capture.tender.type, "refund_terms", None)
    return terms


def _end(terms: RefundTerms | None, capture: PaymentTransaction) -> datetime | None:
    if terms is None or terms.days is None:
        return None
    return (capture.settled_at or capture.requested_at) + timedelta(days=terms.days)


def why_not_at_adapter(
    terms: RefundTerms | None, capture: PaymentTransaction, amount: int, given_back: int
) -> str | None:
    """What an adapter with these terms refuses, to be read after the name of the tender. Amounts are in minor units."""
    if terms is None:
        return "takes no refunds"
    if not terms.partial and amount < capture.amount:
        return f"gives back only the whole capture of {money.with_currency(capture.amount, capture.currency)}"
    if not terms.several_per_capture and given_back:
        return "gives a capture back only once, and this one was given back in part"
    if amount < terms.minimum:
        return f"gives back {money.with_currency(terms.minimum, capture.currency)} or more"
    end = _end(terms, capture)
    if end is not None and clock.now() > end:
        return f"gives back within {terms.days} days, and this capture is older"
    return None
