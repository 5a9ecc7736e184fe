from order_api.camunda import processes
from order_api.core.database import single_statement
from order_api.outbox.models import OutboxRow, RowKind
from order_api.progress.processes import bound_instance
from workers.senders import sends


@sends(RowKind.START)
def send(row: OutboxRow) -> None:
    """After a lost answer, looks in the engine's history first. The history does not show an instance that is still
    starting; then the binding (J2) refuses the second one. If all instances have ended and none is bound, an operator
    deleted them: starts a new one."""
    instances = processes.find(row.name, row.business_key) if row.attempts > 1 else []
    if any(instance.is_running for instance in instances) or (instances and _is_bound(row)):
        return
    processes.start(row.name, row.business_key, row.payload)


def _is_bound(row: OutboxRow) -> bool:
    with single_statement() as session:
        return bound_instance(session, row.business_key, row.name) is not None
