"""The processes of a subject: requests one, binds the instance that counts, and looks it up (J2)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.core.errors import NotFound
from order_api.orders.models import Order
from order_api.outbox import announce
from order_api.outbox.starts import STARTS
from order_api.outbox.subjects import Subject
from order_api.progress.models import SubjectProcess
from order_api.words.events import Event


class ProcessNotFound(NotFound):
    """There is no process with this key for this number."""


def request_process(
    session: Session,
    subject: Subject,
    fact: Event,
    variables: dict[str, Any],
    *,
    asked_by: str | None = None,
    process_key: str | None = None,
) -> SubjectProcess:
    """Requests the process that this fact starts, or another one that a collection has in its place. Other processes of
    the subject and of its order keep running. A person in `asked_by` may not approve what the process is about."""
    process_key = process_key or STARTS[fact]
    process = SubjectProcess(subject_kind=subject.kind, subject_id=subject.id, order_id=subject.order_id)
    process.process_key, process.stands_for = process_key, STARTS[fact]
    process.business_key, process.asked_by = subject.number, asked_by
    session.add(process)
    announce.request_start(session, subject.number, process_key, variables)
    return process


def process_started_by(session: Session, business_key: str, fact: Event) -> SubjectProcess | None:
    """The process that this fact has started for the subject."""
    return session.scalar(_query(business_key, STARTS[fact]))


def begin_again(session: Session, process: SubjectProcess, variables: dict[str, Any]) -> None:
    """Starts a process that has ended once more, because its fact has come again."""
    process.process_instance_id = process.started_at = process.ended_at = None
    process.restarts, process.restarted_at = process.restarts + 1, clock.now()
    announce.request_start(session, process.business_key, process.process_key, variables)


def processes_of(session: Session, business_key: str) -> list[SubjectProcess]:
    """The processes of one subject; empty if no subject has this number, for example after restoring a backup."""
    query = select(SubjectProcess).where(SubjectProcess.business_key == business_key)
    return list(session.scalars(query.order_by(SubjectProcess.process_key)))


def bind(session: Session, process: SubjectProcess, instance_id: str) -> bool:
    """True if this instance is the one that counts.

    The first instance whose task reaches a worker counts, until an operator names another.
    """
    if process.process_instance_id is None:
        session.execute(select(Order.id).where(Order.id == process.order_id).with_for_update())
        unbound = SubjectProcess.id == process.id, SubjectProcess.process_instance_id.is_(None)
        statement = (
            update(SubjectProcess).where(*unbound).values(process_instance_id=instance_id, started_at=clock.now())
        )
        session.execute(statement.execution_options(synchronize_session=False))
        session.refresh(process)
    return process.process_instance_id == instance_id


def rebind(session: Session, business_key: str, process_key: str, instance_id: str | None) -> SubjectProcess:
    """Makes another instance count, as an operator decided; None means the next instance whose task reaches a worker.
    Changes nothing if the instance already counts."""
    process = session.scalar(_query(business_key, process_key).with_for_update())
    if process is None:
        raise ProcessNotFound(f"{business_key} has no process {process_key!r}.")
    if instance_id is None or instance_id != process.process_instance_id:
        now = clock.now()
        process.process_instance_id, process.ended_at = instance_id, None
        process.started_at = None if instance_id is None else now
        process.restarts, process.restarted_at = process.restarts + 1, now
    return process


def bound_instance(session: Session, business_key: str, process_key: str) -> str | None:
    """The instance that counts; None before the first task of the process."""
    process = session.scalar(_query(business_key, process_key))
    return process.process_instance_id if process else None


def key_in_engine(session: Session, business_key: str, process_key: str) -> str:
    """The key of the process that runs in the place of this one."""
    process = session.scalar(_query(business_key, process_key))
    return process.process_key if process else process_key


def mark_ended(session: Session, business_key: str, process_key: str, instance_id: str) -> bool:
    """Records that this instance has completed in the engine. False if another one counts by now."""
    ended = update(SubjectProcess).where(SubjectProcess.business_key == business_key)
    ended = ended.where(SubjectProcess.process_key == process_key, SubjectProcess.process_instance_id == instance_id)
    first_known = func.coalesce(SubjectProcess.ended_at, clock.now())
    return session.scalar(ended.values(ended_at=first_known).returning(SubjectProcess.id)) is not None


def processes_of_order(session: Session, order_id: UUID) -> list[SubjectProcess]:
    """The processes of the order itself and of all subjects that belong to it."""
    query = select(SubjectProcess).where(SubjectProcess.order_id == order_id)
    return list(session.scalars(query.order_by(SubjectProcess.business_key, SubjectProcess.process_key)))


def _query(business_key: str, process_key: str) -> Select[SubjectProcess]:
    is_meant = or_(SubjectProcess.process_key == process_key, SubjectProcess.stands_for == process_key)
    return select(SubjectProcess).where(SubjectProcess.business_key == business_key, is_meant)
