"""What a return would do, for the API and the console: read in a transaction, judged and reckoned outside of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock, money
from order_api.orders.models import Order
from order_api.overview.document_refunds import UNKNOWN
from order_api.overview.document_returns import FeePreviewAnswer, ReturnLinePreviewAnswer, ReturnPreviewAnswer
from order_api.overview.refunds import Names, RefundPreview
from order_api.overview.returns import policy_answered
from order_api.refunds.choose_units import UnitChooser
from order_api.refunds.ledgers import read_ledgers
from order_api.returns.announce import chosen_units, overrides_of
from order_api.returns.override import Override
from order_api.returns.policy import FeeAnswer, PolicyAnswer, answers_of
from order_api.returns.question import AskedLine, LineQuestion, line_questions
from order_api.returns.reckon import LineGivingBack, ReturnLedgers, fees_borne, read_return_ledgers, reckon
from order_api.returns.words import ComesBy, Decision
from order_api.stores.models import OrderCollection

Said = tuple[dict[str, Any], list[dict[str, Any]]]
"""What the tables said about a line: the row of the policy that applies, empty if none does, and every fee."""


@dataclass(frozen=True)
class JudgedLine:
    asked: AskedLine
    question: LineQuestion
    policy: PolicyAnswer
    fees: Sequence[FeeAnswer]

    @property
    def giving_back(self) -> LineGivingBack:
        asked = self.asked
        return LineGivingBack(asked.item.id, asked.reason, asked.ranges, self.policy, self.fees)


@dataclass(frozen=True)
class UnjudgedReturn:
    """A preview before the tables have been asked the questions, one for each line."""

    given: ReturnLedgers
    names: Names
    lines: Sequence[AskedLine]
    questions: Sequence[LineQuestion]
    overrides: Sequence[Override | None]
    policy_table: str
    """Key of the collection's table."""

    def judged(self, said: Sequence[Said] | None) -> ReturnPreviewAnswer:
        """None if the tables could not be asked. Raises what a plan of a refund raises."""
        if said is None:
            asked = zip(self.lines, self.questions, strict=True)
            lines = [_line(line, question, None, []) for line, question in asked]
            return ReturnPreviewAnswer(self._currency, UNKNOWN, lines, [], self._text(0), None)
        answers = zip(self.lines, self.questions, said, self.overrides, strict=True)
        judged = [_judged(*each) for each in answers]
        coming = [line for line in judged if line.policy.decision != Decision.REFUSE]
        answer = ReturnPreviewAnswer(
            currency=self._currency,
            decision=_decision([line.policy.decision for line in judged]),
            lines=[_line(line.asked, line.question, line.policy, self._words(line)) for line in judged],
            fees=[],
            paid_back=self._text(0),
            refund=None,
        )
        if coming:
            plan = reckon(self.given, [line.giving_back for line in coming])
            answer.refund = RefundPreview(self.given.ledgers, plan, self.names).answer()
            answer.paid_back = answer.refund.paid_back
            answer.fees = [FeePreviewAnswer(fee.fee.type, self._text(fee.amount)) for fee in plan.fees]
        return answer

    def as_variables(self) -> list[dict[str, Any]]:
        """What the tables are asked, line by line."""
        return [question.as_variables() for question in self.questions]

    def _words(self, line: JudgedLine) -> list[str]:
        return [fee.words for fee in fees_borne(self.given.reasons, line.asked.reason, line.fees)]

    @property
    def _currency(self) -> str:
        return self.given.ledgers.order.currency

    def _text(self, minor: int) -> str:
        return money.to_text(minor, self._currency)


def reckon_return(session: Session, actor: Actor, order: Order, body: dict[str, Any]) -> UnjudgedReturn:
    """Changes nothing. The order's items and tenders are loaded. Raises MoreThanRemains and ReturnInvalid."""
    ledgers = read_ledgers(session, order)
    given = read_return_ledgers(session, ledgers)
    chosen = chosen_units(session, order, UnitChooser(ledgers), body["items"])
    overrides = overrides_of(actor, order, body)
    table = session.get_one(OrderCollection, order.collection_id).properties.return_policy
    lines = [AskedLine(item.line_id, item, reason, ranges, clock.now()) for item, ranges, reason in chosen]
    role = str(actor.role or actor.kind)
    questions = line_questions(session, role, ledgers, ComesBy(body["comes_by"]), lines)
    return UnjudgedReturn(given, Names.read(session, order.id), lines, questions, overrides, table)


def _judged(asked: AskedLine, question: LineQuestion, said: Said, override: Override | None) -> JudgedLine:
    """As the process would store it."""
    policy, fees = answers_of(*said)
    if override is not None:
        policy, fees = override.applied(policy, fees)
    return JudgedLine(asked, question, policy, fees)


def _decision(decisions: Sequence[Decision]) -> Decision:
    """Refused lines are left out, unless all are refused."""
    left = {decision for decision in decisions if decision != Decision.REFUSE}
    if not left:
        return Decision.REFUSE
    return Decision.APPROVE if Decision.APPROVE in left else Decision.ACCEPT


def _line(
    asked: AskedLine, question: LineQuestion, policy: PolicyAnswer | None, fees: list[str]
) -> ReturnLinePreviewAnswer:
    return ReturnLinePreviewAnswer(
        line_id=asked.item.line_id,
        quantity=question.quantity,
        reason=asked.reason,
        amount=question.amount,
        policy=None if policy is None else policy_answered(policy),
        fees=fees,
    )
