"""Announce a return for a caller: choose units and why, see whether they may come back and what that gives, confirm."""

from typing import Any
from uuid import UUID

from flask import Response, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.edge import require
from order_api.bill.departed import departed_goods
from order_api.camunda.return_tables import ask_return_tables
from order_api.console.action import SHOWN_WITH_THE_FORM, action
from order_api.console.changes import changes_meanwhile
from order_api.console.form import Form
from order_api.console.return_form import UNITS, WHY, body_of, places_of
from order_api.console.return_words import COMES_BY, ReturnPreviewInWords, return_preview_in_words
from order_api.console.site import blueprint
from order_api.console.visitor import visitor
from order_api.core import content
from order_api.core.snapshot import snapshot
from order_api.orders.models import Order
from order_api.overview.compose import document_of
from order_api.overview.read import OrderView
from order_api.overview.return_preview import UnjudgedReturn, reckon_return
from order_api.refunds.request import why_not_refund
from order_api.returns.announce import announce_return
from order_api.returns.schemas import ReturnBody
from order_api.stores.models import OrderCollection
from order_api.stores.reasons import Act, reasons_for
from order_api.stores.repository import stores_of


def show_announce_return(order_id: UUID, form: Form) -> Response:
    """What can come back; below it, what the chosen return would do."""
    with snapshot() as session:
        actor = visitor(session)
        require(actor, Permission.ANNOUNCE_RETURNS)
        view = OrderView.read(session, actor, order_id)
        reasons = session.get_one(OrderCollection, view.order.collection_id).properties.reasons
        reckoned, form = _reckoned(session, actor, view.order, form)
        shown: dict[str, Any] = {
            "order": document_of(view),
            "free": _free_units(session, view.order),
            "reasons": reasons_for(reasons, Act.RETURN),
            "stores": stores_of(session, view.order.collection_id, actor.stores),
            "may_override": actor.may(Permission.APPROVE_RETURNS),
            "why_not": why_not_refund(view.order),
            "changes": changes_meanwhile(session, view.order, form),
        }
    preview, form = _judged(view.order, reckoned, form)
    shown |= {"form": form, "places": places_of(form.typed), "preview": preview, "comes_by": COMES_BY}
    shown |= {"units_field": UNITS, "why_field": WHY}
    status = form.refusal.status if form.refusal else 200
    return make_response(render_template("console/announce_return.html", **shown), status)


def _free_units(session: Session, order: Order) -> dict[str, int]:
    """By line, how many units have left and carry no refund or return."""
    lines = departed_goods(session, order).line_by_id
    names = {item.id: item.line_id for item in order.items}
    return {names[id_]: sum(quantity for _, quantity in line.free) for id_, line in lines.items()}


def _reckoned(session: Session, actor: Actor, order: Order, form: Form) -> tuple[UnjudgedReturn | None, Form]:
    """What the form announces, or the form with the reason why it is refused. An earlier refusal stays."""
    if not form.typed:
        return None, form
    try:
        return reckon_return(session, actor, order, content.load(ReturnBody, body_of(form.typed))), form
    except SHOWN_WITH_THE_FORM as refusal:
        return None, form if form.refusal else form.refused(refusal)


def _judged(order: Order, reckoned: UnjudgedReturn | None, form: Form) -> tuple[ReturnPreviewInWords | None, Form]:
    """The tables are asked outside of the transaction. What cannot be reckoned now is said beside the form."""
    if reckoned is None:
        return None, form
    said = ask_return_tables(reckoned.policy_table, reckoned.as_variables())
    try:
        return return_preview_in_words(order, reckoned.judged(said)), form
    except SHOWN_WITH_THE_FORM as refusal:
        return None, form if form.refusal else form.refused(refusal)


@blueprint.get("/orders/<uuid:order_id>/return")
def return_form(order_id: UUID) -> Response:
    return show_announce_return(order_id, Form())


@blueprint.post("/orders/<uuid:order_id>/return/preview")
def return_preview(order_id: UUID) -> Response:
    return show_announce_return(order_id, Form.sent("announce"))


@blueprint.get("/orders/<uuid:order_id>/return/preview")
def return_preview_again(order_id: UUID) -> Any:
    """The browser comes here after the log-in if that had ended."""
    return redirect(url_for("console.return_form", order_id=order_id))


@action(
    "/orders/<uuid:order_id>/return",
    label="Return",
    needs=Permission.ANNOUNCE_RETURNS,
    body=ReturnBody,
    content=body_of,
    form_at="console.return_form",
    render=show_announce_return,
    why_not=lambda view: why_not_refund(view.order),
)
def announce(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> str:
    number = announce_return(session, actor, order_id, body).number
    return f"The return {number} is announced. The customer hears by mail whether it may come and how."
