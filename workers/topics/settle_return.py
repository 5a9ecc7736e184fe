from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.returns.settle import settle_return
from workers.runtime.registry import handles


@handles(
    Topic.SETTLE_RETURN,
    Template(
        "Settle the return",
        "Asks for the refund of what is due, and answers what the return waits for: policy, refund, unpaid, unknown,"
        " verdict, goods, nothing or over.",
    ),
    returns={
        "return_waits_for",
        "return_expires_at",
        "return_remind_at",
        "return_overdue_at",
        "return_unknown",
        "return_to_judge",
    },
)
def handle(session: Session, actor: Actor, subject: Subject) -> dict[str, object]:
    settled = settle_return(session, actor, subject)
    return {
        "return_waits_for": settled.waits_for,
        "return_expires_at": settled.expires_at.isoformat(timespec="seconds"),
        "return_remind_at": settled.remind_at.isoformat(timespec="seconds"),
        "return_overdue_at": settled.overdue_at.isoformat(timespec="seconds"),
        "return_unknown": settled.unknown,
        "return_to_judge": settled.to_judge,
    }
