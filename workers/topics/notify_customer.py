from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.notifications.notices import Notice
from order_api.notifications.notify import notify_customer
from order_api.outbox.subjects import Subject
from workers.runtime.registry import handles


@handles(
    Topic.NOTIFY_CUSTOMER,
    Template("Tell the customer", "Sends one mail to the customer.", sets_status_on_entry=True),
)
def handle(
    session: Session, actor: Actor, subject: Subject, item_id: UUID | None, shipment_id: UUID | None, notice: str
) -> None:
    about_id = None if subject.is_order else subject.id
    notify_customer(session, actor, subject.order_id, Notice(notice), item_id, shipment_id, about_id=about_id)
