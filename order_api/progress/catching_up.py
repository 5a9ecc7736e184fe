"""A restarted process must not set statuses back, so it sets none until it has caught up with its predecessor."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.progress.models import ShownStatus


class Place(NamedTuple):
    """Where a model sets statuses: a task, on `entry` or `after` its work. `restarts` counts the process's restarts."""

    process_key: str
    activity_id: str
    phase: str
    restarts: int


def pass_place(session: Session, about_id: UUID, place: Place) -> bool:
    """Records that the process passes the place. True if the place sets the statuses of the order or item `about_id`,
    which the caller has locked.

    It does unless a process before the restart has set them there. A restarted process has caught up once it passes the
    place that set statuses last, or a place that never did. From then on every place sets its statuses, even if the
    process passes the place again.
    """
    shown = session.get(ShownStatus, (about_id, *place[:3]))
    if shown is None:
        session.add(ShownStatus(about_id=about_id, **place._asdict(), at=clock.now()))
        if place.restarts:
            _catch_up(session, about_id, place.restarts)
        return True
    if shown.restarts == place.restarts:
        shown.at = clock.now()
        return True
    if shown.at == session.scalar(select(func.max(ShownStatus.at)).where(ShownStatus.about_id == about_id)):
        _catch_up(session, about_id, place.restarts)
    return False


def _catch_up(session: Session, about_id: UUID, restarts: int) -> None:
    """Marks all places as shown by this process."""
    session.flush()
    places = update(ShownStatus).where(ShownStatus.about_id == about_id)
    session.execute(places.values(restarts=restarts).execution_options(synchronize_session="fetch"))
