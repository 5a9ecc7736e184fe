"""A carrier has scanned a parcel of a return. Messages may repeat and come in any order; a state never goes back."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.database import same_key
from order_api.orders import history
from order_api.returns.models import Return, ReturnScan
from order_api.returns.repository import lock
from order_api.returns.words import OPEN, ReturnState
from order_api.words.events import Event


def scan_return(session: Session, actor: Actor, number: str, body: dict[str, Any]) -> Return:
    """Repeating is safe: a sender's reference counts once. Only the first scan moves the return; a return
    that is not approved yet is in transit once it is."""
    order, return_ = lock(session, actor, number)
    own = ReturnScan.return_id == return_.id, ReturnScan.sent_by == actor.whole_name
    known = select(ReturnScan.id).where(*own, same_key(ReturnScan.reference, body["reference"]))
    if session.scalar(known) is not None:
        return return_
    session.add(_scan(return_, actor, body["reference"], body["at"], body.get("words")))
    if return_.scanned_at is not None:
        return return_
    return_.scanned_at = clock.now()
    if return_.state == ReturnState.EXPECTED:
        return_.state = ReturnState.IN_TRANSIT
    flows = [None] if return_.state in OPEN else []
    details = {"reference": body["reference"], "scanned_at": body["at"]}
    history.record(session, order, Event.RETURN_SCANNED, actor, subject=return_.subject, flows=flows, details=details)
    return return_


def _scan(return_: Return, actor: Actor, reference: str, at: datetime, words: str | None) -> ReturnScan:
    scan = ReturnScan(id=uuid4(), return_id=return_.id, sent_by=actor.whole_name, reference=reference)
    scan.at, scan.words, scan.received_at = at, words, clock.now()
    return scan
