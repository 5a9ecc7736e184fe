from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.heartbeats.models import Heartbeat, Program

FORGOTTEN_AFTER = timedelta(days=1)


def beat(session: Session, program: Program, instance: str) -> None:
    """Records that this instance is running, and deletes the rows of instances long gone."""
    now = clock.now()
    seen = insert(Heartbeat).values(program=program, instance=instance, seen_at=now)
    session.execute(seen.on_conflict_do_update(constraint="pk_heartbeats", set_={"seen_at": now}))
    session.execute(delete(Heartbeat).where(Heartbeat.seen_at < now - FORGOTTEN_AFTER))
