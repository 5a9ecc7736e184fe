from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.core.database import transaction
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.notifications.notify import tell_of_broken_promise
from order_api.outbox.subjects import Subject
from order_api.refunds.pay_back import PayBack
from workers.runtime.registry import handles


@handles(
    Topic.REFUND,
    Template(
        "Pay back",
        "Pays a granted refund back, and answers what it still waits for: nothing, gateway or booking.",
    ),
    returns={"refund_waits_for", "refund_open"},
    throws={BpmnError.REFUND_DECLINED},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, subject: Subject) -> ServiceError | dict[str, str]:
    story = run(PayBack(actor, subject))
    if story.refusal is not None:
        with transaction() as session:
            tell_of_broken_promise(session, actor, subject)
    return story.refusal or {"refund_waits_for": story.waits_for, "refund_open": story.open_amount}
