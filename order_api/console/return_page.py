"""One return: where its units are, what has arrived, its verdicts, its money and what happened."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from flask import Response, make_response, render_template
from marshmallow import fields
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.console.action import action
from order_api.console.changes import changes_meanwhile
from order_api.console.form import Form
from order_api.console.history_wording import history_lines
from order_api.console.refund_words import STATES as REFUND_STATES
from order_api.console.return_words import COMES_BY, STATES, VERDICTS, where_units_are
from order_api.console.site import blueprint
from order_api.console.visitor import visitor
from order_api.core.snapshot import snapshot
from order_api.orders import history
from order_api.overview.compose import document_of
from order_api.overview.document_returns import ReturnDocument
from order_api.overview.read import OrderView
from order_api.overview.returns import return_document
from order_api.returns import repository
from order_api.returns.cancel import cancel_return
from order_api.returns.errors import ReturnNotFound, invalid
from order_api.returns.receive import receive_return
from order_api.returns.schemas import ReturnCancelBody, ReturnReceiptBody, VerdictsBody
from order_api.returns.verdict import give_verdicts
from order_api.returns.words import OPEN, Verdict
from order_api.stores.repository import stores_of

PAGE = "console.return_page"
ARRIVED, VERDICT = "arrived:", "verdict:"
"""Begin the names of fields; the line's id follows, and for a verdict a colon and the number of the unit."""
MAX_ROWS = 20
"""Units of a line that wait for a verdict and are shown at once."""
MAX_DIGITS = 6
MAX_EVENTS = 300


class VerdictsOfReceiptBody(VerdictsBody):
    receipt_id = fields.UUID(required=True)
    """The receipt that holds the goods."""


def show_return(order_id: UUID, form: Form, number: str) -> Response:
    with snapshot() as session:
        actor = visitor(session)
        return_ = repository.get(session, actor, number, at_any_location=True)
        if return_.order_id != order_id:
            raise ReturnNotFound(f"There is no return {number}.")
        view, document = OrderView.read(session, actor, order_id), return_document(session, return_)
        events = [e for e in history.latest(session, order_id, MAX_EVENTS) if e.details.get("about") == number]
        shown: dict[str, Any] = {
            "order": document_of(view),
            "return_": document,
            "lines": _lines(document),
            "pending": _pending(document, actor),
            "is_own": actor.stores is None or return_.location in actor.stores,
            "events": [replace(line, about=None) for line in history_lines(events, view.order)],
            "stores": stores_of(session, view.order.collection_id, actor.stores),
            "has_warehouse": actor.stores is None,
            "may_receive": actor.may(Permission.RECEIVE_RETURNS),
            "may_cancel": actor.may(Permission.ANNOUNCE_RETURNS) and _is_cancelable(document),
            "changes": changes_meanwhile(session, view.order, form),
        }
    shown |= {"form": form, "states": STATES, "refund_states": REFUND_STATES, "verdicts": VERDICTS}
    shown |= {"comes_by": COMES_BY, "arrived_field": ARRIVED, "verdict_field": VERDICT, "new_reference": form.key}
    return make_response(render_template("console/return.html", **shown))


def _lines(document: ReturnDocument) -> list[dict[str, Any]]:
    return [
        {
            "line": line,
            "where": [where_units_are(units, line.policy) for units in line.units],
            "coming": sum(u.quantity for u in line.units if u.receipt_id is None and u.released_at is None),
        }
        for line in document.lines
    ]


def _pending(document: ReturnDocument, actor: Actor) -> dict[UUID, list[tuple[str, str, int]]]:
    """By receipt at a place of the actor, line, name and number of each unit that waits for a verdict."""
    here = {each.id for each in document.receipts if actor.stores is None or each.location in actor.stores}
    pending: dict[UUID, list[tuple[str, str, int]]] = {}
    for line in document.lines:
        for row in line.units:
            if row.verdict == Verdict.PENDING and row.receipt_id in here:
                rows = pending.setdefault(row.receipt_id, [])
                known = sum(1 for line_id, _, _ in rows if line_id == line.line_id)
                more = range(known + 1, min(MAX_ROWS, known + row.quantity) + 1)
                rows += [(line.line_id, line.name, n) for n in more]
    return pending


def _is_cancelable(document: ReturnDocument) -> bool:
    rows = [row for line in document.lines for row in line.units]
    return document.state in OPEN and not any(row.receipt_id or row.refund for row in rows)


@blueprint.get("/orders/<uuid:order_id>/returns/<number>")
def return_page(order_id: UUID, number: str) -> Response:
    return show_return(order_id, Form(), number)


on_page = partial(action, label=None, form_at=PAGE, render=show_return, lands_at=PAGE, check_version=None)
"""An act on this page. The flow of the return raises the order's version meanwhile, so no act depends on it."""


def _require_of_order(session: Session, actor: Actor, order_id: UUID, number: str) -> None:
    """The address names both. Raises ReturnNotFound."""
    if repository.get(session, actor, number, at_any_location=True).order_id != order_id:
        raise ReturnNotFound(f"The order has no return {number}.")


def _arrived(typed: Mapping[str, str]) -> dict[str, Any]:
    counts = {name.removeprefix(ARRIVED): text.strip() for name, text in typed.items() if name.startswith(ARRIVED)}
    items = []
    for line_id, text in counts.items():
        if text.strip("0"):
            if not (text.isdecimal() and len(text) <= MAX_DIGITS):
                raise invalid("items", "Enter whole numbers of units, such as 2.")
            items.append({"line_id": line_id, "quantity": int(text)})
    body = {name: typed.get(name, "").strip() for name in ("reference", "unexpected", "location")}
    return {"items": items, **{name: text for name, text in body.items() if text}}


@on_page(
    "/orders/<uuid:order_id>/returns/<number>/receive",
    needs=Permission.RECEIVE_RETURNS,
    body=ReturnReceiptBody,
    content=_arrived,
)
def receive_goods(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any], number: str) -> str:
    _require_of_order(session, actor, order_id, number)
    received = receive_return(session, actor, number, body)
    if received.unknown:
        return "The goods are received. Some belong to no unit of the order; a colleague deals with them."
    return "The goods are received. Give a verdict about each unit."


def _verdicts(typed: Mapping[str, str]) -> dict[str, Any]:
    counts = Counter[tuple[str, str]]()
    for name, verdict in typed.items():
        if name.startswith(VERDICT) and verdict:
            counts[name.removeprefix(VERDICT).rpartition(":")[0], verdict] += 1
    verdicts = [{"line_id": line_id, "quantity": n, "verdict": verdict} for (line_id, verdict), n in counts.items()]
    return {"receipt_id": typed.get("receipt_id", ""), "verdicts": verdicts}


@on_page(
    "/orders/<uuid:order_id>/returns/<number>/verdicts",
    needs=Permission.RECEIVE_RETURNS,
    body=VerdictsOfReceiptBody,
    content=_verdicts,
)
def judge_goods(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any], number: str) -> str:
    _require_of_order(session, actor, order_id, number)
    give_verdicts(session, actor, number, body["receipt_id"], body["verdicts"])
    return "The verdicts are booked."


@on_page(
    "/orders/<uuid:order_id>/returns/<number>/cancel",
    needs=Permission.ANNOUNCE_RETURNS,
    body=ReturnCancelBody,
)
def cancel_announced(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any], number: str) -> str:
    _require_of_order(session, actor, order_id, number)
    cancel_return(session, actor, number, body["reason"])
    return "The return is canceled; its units are free again."
