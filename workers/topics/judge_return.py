import json
from typing import Any

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.returns.judge import LineAnswer, judge_return
from order_api.returns.question import LineQuestion
from workers.runtime.registry import handles

ASK = "ask"


@handles(
    Topic.JUDGE_RETURN,
    Template(
        "Judge the return",
        "Stores the answers of the tables about a line. Answers ask, with what they are asked about the next line, or"
        " accepted, supervisor, refused or over.",
    ),
    returns={"return_answer", "return_words", *LineQuestion.names()},
)
def handle(
    session: Session,
    actor: Actor,
    subject: Subject,
    return_line: Any,
    return_policy: Any,
    return_policy_version: Any,
    return_fees: Any,
) -> dict[str, object]:
    """The engine hands the answers over as JSON texts."""
    answer = None
    if return_line is not None and return_policy is not None:
        policy = json.loads(return_policy) or {}
        answer = LineAnswer(str(return_line), {**policy, "version": return_policy_version}, json.loads(return_fees))
    judged = judge_return(session, actor, subject, answer)
    if isinstance(judged, LineQuestion):
        return {"return_answer": ASK, **judged.as_variables()}
    return {"return_answer": judged.judged, "return_words": judged.words or ""}
