"""A person with the right decides about a line otherwise than the tables: allows it, or keeps less or more of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from order_api.access.actor import Actor, Permission
from order_api.access.edge import require
from order_api.core import money
from order_api.core.money import TooManyDecimals
from order_api.proof.fees import FeeTax, Per
from order_api.returns.errors import invalid
from order_api.returns.policy import SURCHARGE, FeeAnswer, PolicyAnswer
from order_api.returns.words import Decision


@dataclass(frozen=True)
class Override:
    """`surcharge` is a decimal of the order's currency with taxes, taken once per line. `reason` is for the customer,
    too. `by` is the person."""

    by: str
    reason: str
    allow: bool = False
    waive_fees: bool = False
    surcharge: str | None = None

    def applied(self, policy: PolicyAnswer, fees: Sequence[FeeAnswer]) -> tuple[PolicyAnswer, list[FeeAnswer]]:
        """What counts instead of the tables' answers."""
        if self.allow and policy.decision != Decision.ACCEPT:
            policy = replace(policy, decision=Decision.ACCEPT, words=f"Allowed by {self.by}: {self.reason}")
        kept = [] if self.waive_fees else list(fees)
        if self.surcharge is not None:
            kept.append(FeeAnswer(SURCHARGE, self.reason, FeeTax.AS_LINE, amount=self.surcharge, per=Per.LINE))
        return policy, kept

    def in_words(self) -> str:
        acts = ["allowed"] * self.allow + ["fees waived"] * self.waive_fees
        acts += [f"surcharge {self.surcharge}"] if self.surcharge else []
        return f"{', '.join(acts)}: {self.reason}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Override":
        return cls(**stored)


def read_override(actor: Actor, currency: str, sent: dict[str, Any] | None) -> Override | None:
    """As a request sends it. Raises PermissionMissing and ReturnInvalid."""
    if sent is None:
        return None
    require(actor, Permission.APPROVE_RETURNS)
    surcharge: Decimal | None = sent.get("surcharge")
    if surcharge is not None:
        try:
            if money.to_minor(surcharge, currency) <= 0:
                raise invalid("override.surcharge", "Must be above zero.")
        except TooManyDecimals as error:
            raise invalid("override.surcharge", str(error)) from None
    text = None if surcharge is None else f"{surcharge:f}"
    return Override(actor.id, sent["reason"], sent.get("allow", False), sent.get("waive_fees", False), text)
