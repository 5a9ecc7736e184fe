from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.returns.expire import expire_return
from workers.runtime.registry import handles


@handles(
    Topic.EXPIRE_RETURN,
    Template("Let the return expire", "Frees what has not come. Answers whether its money went early."),
    returns={"return_is_owed"},
)
def handle(session: Session, actor: Actor, subject: Subject) -> dict[str, bool]:
    return {"return_is_owed": expire_return(session, actor, subject)}
