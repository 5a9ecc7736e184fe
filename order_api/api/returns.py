"""Preview, announce, read and cancel returns, and report what becomes of their goods."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.camunda.return_tables import ask_return_tables
from order_api.orders import repository as orders
from order_api.orders.models import Order
from order_api.orders.version import require_version
from order_api.overview.document_returns import ReceivedAnswer, ReturnDocument, ReturnPage, ReturnPreviewAnswer
from order_api.overview.return_preview import UnjudgedReturn, reckon_return
from order_api.overview.returns import head_of, received_answer, return_document
from order_api.returns import repository
from order_api.returns.announce import announce_return
from order_api.returns.cancel import cancel_return
from order_api.returns.receive import receive_return
from order_api.returns.scan import scan_return
from order_api.returns.schemas import (
    ReturnBody,
    ReturnCancelBody,
    ReturnPreviewBody,
    ReturnQuery,
    ReturnReceiptBody,
    ScanBody,
    VerdictsBody,
)
from order_api.returns.search import search_returns
from order_api.returns.verdict import give_verdicts

blueprint = Blueprint("returns", __name__, url_prefix="/v1", description="Take goods back.")


def with_policy(preview: UnjudgedReturn) -> ReturnPreviewAnswer:
    """Asks the tables outside of the transaction."""
    return preview.judged(ask_return_tables(preview.policy_table, preview.as_variables()))


def quantities_of_lines(body: dict[str, Any]) -> list[str]:
    """A repeat would announce as many units again."""
    return [f"items.{at}.quantity" for at, line in enumerate(body.get("items", ())) if "quantity" in line]


def quantities_of_verdicts(body: dict[str, Any]) -> list[str]:
    """A repeat would judge as many units again."""
    return [f"verdicts.{at}.quantity" for at, _ in enumerate(body.get("verdicts", ()))]


@route(
    blueprint,
    "POST",
    "/orders/<uuid:order_id>/returns/preview",
    needs=Permission.ANNOUNCE_RETURNS,
    body=ReturnPreviewBody,
    answer=(200, ReturnPreviewAnswer),
    errors=(409,),
    check_version=require_version,
    completed_by=with_policy,
)
def preview(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> UnjudgedReturn:
    """Show what a return would do

    Changes nothing. Tells for each line whether it may come back and what that costs, as the tables `return-policy` and
    `return-fees` say today, and what goes back if all of it arrives.
    """
    order = orders.get_with(session, actor, order_id, Order.items, Order.tenders)
    return reckon_return(session, actor, order, body)


@route(
    blueprint,
    "POST",
    "/orders/<uuid:order_id>/returns",
    needs=Permission.ANNOUNCE_RETURNS,
    body=ReturnBody,
    answer=(201, ReturnDocument),
    errors=(409,),
    check_version=require_version,
    idempotent=True,
    needs_key=quantities_of_lines,
)
def announce(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> Any:
    """Announce a return

    Takes units that have left and carry no refund or return yet. Its process asks the tables about each line, has a
    person approve it where they say so, waits for the goods, and gives back the money of what really arrives.
    """
    return_ = announce_return(session, actor, order_id, body)
    return return_document(session, return_), {"Location": f"/v1/returns/{return_.number}"}


@route(blueprint, "GET", "/returns", needs=Permission.READ_ORDERS, query=ReturnQuery, answer=(200, ReturnPage))
def find(session: Session, actor: Actor, query: dict[str, Any]) -> ReturnPage:
    """List returns, page by page

    Newest first, or the first due first if you ask for those whose money is due. Store staff see the returns that their
    stores expect.
    """
    page = search_returns(session, actor, query)
    return ReturnPage([head_of(return_, order) for return_, order in page.rows], page.next_cursor)


@route(blueprint, "GET", "/returns/<number>", needs=Permission.READ_ORDERS, answer=(200, ReturnDocument))
def read(session: Session, actor: Actor, number: str) -> ReturnDocument:
    """Read a return with its goods and its money"""
    return return_document(session, repository.get(session, actor, number))


@route(
    blueprint,
    "POST",
    "/returns/<number>/cancel",
    needs=Permission.ANNOUNCE_RETURNS,
    body=ReturnCancelBody,
    answer=(200, ReturnDocument),
    errors=(409,),
)
def cancel(session: Session, actor: Actor, number: str, body: dict[str, Any]) -> ReturnDocument:
    """Cancel a return of which nothing has come

    Frees its units. Goods that arrive all the same join it again. Repeating it changes nothing.
    """
    return return_document(session, cancel_return(session, actor, number, body["reason"]))


@route(
    blueprint,
    "POST",
    "/returns/<number>/receipts",
    needs=Permission.RECEIVE_RETURNS,
    body=ReturnReceiptBody,
    answer=(201, ReceivedAnswer),
    errors=(409,),
)
def receive(session: Session, actor: Actor, number: str, body: dict[str, Any]) -> ReceivedAnswer:
    """Report goods that have arrived

    What arrived counts, not what was announced: less leaves the rest open, more of the order joins the return under its
    own policy, and goods of other returns of the order are received for these. Moves neither stock nor money; a verdict
    does. Any location may receive. Repeating it with the same reference changes nothing.
    """
    return received_answer(session, actor, receive_return(session, actor, number, body))


@route(
    blueprint,
    "POST",
    "/returns/<number>/receipts/<uuid:receipt_id>/verdicts",
    needs=Permission.RECEIVE_RETURNS,
    body=VerdictsBody,
    answer=(201, ReturnDocument),
    errors=(409,),
    idempotent=True,
    needs_key=quantities_of_verdicts,
)
def judge(session: Session, actor: Actor, number: str, receipt_id: UUID, body: dict[str, Any]) -> ReturnDocument:
    """Say what returned goods are good for

    Moves them into stock, where they are, once. Goods in quarantine get a second verdict later.
    """
    return return_document(session, give_verdicts(session, actor, number, receipt_id, body["verdicts"]))


@route(
    blueprint,
    "POST",
    "/returns/<number>/scans",
    needs=Permission.SCAN_RETURNS,
    body=ScanBody,
    answer=(201, ReturnDocument),
)
def scan(session: Session, actor: Actor, number: str, body: dict[str, Any]) -> ReturnDocument:
    """Report that a carrier has scanned a return

    May come twice and in any order; a return never goes back to an earlier state. Where the policy says so, the first
    scan gives the money back.
    """
    return return_document(session, scan_return(session, actor, number, body))
