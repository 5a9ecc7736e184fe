"""Why a return is refused or needs approval: what the tables said about its lines."""

from order_api.returns.models import Return
from order_api.returns.policy import PolicyAnswer


def why(return_: Return) -> str | None:
    words = [PolicyAnswer.from_json(line.policy).words for line in return_.lines if line.policy is not None]
    return "; ".join(dict.fromkeys(filter(None, words))) or None
