"""Cancel units of an order: choose how many of which lines, see what that does, confirm."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, make_response, render_template, request
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.edge import require
from order_api.cancellations.cancel_units import cancel_units_of
from order_api.cancellations.plan import plan_cancellation, wanted_units
from order_api.cancellations.schemas import CancellationBody, PreviewBody
from order_api.console.action import action
from order_api.console.cancel import OWN_WORDS, REASONS, reason_in
from order_api.console.changes import changes_meanwhile
from order_api.console.form import Form
from order_api.console.site import blueprint
from order_api.console.visitor import visitor
from order_api.core import content
from order_api.core.content import InvalidContent
from order_api.core.errors import BusinessRuleViolated
from order_api.core.snapshot import snapshot
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.overview.cancellations import lines_to_cancel, preview_of
from order_api.overview.compose import document_of
from order_api.overview.read import OrderView
from order_api.progress.lock import require_open

UNITS = "units:"
"""Begins the name of the field with the number of units of a line; the line's id follows."""
MAX_DIGITS = 6
NOT_A_NUMBER = "Enter whole numbers, such as 2, and leave the other lines empty."


def show_cancel_units(order_id: UUID, form: Form) -> Response:
    """The lines of the order; below them, what canceling the chosen units would do."""
    typed = form.typed or request.args
    with snapshot() as session:
        actor = visitor(session)
        require(actor, Permission.CANCEL_ORDERS)
        view = OrderView.read(session, actor, order_id)
        shown: dict[str, Any] = {
            "order": document_of(view),
            "lines": lines_to_cancel(session, view.order),
            "why_not": view.order.why_not_act(),
            "changes": changes_meanwhile(session, view.order, form),
        }
        shown |= _preview(session, view.order, typed)
    shown |= {"form": form, "typed": typed, "units": UNITS, "reasons": REASONS, "own_words": OWN_WORDS}
    return make_response(render_template("console/cancel_units.html", **shown))


def _preview(session: Session, order: Order, typed: Mapping[str, str]) -> dict[str, Any]:
    """`preview` of the chosen units, or `problem`: why they cannot be canceled."""
    items = _items(typed)
    if not items:
        return {}
    try:
        body = content.load(PreviewBody, {"items": items})
        require_open(order)
        return {"preview": preview_of(session, order, plan_cancellation(session, order, wanted_units(order, body)))}
    except InvalidContent:
        return {"problem": NOT_A_NUMBER}
    except BusinessRuleViolated as refusal:
        return {"problem": refusal.detail}


def _items(typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """The lines of which a person wants to cancel units."""
    chosen = {name.removeprefix(UNITS): text.strip() for name, text in typed.items() if name.startswith(UNITS)}
    numbers = {line_id: _number(text) for line_id, text in chosen.items()}
    return [{"line_id": line_id, "quantity": number} for line_id, number in numbers.items() if number not in ("", 0)]


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else text


@blueprint.get("/orders/<uuid:order_id>/cancel-units")
def cancel_units_form(order_id: UUID) -> Response:
    return show_cancel_units(order_id, Form())


@action(
    "/orders/<uuid:order_id>/cancel-units",
    label="Cancel units",
    needs=Permission.CANCEL_ORDERS,
    body=CancellationBody,
    content=lambda typed: {"items": _items(typed), **reason_in(typed)},
    form_at="console.cancel_units_form",
    render=show_cancel_units,
    success_message="The units are canceled, or asked back from the warehouse.",
    why_not=lambda view: view.order.why_not_act(),
)
def cancel_units(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> None:
    order = repository.get_for_update(session, actor, order_id, Order.items)
    require_open(order)
    cancel_units_of(session, actor, order, plan_cancellation(session, order, wanted_units(order, body)), body["reason"])
