"""Preview, ask for, read, cancel and book refunds."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.camunda.decide import decided_in_time
from order_api.camunda.names import Decision
from order_api.orders import repository as orders
from order_api.orders.models import Order
from order_api.orders.version import require_version
from order_api.overview.document_refunds import RefundDocument, RefundPage, RefundPreviewAnswer
from order_api.overview.refund_preview import UnjudgedRefund, reckon_refund
from order_api.overview.refunds import head_of, refund_document
from order_api.refunds import repository
from order_api.refunds.book import book_refund
from order_api.refunds.cancel import cancel_refund
from order_api.refunds.request import request_refund
from order_api.refunds.schemas import RefundBody, RefundBookingBody, RefundCancelBody, RefundPreviewBody, RefundQuery
from order_api.refunds.search import search_refunds

blueprint = Blueprint("refunds", __name__, url_prefix="/v1", description="Give money back.")


def with_approval(preview: UnjudgedRefund) -> RefundPreviewAnswer:
    """Asks the table outside of the transaction."""
    return preview.judged(decided_in_time(Decision.REFUND_APPROVAL, preview.question.as_variables()))


def fields_that_add_up(body: dict[str, Any]) -> list[str]:
    """A repeat would give back as much again. With a digest, a repeat is refused instead, because less remains."""
    if "digest" in body:
        return []
    units = [f"items.{at}.quantity" for at, line in enumerate(body.get("items", ())) if "quantity" in line]
    reductions = [f"price_reductions.{at}" for at in range(len(body.get("price_reductions", ())))]
    charges = [f"charges.{at}.amount" for at, charge in enumerate(body.get("charges", ())) if "amount" in charge]
    return [*units, *reductions, *charges]


@route(
    blueprint,
    "POST",
    "/orders/<uuid:order_id>/refunds/preview",
    needs=Permission.REFUND,
    body=RefundPreviewBody,
    answer=(200, RefundPreviewAnswer),
    errors=(409,),
    check_version=require_version,
    completed_by=with_approval,
)
def preview(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> UnjudgedRefund:
    """Show what a refund would do

    Changes nothing. Tells per line, tax and charge what would be taken off the bill, what of it goes back on which
    means of payment, what the customer would read, and whether a supervisor must approve it.
    """
    order = orders.get_with(session, actor, order_id, Order.items, Order.tenders)
    return reckon_refund(session, actor, order, body)


@route(
    blueprint,
    "POST",
    "/orders/<uuid:order_id>/refunds",
    needs=Permission.REFUND,
    body=RefundBody,
    answer=(201, RefundDocument),
    errors=(409,),
    check_version=require_version,
    idempotent=True,
    needs_key=fields_that_add_up,
)
def ask(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> Any:
    """Ask for a refund

    Give back units that were lost or arrived broken, charges, a tax, a price reduction, or money that was captured
    beyond what is owed. The refund takes exactly what remains of them off the bill; what the customer has not paid of
    that ends, and the rest is paid back to the means of payment that paid. It is granted at once or waits for a
    supervisor's approval, as the table `refund-approval` says; while it waits, it holds its units and its money.
    """
    refund = request_refund(session, actor, order_id, body)
    return refund_document(session, refund), {"Location": f"/v1/refunds/{refund.number}"}


@route(blueprint, "GET", "/refunds", needs=Permission.READ_ORDERS, query=RefundQuery, answer=(200, RefundPage))
def find(session: Session, actor: Actor, query: dict[str, Any]) -> RefundPage:
    """List refunds, newest first, page by page"""
    page = search_refunds(session, actor, query)
    return RefundPage([head_of(refund, order) for refund, order in page.rows], page.next_cursor)


@route(blueprint, "GET", "/refunds/<number>", needs=Permission.READ_ORDERS, answer=(200, RefundDocument))
def read(session: Session, actor: Actor, number: str) -> RefundDocument:
    """Read a refund with its payments"""
    return refund_document(session, repository.get(session, actor, number))


@route(
    blueprint,
    "POST",
    "/refunds/<number>/cancel",
    needs=Permission.REFUND,
    body=RefundCancelBody,
    answer=(200, RefundDocument),
    errors=(409,),
)
def cancel(session: Session, actor: Actor, number: str, body: dict[str, Any]) -> RefundDocument:
    """Cancel a refund that is not granted yet

    Frees the units and the money that it holds. Repeating it changes nothing.
    """
    return refund_document(session, cancel_refund(session, actor, number, body["reason"]))


@route(
    blueprint,
    "POST",
    "/refunds/<number>/bookings",
    needs=Permission.BOOK_REFUNDS,
    body=RefundBookingBody,
    answer=(201, RefundDocument),
    errors=(409,),
)
def book(session: Session, actor: Actor, number: str, body: dict[str, Any]) -> RefundDocument:
    """Book what was paid outside

    Records that the part of a refund that goes outside, by bank transfer or in cash, was paid. Repeating it with the
    same reference changes nothing.
    """
    return refund_document(session, book_refund(session, actor, number, body["reference"]))
