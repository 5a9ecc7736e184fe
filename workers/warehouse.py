"""`python -m workers.warehouse`: the builtin warehouse. Ships and delivers what is due and reports it to the order
service."""

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from order_api.access.actor import system_actor
from order_api.core import logs
from order_api.core.database import transaction
from order_api.core.errors import ServiceError
from order_api.heartbeats.models import Program
from order_api.integrations.fulfillment import warehouse
from order_api.integrations.fulfillment.models import WarehouseJob
from order_api.integrations.fulfillment.port import Parcel
from order_api.shipments.deliver import deliver
from order_api.shipments.ship import ship_parcel
from workers.heart import Heart
from workers.process import run_until_stopped

log = structlog.get_logger()
WAREHOUSE = system_actor("warehouse")
ROUND_INTERVAL = 0.25


def work_once() -> int:
    """Runs one round. A crash is harmless: unreported parcels are reported in a later round, and repeating is safe."""
    warehouse.ship_due()
    with transaction() as session:
        parcels = warehouse.unreported(session)
    for job, parcel in parcels:
        try:
            _report(job, parcel)
        except ServiceError as refused:
            log.debug("parcel_refused", order_id=str(job.order_id), code=refused.code)
    return len(parcels)


def _report(job: WarehouseJob, parcel: Parcel) -> None:
    if job.order_id is None:
        return
    with transaction() as session:
        shipment = ship_parcel(
            session,
            WAREHOUSE,
            job.order_id,
            parcel.quantities,
            carrier=parcel.carrier,
            tracking_number=parcel.tracking_number,
        )
        warehouse.mark_reported(session, parcel, "reported_shipped_at")
        if shipment is None:
            log.warning("parcel_told_before", order_id=str(job.order_id), tracking_number=parcel.tracking_number)
            warehouse.mark_reported(session, parcel, "reported_delivered_at")
        elif job.is_due_for_delivery:
            deliver(session, WAREHOUSE, shipment.id)
            warehouse.mark_reported(session, parcel, "reported_delivered_at")


def work(stopping: threading.Event) -> None:
    heart = Heart(Program.WAREHOUSE)
    while not stopping.is_set():
        heart.beat()
        try:
            work_once()
        except SQLAlchemyError as error:
            log.warning("database_unavailable", error=type(error).__name__)
        stopping.wait(ROUND_INTERVAL)


def main() -> None:
    logs.configure()
    stopping = threading.Event()
    run_until_stopped(lambda: work(stopping), stopping.set)


if __name__ == "__main__":
    main()
