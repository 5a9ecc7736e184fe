"""The reasons that a collection offers for acts after the sale: code, words, whose fault, and for which acts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from order_api.core.checks import WORD
from order_api.core.errors import NotProcessable

MAX_WORDS = 80


class Fault(StrEnum):
    SELLER = "seller"
    CARRIER = "carrier"
    CUSTOMER = "customer"
    NONE = "none"


class Act(StrEnum):
    """What a reason may be given for."""

    REFUND = "refund"
    RETURN = "return"


class ReasonNotOffered(NotProcessable):
    """The collection's list has no such reason for this act. `expected` lists the codes that it has."""


@dataclass(frozen=True)
class OfferedReason:
    code: str
    words: str
    fault: Fault
    acts: tuple[Act, ...]


BOTH = (Act.REFUND, Act.RETURN)
DEFAULT_REASONS = (
    OfferedReason("changed_mind", "Changed my mind", Fault.CUSTOMER, (Act.RETURN,)),
    OfferedReason("too_small", "Too small", Fault.CUSTOMER, (Act.RETURN,)),
    OfferedReason("too_large", "Too large", Fault.CUSTOMER, (Act.RETURN,)),
    OfferedReason("arrived_broken", "Arrived broken", Fault.SELLER, BOTH),
    OfferedReason("lost_on_the_way", "Lost on the way", Fault.CARRIER, (Act.REFUND,)),
    OfferedReason("arrived_late", "Arrived late", Fault.CARRIER, BOTH),
    OfferedReason("wrong_item", "Wrong item", Fault.SELLER, BOTH),
    OfferedReason("not_as_described", "Not as described", Fault.SELLER, BOTH),
    OfferedReason("price_promised", "A lower price was promised", Fault.SELLER, (Act.REFUND,)),
    OfferedReason("tax_exempt", "Exempt from tax", Fault.NONE, (Act.REFUND,)),
    OfferedReason("captured_twice", "Money was taken twice", Fault.SELLER, (Act.REFUND,)),
    OfferedReason("other", "Other", Fault.NONE, BOTH),
)


def parse_reasons(stored: Any) -> tuple[OfferedReason, ...]:
    """Raises ValueError, whose text says what is wrong."""
    if not isinstance(stored, list | tuple) or not stored:
        raise ValueError("reasons must be a list of one or more reasons.")
    reasons = tuple(_parsed(each) for each in stored)
    codes = [reason.code for reason in reasons]
    if len(set(codes)) < len(codes):
        raise ValueError("reasons must not repeat a code.")
    return reasons


def _parsed(each: Any) -> OfferedReason:
    if isinstance(each, OfferedReason):
        return each
    if not isinstance(each, Mapping) or each.keys() != {"code", "words", "fault", "acts"}:
        raise ValueError("Each of the reasons needs code, words, fault and acts, and nothing else.")
    code, words, acts = each["code"], each["words"], each["acts"]
    if not isinstance(code, str) or re.fullmatch(WORD, code) is None:
        raise ValueError(f"The code of a reason must match {WORD}, not {code!r}.")
    if not isinstance(words, str) or not 0 < len(words.strip()) <= MAX_WORDS:
        raise ValueError(f"The words of the reason {code!r} need 1 to {MAX_WORDS} characters.")
    if each["fault"] not in set(Fault):
        raise ValueError(f"The fault of the reason {code!r} must be one of {', '.join(Fault)}.")
    if not isinstance(acts, list) or not acts or any(act not in set(Act) for act in acts):
        raise ValueError(f"The acts of the reason {code!r} must list one or more of {', '.join(Act)}.")
    return OfferedReason(code, words, Fault(each["fault"]), tuple(map(Act, acts)))


def reasons_for(reasons: Iterable[OfferedReason], act: Act) -> list[OfferedReason]:
    return [reason for reason in reasons if act in reason.acts]


def refuse_unoffered_reason(reasons: Iterable[OfferedReason], act: Act, sent: str) -> None:
    offered = [reason.code for reason in reasons_for(reasons, act)]
    if sent not in offered:
        errors = [{"field": "reason", "sent": sent, "expected": offered}]
        raise ReasonNotOffered(f"{sent} is no reason for a {act} here.", errors=errors)


def fault_of_reason(reasons: Iterable[OfferedReason], code: str) -> Fault:
    """No fault for a reason that has been removed since."""
    return next((reason.fault for reason in reasons if reason.code == code), Fault.NONE)


def words_of_reason(reasons: Iterable[OfferedReason], code: str) -> str:
    """The code itself for a reason that has been removed since."""
    return next((reason.words for reason in reasons if reason.code == code), code)
