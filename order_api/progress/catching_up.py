"""A process that was started anew turns no status back: until it has caught up, the places that it passes show none."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.progress.models import ShownStatus


class Place(NamedTuple):
    """A task of a model on `entry` or `after` its work. `restarts` counts those of the subject's process."""

    process_key: str
    activity_id: str
    phase: str
    restarts: int


def is_shown(session: Session, about_id: UUID, place: Place) -> bool:
    """Whether the place shows its statuses of the order or item `about_id`, which the caller has locked.

    It does unless an earlier process has shown them. A process has caught up at the place that was the last to show
    something, or at one that never has: from there on every place shows its statuses, also those that it passes again.
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
    """All places are those of this process from now on."""
    session.flush()
    places = update(ShownStatus).where(ShownStatus.about_id == about_id)
    session.execute(places.values(restarts=restarts).execution_options(synchronize_session="fetch"))
