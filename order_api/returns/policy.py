"""What the tables `return-policy` and `return-fees` answer about a line, as it is stored and carried out.

A designer may write anything into a table. An answer that makes no sense has the line approved by a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from uuid import UUID

from order_api.core import money
from order_api.proof.fees import Fee, FeeTax, Fixed, Per, Percent
from order_api.returns.words import Decision, RefundWhen, ShippingBack

MAX_WORDS = 200
MAX_DAYS = 3_650
SURCHARGE = "surcharge"
"""The type of what a person keeps otherwise than the tables."""


class Table(StrEnum):
    POLICY = "return-policy"
    FEES = "return-fees"


class AnswerInvalid(ValueError):
    """The text says which output of a table makes no sense."""


@dataclass(frozen=True)
class PolicyAnswer:
    """`days_to_arrive` counts from the announcement; None means no limit by the table. `refund_days` counts from the
    step at which money is due. `words` say why, where a line is refused or needs approval."""

    decision: Decision
    words: str | None = None
    days_to_arrive: int | None = None
    goods_kept: bool = False
    shipping_back: ShippingBack = ShippingBack.NONE
    refund_when: RefundWhen = RefundWhen.INSPECTED
    refund_days: int | None = None
    inspect: bool = True
    version: int | None = None

    @classmethod
    def from_table(cls, said: Mapping[str, Any]) -> "PolicyAnswer":
        """`said` is what the table answered for the line; empty if no row of it applies."""
        try:
            return cls._read(said)
        except AnswerInvalid as error:
            return cls(Decision.APPROVE, f"{Table.POLICY}: {error}", version=_whole(said, "version"))

    @classmethod
    def _read(cls, said: Mapping[str, Any]) -> "PolicyAnswer":
        words = said.get("words")
        return cls(
            decision=Decision(_word(said, "decision", Decision)),
            words=str(words)[:MAX_WORDS] if words else None,
            days_to_arrive=_days(said, "days_to_arrive"),
            goods_kept=_yes(said, "goods_kept"),
            shipping_back=ShippingBack(_word(said, "shipping_back", ShippingBack)),
            refund_when=RefundWhen(_word(said, "refund_when", RefundWhen)),
            refund_days=_days(said, "refund_days"),
            inspect=_yes(said, "inspect"),
            version=_whole(said, "version"),
        )

    def unless_refused(self, problem: str) -> "PolicyAnswer":
        """The answer when the table of fees made no sense: a person approves the line and sees the problem."""
        if self.decision == Decision.REFUSE:
            return self
        return replace(self, decision=Decision.APPROVE, words=f"{Table.FEES}: {problem}")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> "PolicyAnswer":
        """Raises ValueError about a line that the table was not asked about."""
        if stored is None:
            raise ValueError("The policy has not answered about this line.")
        values: dict[str, Any] = dict(stored)
        values |= {"decision": Decision(stored["decision"]), "shipping_back": ShippingBack(stored["shipping_back"])}
        return cls(**values | {"refund_when": RefundWhen(stored["refund_when"])})


@dataclass(frozen=True)
class FeeAnswer:
    """One row that the table of fees answered for a line. `percent` 10 is 10 %; `amount` is decimal, in the order's
    currency; a fee has one of them. `words` are what the customer reads."""

    type: str
    words: str
    tax: FeeTax = FeeTax.AS_LINE
    percent: str | None = None
    of_net: bool = False
    amount: str | None = None
    per: Per | None = None
    rate: str | None = None

    @classmethod
    def from_table(cls, said: Mapping[str, Any]) -> "FeeAnswer":
        """Raises AnswerInvalid."""
        kind, words = said.get("type"), said.get("words")
        if not kind or not words:
            raise AnswerInvalid("a fee needs a type, and words that the customer reads.")
        percent, amount = _decimal(said, "percent", at_most=Decimal(100)), _decimal(said, "amount")
        if (percent is None) == (amount is None):
            raise AnswerInvalid(f"the fee {kind} needs either a percent or an amount.")
        tax = FeeTax(_word(said, "tax", FeeTax)) if said.get("tax") else FeeTax.AS_LINE
        if (tax == FeeTax.RATE) != (said.get("rate") is not None):
            raise AnswerInvalid(f"the fee {kind} needs a rate if its tax is {FeeTax.RATE}, and only then.")
        return cls(
            type=str(kind)[:40],
            words=str(words)[:MAX_WORDS],
            tax=tax,
            percent=percent,
            of_net=said.get("of") == "net",
            amount=amount,
            per=None if amount is None else Per(_word(said, "per", Per)),
            rate=_decimal(said, "rate", at_most=Decimal(1)),
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "FeeAnswer":
        per = stored["per"]
        return cls(**{**stored, "tax": FeeTax(stored["tax"]), "per": None if per is None else Per(per)})

    def of_lines(self, item_ids: Sequence[UUID], currency: str) -> Fee:
        """The fee as it is reckoned. An amount with too many decimals for the currency is rounded."""
        size: Percent | Fixed
        if self.percent is not None:
            size = Percent(Decimal(self.percent) / 100, of_net=self.of_net)
        else:
            assert self.amount is not None
            assert self.per is not None
            decimals = money.exponent_of(currency) or 0
            size = Fixed(money.round_half_up(Decimal(self.amount).scaleb(decimals)), self.per)
        return Fee(self.type, size, tuple(item_ids), self.tax, Decimal(self.rate or 0))


def answers_of(policy: Mapping[str, Any], fees: Sequence[Mapping[str, Any]]) -> tuple[PolicyAnswer, list[FeeAnswer]]:
    """What both tables said about a line."""
    answer = PolicyAnswer.from_table(policy)
    try:
        return answer, [FeeAnswer.from_table(row) for row in fees]
    except AnswerInvalid as error:
        return answer.unless_refused(str(error)), []


def _word(said: Mapping[str, Any], name: str, words: type[StrEnum]) -> str:
    word = said.get(name)
    if not isinstance(word, str) or word not in set(words):
        raise AnswerInvalid(f"{name} must be one of {', '.join(words)}, not {word!r}.")
    return str(word)


def _yes(said: Mapping[str, Any], name: str) -> bool:
    if not isinstance(said.get(name), bool):
        raise AnswerInvalid(f"{name} must be true or false, not {said.get(name)!r}.")
    return bool(said[name])


def _days(said: Mapping[str, Any], name: str) -> int | None:
    days = _whole(said, name)
    if said.get(name) is not None and (days is None or not 0 <= days <= MAX_DAYS):
        raise AnswerInvalid(f"{name} must be a whole number of days up to {MAX_DAYS}, not {said.get(name)!r}.")
    return days


def _whole(said: Mapping[str, Any], name: str) -> int | None:
    number = said.get(name)
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    return int(number) if float(number).is_integer() else None


def _decimal(said: Mapping[str, Any], name: str, *, at_most: Decimal | None = None) -> str | None:
    if said.get(name) is None:
        return None
    try:
        number = Decimal(str(said[name]))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or (at_most is not None and number > at_most):
        raise AnswerInvalid(f"{name} must be a number from 0{f' to {at_most}' if at_most else ''}, not {said[name]!r}.")
    return f"{number.normalize():f}"
