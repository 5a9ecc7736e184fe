"""Commands for an operator when something is stuck."""

import click

from order_api.access.idempotency import forget_old
from order_api.camunda import processes
from order_api.camunda.names import Process
from order_api.core.database import transaction
from order_api.outbox import stuck
from order_api.progress.processes import rebind


@click.group(invoke_without_command=True)
@click.pass_context
def outbox(context: click.Context) -> None:
    """Show what has waited for over an hour or was given up, and why."""
    if context.invoked_subcommand is not None:
        return
    with transaction() as session:
        rows = stuck.stuck_rows(session)
    for row in rows:
        item = f" item {row.item_id}" if row.item_id else ""
        click.echo(f"{row.id}  {row.created_at:%Y-%m-%d %H:%M}  {row.kind} {row.name}  {row.business_key}{item}")
        click.echo(f"    after {row.attempts} tries: {row.last_error}")
    click.echo(f"{len(rows)} rows are stuck.")


@outbox.command("send-again")
@click.argument("row_id", type=int)
def send_again(row_id: int) -> None:
    """Have a row sent at once, whatever became of it before."""
    with transaction() as session:
        if not stuck.send_again(session, row_id):
            raise click.ClickException(f"The outbox has no row {row_id}.")
    click.echo(f"Row {row_id} is due now.")


@click.command("bind-process")
@click.argument("number")
@click.argument("process_instance_id", required=False)
@click.option("--process", default=Process.ORDER_SUBMIT, show_default=True, help="Key of the process.")
def bind_process(number: str, process_instance_id: str | None, process: str) -> None:
    """Say which process instance counts: the given one, or the next that is started.

    NUMBER is the public number of the order, or of what else the process is about. Workers delete an instance that does
    not count, so do this before you restart a process by the engine's API.
    """
    running = [instance.id for instance in processes.find(process, number) if instance.is_running]
    if process_instance_id is None and running:
        raise click.ClickException(f"Its process {running[0]} is running: delete that in Cockpit first.")
    if process_instance_id is not None and process_instance_id not in running:
        raise click.ClickException(f"{process_instance_id} is no running process {process} of {number}.")
    with transaction() as session:
        rebind(session, number, process, process_instance_id)
        row = stuck.start_row(session, number, process)
    click.echo(f"Tasks of {process_instance_id or 'the next process'} are worked for {number}, of no other.")
    if process_instance_id is None:
        click.echo(f"To start it from its beginning: order-service outbox send-again {row}")


@click.command()
def tidy() -> None:
    """Forget idempotency keys older than 30 days. Run it daily."""
    with transaction() as session:
        forget_old(session)
    click.echo("Old idempotency keys are forgotten.")


COMMANDS = (outbox, bind_process, tidy)
