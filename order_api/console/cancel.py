"""Cancel an order: a page that asks for the reason, says what happens next and asks for confirmation."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.edge import require
from order_api.cancellations.cancel import cancel_order
from order_api.cancellations.schemas import ReasonBody
from order_api.console import live
from order_api.console.action import action
from order_api.console.changes import changes_meanwhile
from order_api.console.form import Form
from order_api.console.order import refreshed_every
from order_api.console.site import blueprint
from order_api.console.sums import sums_of
from order_api.console.visitor import visitor
from order_api.core.snapshot import snapshot
from order_api.overview.compose import document_of
from order_api.overview.read import OrderView

REASONS = ("customer_changed_mind", "ordered_by_mistake", "found_cheaper_elsewhere", "delivery_takes_too_long")
OWN_WORDS = "own_words"


def show_cancel(order_id: UUID, form: Form) -> Response:
    with snapshot() as session:
        actor = visitor(session)
        require(actor, Permission.CANCEL_ORDERS)
        view = OrderView.read(session, actor, order_id)
        content: dict[str, Any] = {
            "order": document_of(view),
            "held": sums_of(view.order, view.transactions).held,
            "why_not": view.order.why_not_cancel(),
            "changes": changes_meanwhile(session, view.order, form),
        }
    content |= {"form": form, "reasons": REASONS, "own_words": OWN_WORDS}
    seconds = refreshed_every(view.order)
    return live.show("console/cancel.html", "console/cancel_parts.html", seconds=seconds, **content)


@blueprint.get("/orders/<uuid:order_id>/cancel")
def cancel_form(order_id: UUID) -> Response:
    return show_cancel(order_id, Form())


def reason_in(typed: Mapping[str, str]) -> dict[str, str]:
    """The reason that was chosen, or the person's own words."""
    chosen = typed.get("reason", "")
    return {"reason": typed.get(OWN_WORDS, "") if chosen == OWN_WORDS else chosen}


@action(
    "/orders/<uuid:order_id>/cancel",
    label="Cancel order",
    needs=Permission.CANCEL_ORDERS,
    body=ReasonBody,
    content=reason_in,
    form_at="console.cancel_form",
    render=show_cancel,
    success_message="The order is being canceled.",
    why_not=lambda view: view.order.why_not_cancel(),
)
def cancel(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> None:
    cancel_order(session, actor, order_id, body["reason"])
