"""A restarted process must not turn statuses back, so it sets none at the places that it passes until it catches up."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.progress.models import ShownStatus


class Place(NamedTuple):
    """A task of a model on `entry` or `after` its work. `restarts` counts the restarts of the subject's process."""

    process_key: str
    activity_id: str
    phase: str
    restarts: int


def is_shown(session: Session, about_id: UUID, place: Place) -> bool:
    """Whether the place shows its statuses of the order or item `about_id`, which the caller has locked.

    It does unless an earlier process has shown them. A restarted process has caught up at the place that showed its
    statuses last, or at one that never has. From then on every place shows its statuses, even if passed again.
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
