"""Returns in sentences that a colleague can read to the customer. Reads nothing, decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from order_api.console import wording
from order_api.orders.models import Order
from order_api.overview.document_refunds import UNKNOWN
from order_api.overview.document_returns import PolicyAnswered, ReturnPreviewAnswer, ReturnUnitsAnswer
from order_api.returns.words import ComesBy, Decision, RefundWhen, ReturnState, Verdict

STATES: dict[str, tuple[str, str]] = {
    ReturnState.ANNOUNCED: ("Being checked", "fulfilling"),
    ReturnState.NEEDS_APPROVAL: ("Waits for approval", "fulfilling"),
    ReturnState.EXPECTED: ("Expected", "fulfilling"),
    ReturnState.IN_TRANSIT: ("On its way back", "fulfilling"),
    ReturnState.RECEIVED: ("Received, not settled yet", "fulfilling"),
    ReturnState.COMPLETED: ("Completed", "done"),
    ReturnState.REFUSED: ("Refused", "canceled"),
    ReturnState.CANCELED: ("Canceled", "canceled"),
    ReturnState.EXPIRED: ("Expired", "canceled"),
}
"""Each state in words, and the class of its color."""
COMES_BY: dict[str, str] = {
    ComesBy.PARCEL: "The customer sends it",
    ComesBy.STORE: "The customer brings it to a store",
    ComesBy.HERE: "It is here already",
}
VERDICTS: dict[str, str] = {
    Verdict.RESELLABLE: "As new: back into stock",
    Verdict.QUARANTINE: "To be checked: quarantine",
    Verdict.SCRAP: "Worthless: scrap",
    Verdict.SENT_BACK: "Back to the customer, without money",
}
"""What a person may say about goods that came back."""
WHEN: dict[str, str] = {
    RefundWhen.AT_ONCE: "The money goes back at once.",
    RefundWhen.CARRIER_SCAN: "The money goes back when the carrier has scanned the parcel.",
    RefundWhen.RECEIVED: "The money goes back when the goods have arrived.",
    RefundWhen.INSPECTED: "The money goes back when the goods were inspected.",
}
DECISIONS: dict[str, str] = {
    Decision.ACCEPT: "It may come back.",
    Decision.APPROVE: "A supervisor must approve it first.",
    Decision.REFUSE: "It cannot come back.",
    UNKNOWN: (
        "We cannot tell whether it may come back: the workflow engine does not answer. You can announce it all the"
        " same; it is decided when the engine is back."
    ),
}


@dataclass(frozen=True)
class PreviewedLine:
    label: str
    decision: str
    amount: str
    fees: Sequence[str]


@dataclass(frozen=True)
class ReturnPreviewInWords:
    decision: str
    lines: Sequence[PreviewedLine]
    fees: Sequence[tuple[str, str]]
    shipping: Sequence[tuple[str, str]]
    paid_back: str
    is_possible: bool


def return_preview_in_words(order: Order, answer: ReturnPreviewAnswer) -> ReturnPreviewInWords:
    names = {item.line_id: item.name for item in order.items}
    types = {charge.id: charge.name or wording.plain(charge.type) for charge in order.charges}
    parts = answer.refund.parts if answer.refund else []
    return ReturnPreviewInWords(
        decision=DECISIONS[answer.decision],
        lines=[
            PreviewedLine(f"{line.quantity} × {names[line.line_id]}", _policy(line.policy), line.amount, line.fees)
            for line in answer.lines
        ],
        fees=[(f"Kept: {wording.plain(fee.type).lower()}", fee.amount) for fee in answer.fees],
        shipping=[(types[part.charge_id], part.amount) for part in parts if part.charge_id],
        paid_back=answer.paid_back,
        is_possible=answer.decision != Decision.REFUSE,
    )


def _policy(policy: PolicyAnswered | None) -> str:
    if policy is None:
        return ""
    words = [DECISIONS[policy.decision], policy.words or ""]
    if policy.decision != Decision.REFUSE:
        words += ["The customer keeps it." if policy.goods_kept else "", WHEN[policy.refund_when]]
    return " ".join(filter(None, words))


def where_units_are(units: ReturnUnitsAnswer, policy: PolicyAnswered | None) -> str:
    """`policy` is that of their line."""
    count = "1 unit" if units.quantity == 1 else f"{units.quantity} units"
    paid = f" Paid for by {units.refund}." if units.refund else ""
    if units.verdict is not None:
        judged = "waits for a verdict" if units.verdict == Verdict.PENDING else VERDICTS[units.verdict].lower()
        return f"{count}: {judged}.{paid}"
    if units.released_at is not None:
        return f"{count}: did not come, and left the return."
    if units.given_up_at is not None:
        return f"{count}: did not come, and is written off.{paid}"
    if policy is not None and policy.goods_kept:
        return f"{count}: the customer keeps it.{paid}"
    return f"{count}: has not arrived yet.{paid}"
