"""Refund units, charges or an amount: choose, see what the refund would do and who must approve it, confirm."""

from typing import Any
from uuid import UUID

from flask import Response, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.edge import require
from order_api.camunda.decide import decided_in_time
from order_api.camunda.names import Decision
from order_api.console import wording
from order_api.console.action import SHOWN_WITH_THE_FORM, action
from order_api.console.changes import changes_meanwhile
from order_api.console.form import Form
from order_api.console.refund_choices import read_choices
from order_api.console.refund_form import CHARGE, COLUMNS, DIGEST, EXCESS, OFF, PART, TAX, body_of, places_of
from order_api.console.refund_preview import PreviewInWords, preview_in_words
from order_api.console.site import blueprint
from order_api.console.visitor import visitor
from order_api.core import content
from order_api.core.snapshot import snapshot
from order_api.orders.models import Order
from order_api.overview.compose import document_of
from order_api.overview.read import OrderView
from order_api.overview.refund_preview import UnjudgedRefund, reckon_refund
from order_api.refunds.request import request_refund, why_not_refund
from order_api.refunds.schemas import RefundBody
from order_api.stores.models import OrderCollection
from order_api.stores.reasons import Act, OfferedReason, reasons_for, refuse_unoffered_reason


def show_refund(order_id: UUID, form: Form) -> Response:
    """What can be given back; below it, what the chosen refund would do."""
    with snapshot() as session:
        actor = visitor(session)
        require(actor, Permission.REFUND)
        view = OrderView.read(session, actor, order_id)
        reasons = reasons_for(_reasons(session, view.order), Act.REFUND)
        reckoned, form = _reckoned(session, actor, view.order, form, reasons)
        shown: dict[str, Any] = {
            "order": document_of(view),
            "choices": read_choices(session, actor, view.order),
            "reasons": reasons,
            "why_not": why_not_refund(view.order),
            "changes": changes_meanwhile(session, view.order, form),
        }
    preview = _judged(view.order, reckoned) if reckoned else None
    shown |= {"form": form, "places": places_of(form.typed), "preview": preview}
    shown |= {"columns": COLUMNS, "charge_field": CHARGE, "off_field": OFF, "part_field": PART, "tax_field": TAX}
    shown |= {"excess_field": EXCESS, "digest_field": DIGEST}
    shown["is_tax_chosen"] = any(name.startswith(TAX) for name in form.typed)
    return make_response(render_template("console/refund.html", **shown), form.refusal.status if form.refusal else 200)


def _reasons(session: Session, order: Order) -> tuple[OfferedReason, ...]:
    return session.get_one(OrderCollection, order.collection_id).properties.reasons


def _reckoned(
    session: Session, actor: Actor, order: Order, form: Form, reasons: list[OfferedReason]
) -> tuple[UnjudgedRefund | None, Form]:
    """What the form asks for, or the form with the reason why it is refused. An earlier refusal stays."""
    if not form.typed:
        return None, form
    try:
        body = content.load(RefundBody, body_of(form.typed))
        refuse_unoffered_reason(reasons, Act.REFUND, body["reason"])
        return reckon_refund(session, actor, order, body), form
    except SHOWN_WITH_THE_FORM as refusal:
        return None, form if form.refusal else form.refused(refusal)


def _judged(order: Order, reckoned: UnjudgedRefund) -> PreviewInWords:
    """Asks the approval table, so call it outside of the transaction."""
    said = decided_in_time(Decision.REFUND_APPROVAL, reckoned.question.as_variables())
    return preview_in_words(order, reckoned.judged(said))


@blueprint.get("/orders/<uuid:order_id>/refund")
def refund_form(order_id: UUID) -> Response:
    return show_refund(order_id, Form())


@blueprint.post("/orders/<uuid:order_id>/refund/preview")
def refund_preview(order_id: UUID) -> Response:
    return show_refund(order_id, Form.sent("refund"))


@blueprint.get("/orders/<uuid:order_id>/refund/preview")
def refund_preview_again(order_id: UUID) -> Any:
    """The browser comes here after the log-in if that had ended."""
    return redirect(url_for("console.refund_form", order_id=order_id))


@action(
    "/orders/<uuid:order_id>/refund",
    label="Refund",
    needs=Permission.REFUND,
    body=RefundBody,
    content=body_of,
    form_at="console.refund_form",
    render=show_refund,
    why_not=lambda view: why_not_refund(view.order),
    why_forbidden="Your role may not give money back. Customer service can.",
)
def refund(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> str:
    asked = request_refund(session, actor, order_id, body)
    order = session.get_one(Order, order_id)
    return f"Refund {asked.number} over {wording.with_currency(asked.amount, order.currency)} was asked for."
