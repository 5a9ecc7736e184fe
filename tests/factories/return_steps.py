"""The tasks of a return of one line, with what the tables answer about it."""

import json
from typing import Any

from order_api.camunda.names import Topic
from tests.factories.flows import Step

POLICY = {
    "decision": "accept",
    "days_to_arrive": 14,
    "goods_kept": False,
    "shipping_back": "none",
    "refund_when": "inspected",
    "refund_days": 14,
    "inspect": True,
}


def said(**policy: Any) -> dict[str, Any]:
    """What the tables answer about the first line of a return."""
    answer = json.dumps(POLICY | policy)
    return {
        "return_line": lambda flow: flow.first_line(),
        "return_policy": answer,
        "return_policy_version": 1,
        "return_fees": "[]",
    }


RETURN: list[Step] = [
    Step(Topic.JUDGE_RETURN, {}, variables=said()),
    Step(Topic.APPROVE_RETURN, {}),
    Step(Topic.NOTIFY_CUSTOMER, {"notice": "return_approved"}),
    Step(Topic.SETTLE_RETURN, {}),
    Step(Topic.EXPIRE_RETURN, {}),
]
REFUSED_RETURN: list[Step] = [
    Step(Topic.JUDGE_RETURN, {}, variables=said(decision="approve")),
    Step(Topic.REFUSE_RETURN, {}),
]
RETURN_PAID_EARLY: list[Step] = [
    Step(Topic.JUDGE_RETURN, {}, variables=said(refund_when="at_once")),
    Step(Topic.APPROVE_RETURN, {}),
    Step(Topic.SETTLE_RETURN, {}),
    Step(Topic.EXPIRE_RETURN, {}),
    Step(Topic.DECIDE_RETURN, {}, variables={"decision": "write_off_goods"}),
]
