"""The processes of a subject: start one, bind the instance that counts, ask which one it is (J2)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.core.errors import NotFound
from order_api.orders.models import Order
from order_api.outbox import announce
from order_api.progress.models import Subject, SubjectProcess


class ProcessNotFound(NotFound):
    """The subject has no such process."""


def start_process(session: Session, subject: Subject, process_key: str, variables: dict[str, Any]) -> SubjectProcess:
    """Has the engine start a process of the subject. Other processes of it and of its order run on beside it."""
    process = SubjectProcess(subject_kind=subject.kind, subject_id=subject.id, order_id=subject.order_id)
    process.process_key, process.business_key = process_key, subject.number
    session.add(process)
    announce.start(session, subject.number, process_key, variables)
    return process


def processes_of(session: Session, business_key: str) -> list[SubjectProcess]:
    """Those of one subject; empty when no subject has this number, as after a backup was restored."""
    query = select(SubjectProcess).where(SubjectProcess.business_key == business_key)
    return list(session.scalars(query.order_by(SubjectProcess.process_key)))


def bind(session: Session, process: SubjectProcess, instance_id: str) -> bool:
    """True when this instance is the one that counts.

    The first instance of which a task is worked counts, and no other until an operator says so.
    """
    if process.process_instance_id is None:
        session.execute(select(Order.id).where(Order.id == process.order_id).with_for_update())
        free = SubjectProcess.id == process.id, SubjectProcess.process_instance_id.is_(None)
        first = update(SubjectProcess).where(*free).values(process_instance_id=instance_id, started_at=clock.now())
        session.execute(first.execution_options(synchronize_session=False))
        session.refresh(process)
    return process.process_instance_id == instance_id


def rebind(session: Session, business_key: str, process_key: str, instance_id: str | None) -> None:
    """An operator says which instance counts from now on; None is the next one of which a task is worked."""
    process = session.scalar(_query(business_key, process_key).with_for_update())
    if process is None:
        raise ProcessNotFound(f"{business_key} has no process {process_key!r}.")
    process.process_instance_id, process.ended_at = instance_id, None
    process.started_at = None if instance_id is None else clock.now()


def bound_instance(session: Session, business_key: str, process_key: str) -> str | None:
    """The instance that counts; None while no task of the process has been worked."""
    found = session.scalar(_query(business_key, process_key))
    return found.process_instance_id if found else None


def mark_ended(session: Session, business_key: str, process_key: str, instance_id: str) -> bool:
    """The engine says that this instance has come to its end. False when another one counts by now."""
    ended = update(SubjectProcess).where(SubjectProcess.business_key == business_key)
    ended = ended.where(SubjectProcess.process_key == process_key, SubjectProcess.process_instance_id == instance_id)
    first_known = func.coalesce(SubjectProcess.ended_at, clock.now())
    return session.scalar(ended.values(ended_at=first_known).returning(SubjectProcess.id)) is not None


def processes_of_order(session: Session, order_id: UUID) -> list[SubjectProcess]:
    """Those of the order itself and of all subjects that belong to it."""
    query = select(SubjectProcess).where(SubjectProcess.order_id == order_id)
    return list(session.scalars(query.order_by(SubjectProcess.business_key, SubjectProcess.process_key)))


def _query(business_key: str, process_key: str) -> Select[SubjectProcess]:
    known = SubjectProcess.business_key == business_key, SubjectProcess.process_key == process_key
    return select(SubjectProcess).where(*known)
