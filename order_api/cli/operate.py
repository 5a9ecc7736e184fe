"""Commands for an operator when something is stuck."""

import click
from sqlalchemy.orm import Session

from order_api.access.actor import system_actor
from order_api.access.idempotency import forget_old
from order_api.access.login_attempts import forget_old_attempts
from order_api.camunda import identity, processes
from order_api.camunda.names import Process
from order_api.core.database import transaction
from order_api.outbox import stuck
from order_api.progress.processes import bound_instance, rebind
from order_api.settlement.announce_parcels import announce_unsettled_parcels

OPERATOR = system_actor("operator")


@click.group(invoke_without_command=True)
@click.pass_context
def outbox(context: click.Context) -> None:
    """Show the rows that have waited for over an hour or were given up, and why."""
    if context.invoked_subcommand is not None:
        return
    with transaction() as session:
        rows = stuck.stuck_rows(session)
    for row in rows:
        item = f" item {row.item_id}" if row.item_id else ""
        click.echo(f"{row.id}  {row.created_at:%Y-%m-%d %H:%M}  {row.kind} {row.name}  {row.business_key}{item}")
        click.echo(f"    after {row.attempts} tries: {row.last_error}")
    click.echo(f"Stuck rows: {len(rows)}.")


@outbox.command("send-again")
@click.argument("row_id", type=int)
def send_again(row_id: int) -> None:
    """Send a row at once, even if it was given up before."""
    with transaction() as session:
        if not stuck.send_again(session, row_id):
            raise click.ClickException(f"The outbox has no row {row_id}.")
    click.echo(f"Row {row_id} is due now.")


PROCESS = click.option("--process", default=Process.ORDER_SUBMIT, show_default=True, help="Key of the process.")


@click.command("restart-process")
@click.argument("number")
@PROCESS
def restart_process(number: str, process: str) -> None:
    """Restart a lost process. It continues from the order's present state and repeats no effect.

    NUMBER is the public number of the order or other subject of the process.
    """
    _refuse_running(number, process)
    with transaction() as session:
        _rebind(session, number, process, None)
        row = stuck.start_row(session, number, process)
        if row is None:
            raise click.ClickException(f"The outbox no longer has the start of {process} for {number}.")
        stuck.send_again(session, row)
    click.echo(f"{process} of {number} restarts.")


@click.command("bind-process")
@click.argument("number")
@click.argument("process_instance_id", required=False)
@PROCESS
def bind_process(number: str, process_instance_id: str | None, process: str) -> None:
    """Set which process instance counts: the given one, or the next that starts.

    NUMBER is the public number of the order or other subject of the process. Workers delete an instance that does not
    count, so do this before you restart a process through the engine's API.
    """
    if process_instance_id is None:
        _refuse_running(number, process)
    elif process_instance_id not in _running(number, process):
        raise click.ClickException(f"{process_instance_id} is not a running {process} of {number}.")
    with transaction() as session:
        _rebind(session, number, process, process_instance_id)
    click.echo(f"For {number}, workers now do only the tasks of {process_instance_id or 'the next process'}.")


def _running(number: str, process: str) -> list[str]:
    return [instance.id for instance in processes.find(process, number) if instance.is_running]


def _refuse_running(number: str, process: str) -> None:
    if running := _running(number, process):
        raise click.ClickException(f"Process instance {running[0]} is still running: delete it in Cockpit first.")


def _rebind(session: Session, number: str, process: str, instance_id: str | None) -> None:
    before = bound_instance(session, number, process)
    bound = rebind(session, number, process, instance_id)
    if bound.subject.is_order and (instance_id is None or instance_id != before):
        announce_unsettled_parcels(session, OPERATOR, bound.order_id)


@click.command("unlock-login")
@click.argument("name")
def unlock_login(name: str) -> None:
    """Unlock a person's log-in to the engine after too many wrong passwords.

    NAME is the person's user name in the engine.
    """
    identity.unlock(name)
    click.echo(f"{name} may log in to the engine again at once.")


@click.command()
def tidy() -> None:
    """Delete idempotency keys older than 30 days and log-ins older than a day. Run it daily."""
    with transaction() as session:
        forget_old(session)
        forget_old_attempts(session)
    click.echo("Old idempotency keys and log-ins are deleted.")


COMMANDS = (outbox, restart_process, bind_process, unlock_login, tidy)
