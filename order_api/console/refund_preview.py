"""What a refund would do, in the words of a preview: per line and charge, per means of payment, and who must agree."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from order_api.console import wording
from order_api.console.refund_choices import charge_label
from order_api.orders.models import Order
from order_api.overview.document_refunds import UNKNOWN, ApprovalAnswer, PartGivenBackAnswer, RefundPreviewAnswer
from order_api.refunds.models import Approval, Destination

APPROVALS: dict[str, str] = {
    Approval.AT_ONCE: "It is granted at once; no supervisor needs to approve it.",
    Approval.SUPERVISOR: "A supervisor must approve it. Until then it holds its units and its money.",
    Approval.REFUSED: "The approval rules refuse it.",
    UNKNOWN: (
        "We cannot tell whether a supervisor must approve it: the workflow engine does not answer. You can request it"
        " all the same; it is decided when the engine is back."
    ),
}


@dataclass(frozen=True)
class PreviewLine:
    """One part of the bill. `details` are its units, its net and its taxes by name."""

    label: str
    details: list[str]
    amount: str


@dataclass(frozen=True)
class PreviewInWords:
    """`ends_unpaid` and `ends_written_off` are None if there is nothing of it. `payments` is by means of payment."""

    lines: list[PreviewLine]
    amount: str
    ends_unpaid: str | None
    ends_written_off: str | None
    paid_back: str
    payments: list[PreviewLine]
    due: str
    due_after: str
    approval: str
    customer_reads: str | None
    digest: str


def preview_in_words(order: Order, answer: RefundPreviewAnswer) -> PreviewInWords:
    """The order is loaded with all its parts."""
    return PreviewInWords(
        lines=[_line(order, part) for part in answer.parts],
        amount=answer.amount,
        ends_unpaid=_some(answer.ends_unpaid),
        ends_written_off=_some(answer.ends_written_off),
        paid_back=answer.paid_back,
        payments=_payments(order, answer),
        due=answer.due,
        due_after=answer.due_after,
        approval=_approval(answer.approval),
        customer_reads=answer.customer_reads,
        digest=answer.digest,
    )


def _some(amount: str) -> str | None:
    return amount if Decimal(amount) else None


def _line(order: Order, part: PartGivenBackAnswer) -> PreviewLine:
    names = {item.line_id: item.name for item in order.items}
    charges = {charge.id: charge_label(order, charge) for charge in order.charges}
    label = names[part.line_id] if part.line_id else charges[part.charge_id] if part.charge_id else ""
    count = sum(units.quantity for units in part.units)
    units = [f"{count} unit" if count == 1 else f"{count} units"] if count else []
    taxes = [f"{tax.name} {wording.percent(tax.rate)}: {wording.grouped(tax.amount)}" for tax in part.taxes]
    return PreviewLine(label, [*units, f"net {wording.grouped(part.net)}", *taxes], part.amount)


def _payments(order: Order, answer: RefundPreviewAnswer) -> list[PreviewLine]:
    """Several captures of one means of payment are one line."""
    names = wording.tender_names(order.tenders)
    amounts: defaultdict[str, Decimal] = defaultdict(Decimal)
    for payment in answer.payments:
        amounts[names[payment.tender_id]] += Decimal(payment.amount)
    outside = answer.destination == Destination.OUTSIDE
    return [
        PreviewLine(f"Outside, for what {name} paid" if outside else f"To {name}", [], str(amount))
        for name, amount in amounts.items()
    ]


def _approval(approval: ApprovalAnswer) -> str:
    """The table's own words follow."""
    return " ".join(filter(None, [APPROVALS[approval.needed], approval.words]))
