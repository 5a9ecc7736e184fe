"""Finds the return that a box at the dock belongs to, by any number that is on it."""

from dataclasses import replace

from sqlalchemy import exists, or_
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.database import same_key
from order_api.orders.models import Order
from order_api.returns.models import Return, ReturnScan
from order_api.returns.repository import visible
from order_api.returns.words import OPEN

MAX_FOUND = 20


def find_returns(session: Session, actor: Actor, asked: str) -> list[tuple[Return, Order]]:
    """By the number of the return, of the order, or of the parcel as a carrier's scan named it. Of an order the open
    returns come first. A dock finds returns of any location."""
    number = asked.upper()
    of_parcel = exists().where(ReturnScan.return_id == Return.id, same_key(ReturnScan.reference, asked))
    wanted = or_(Return.number == number, Order.number == number, of_parcel)
    query = visible(replace(actor, stores=None)).where(wanted)
    found = session.execute(query.order_by(Return.state.in_(OPEN).desc(), Return.position).limit(MAX_FOUND))
    return [(return_, order) for return_, order in found]
