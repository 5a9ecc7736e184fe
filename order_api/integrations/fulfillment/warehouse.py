"""The builtin warehouse: ships and delivers by itself after set delays, or on command.

As in a real warehouse, goods leave first and the report to the order service follows. Goods that have left cannot be
recalled, even before the order service knows.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.core.database import transaction
from order_api.integrations.fulfillment.models import WarehouseJob
from order_api.integrations.fulfillment.port import (
    FulfillmentAnswer,
    FulfillmentRequest,
    Parcel,
    Recall,
    RequestedItem,
)

CARRIER = "own_fleet"
DEFAULT_DELAY = 5.0
"""Seconds, used when WAREHOUSE_SHIP_DELAY or WAREHOUSE_DELIVER_DELAY is not set."""


class Warehouse:
    def send(self, request: FulfillmentRequest) -> FulfillmentAnswer:
        with transaction() as session:
            row = insert(WarehouseJob).values(
                key=request.key,
                order_id=request.order_id,
                items=[_job_item(item) for item in request.items],
                ship_at=_after(_seconds(os.environ.get("WAREHOUSE_SHIP_DELAY"))),
            )
            session.execute(row.on_conflict_do_nothing())
            job = session.get_one(WarehouseJob, request.key)
            return FulfillmentAnswer.CANCELED if job.canceled_at else FulfillmentAnswer.ACCEPTED

    def find(self, key: UUID) -> FulfillmentAnswer | None:
        with transaction() as session:
            job = session.get(WarehouseJob, key)
            if job is None:
                return None
            return FulfillmentAnswer.CANCELED if job.canceled_at else FulfillmentAnswer.ACCEPTED

    def recall(self, key: UUID) -> Recall:
        with transaction() as session:
            session.execute(insert(WarehouseJob).values(key=key, items=[]).on_conflict_do_nothing())
            job = session.get_one(WarehouseJob, key, with_for_update=True, populate_existing=True)
            if job.shipped_at is not None:
                return Recall(_parcel_of(session, job))
            job.canceled_at = job.canceled_at or clock.now()
            return Recall()


def _job_item(item: RequestedItem) -> dict[str, Any]:
    return {"item_id": str(item.item_id), "sku": item.sku, "quantity": item.quantity}


def _seconds(setting: str | None) -> float:
    return DEFAULT_DELAY if not setting else float(setting)


def _after(seconds: float) -> datetime | None:
    """None for a negative delay, which turns the automatic step off: only a command ships or delivers."""
    return None if seconds < 0 else clock.now() + timedelta(seconds=seconds)


def ship_due() -> None:
    """Ships every order that has a job due, with all its other jobs in the same parcel."""
    with transaction() as session:
        due = select(WarehouseJob.order_id).where(
            WarehouseJob.ship_at <= clock.now(), WarehouseJob.shipped_at.is_(None), WarehouseJob.canceled_at.is_(None)
        )
        for order_id in set(session.scalars(due.limit(200))):
            ship_order(session, order_id)


def ship_order(session: Session, order_id: UUID | None) -> Parcel | None:
    """Ships all open jobs of the order in one parcel, due or not; None if there are none."""
    jobs = session.scalars(
        select(WarehouseJob)
        .where(WarehouseJob.order_id == order_id, WarehouseJob.shipped_at.is_(None), WarehouseJob.canceled_at.is_(None))
        .order_by(WarehouseJob.key)
        .with_for_update(skip_locked=True)
    ).all()
    for job in jobs:
        job.shipped_at, job.deliver_at = clock.now(), _after(_seconds(os.environ.get("WAREHOUSE_DELIVER_DELAY")))
        job.parcel = f"W{jobs[0].key.hex[:16].upper()}"
    return _parcel_of(session, jobs[0]) if jobs else None


def make_delivery_due(session: Session, order_id: UUID) -> int:
    """Makes every parcel of the order that is on its way due for delivery; returns the number of these parcels."""
    on_their_way = WarehouseJob.shipped_at.is_not(None), WarehouseJob.reported_delivered_at.is_(None)
    jobs = update(WarehouseJob).where(WarehouseJob.order_id == order_id, *on_their_way)
    return len(set(session.scalars(jobs.values(deliver_at=clock.now()).returning(WarehouseJob.parcel))))


def unreported(session: Session) -> list[tuple[WarehouseJob, Parcel]]:
    """Parcels whose departure or arrival has not been reported to the order service, each with one of its jobs."""
    report_is_due = (WarehouseJob.reported_shipped_at.is_(None)) | (WarehouseJob.deliver_at <= clock.now())
    query = select(WarehouseJob).where(
        WarehouseJob.shipped_at.is_not(None), WarehouseJob.reported_delivered_at.is_(None), report_is_due
    )
    jobs = session.scalars(query.order_by(WarehouseJob.shipped_at, WarehouseJob.key).limit(500))
    first_of_parcel = {job.parcel: job for job in reversed(list(jobs))}
    packed = _packed(session, first_of_parcel)
    return [(job, _parcel(name, packed[name])) for name, job in reversed(first_of_parcel.items())]


def mark_reported(session: Session, parcel: Parcel, column: str) -> None:
    jobs = update(WarehouseJob).where(WarehouseJob.parcel == parcel.tracking_number)
    session.execute(jobs.values({column: clock.now()}))


def _packed(session: Session, parcels: Iterable[str | None]) -> dict[str | None, Counter[UUID]]:
    """For each parcel, the number of units of each item."""
    packed: dict[str | None, Counter[UUID]] = defaultdict(Counter)
    query = select(WarehouseJob.parcel, WarehouseJob.items).where(WarehouseJob.parcel.in_(parcels))
    for parcel, items in session.execute(query):
        packed[parcel].update({UUID(item["item_id"]): item["quantity"] for item in items})
    return packed


def _parcel(name: str | None, quantities: Mapping[UUID, int]) -> Parcel:
    return Parcel(CARRIER, name or "", dict(quantities))


def _parcel_of(session: Session, job: WarehouseJob) -> Parcel:
    return _parcel(job.parcel, _packed(session, [job.parcel])[job.parcel])
