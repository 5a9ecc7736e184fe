"""Adds up bill, money and units once more and compares them with the gateways and the engine.

It shares no code with the stories that it checks: only the connection, the client of the engine and the gateways.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import click

from order_api.camunda.engine import get
from order_api.core.database import engine
from order_api.integrations.payment.port import RefundTerms
from order_api.integrations.payment.registry import gateway

SQL = Path(__file__).parent / "audit_sql"
"""One file for each rule, named after what it finds: it selects an order number and what is wrong. The files in
`compared` are compared with gateways and engine."""
MONEY_TASKS = ("usertask_money_unexplained", "usertask_capture_declined")
BATCH = 50
DEFAULT_DAYS = 30


class Finding(NamedTuple):
    rule: str
    number: str
    what: str

    def __str__(self) -> str:
        return f"{self.number}: {self.rule}: {self.what}"


@click.command()
@click.option("--days", default=DEFAULT_DAYS, show_default=True, help="Looks at orders that changed since then.")
def audit(days: int) -> None:
    """Check that bill, money and units of every order add up, and that gateways and engine agree."""
    since = datetime.now(UTC) - timedelta(days=days)
    findings = [*in_database(since), *at_gateways(since), *in_engine(since)]
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"Findings: {len(findings)}.")
    if findings:
        raise click.exceptions.Exit(1)


def in_database(since: datetime) -> Iterator[Finding]:
    for file in sorted(SQL.glob("*.sql")):
        for number, what in _rows(file.name, since):
            yield Finding(_in_words(file.stem), number, what)


def at_gateways(since: datetime) -> Iterator[Finding]:
    """Asks each gateway about every request that is closed here; no refund is pending for longer than the gateway's
    adapter says."""
    for number, key, tender_type, requested_at in _rows("compared/pending_refunds.sql", since):
        terms = gateway(tender_type).refund_terms or RefundTerms()
        if datetime.now(UTC) - requested_at > timedelta(days=terms.decides_within):
            yield Finding("refund pending too long", number, f"refund {key}")
    for number, key, amount, tender_type, is_done in _rows("compared/at_gateway.sql", since):
        reply = gateway(tender_type).find(key)
        is_approved = reply is not None and reply.approved
        if is_done and not is_approved:
            yield Finding("the gateway does not confirm", number, str(key))
        elif is_approved and not is_done:
            yield Finding("approved only at the gateway", number, str(key))
        elif reply is not None and reply.amount not in (None, amount):
            yield Finding("another amount at the gateway", number, f"{key}: {amount} here, {reply.amount} there")


def in_engine(since: datetime) -> Iterator[Finding]:
    yield from _processes("processes", since, "running process of a closed order", "process ended with open units")
    of_refunds = "running process of a refund that is over", "process ended before its refund"
    yield from _processes("refund_processes", since, *of_refunds)
    waiting = _waiting_for_people()
    for rule in ("outstanding_without_a_task", "unpaid_parcel_without_a_task"):
        for number, what in _rows(f"compared/{rule}.sql", since):
            if number not in waiting:
                yield Finding(_in_words(rule), number, what)


def _processes(file: str, since: datetime, too_long: str, too_short: str) -> Iterator[Finding]:
    """Finds processes that run `too_long` and those that ended too early."""
    rows = {
        instance: (number, closed, is_open)
        for number, instance, closed, is_open in _rows(f"compared/{file}.sql", since)
    }
    running = _running(list(rows))
    for instance, (number, closed, is_open) in rows.items():
        if closed and instance in running:
            yield Finding(too_long, number, instance)
        if is_open and instance not in running:
            yield Finding(too_short, number, instance)


def _running(instances: Sequence[str]) -> dict[str, str]:
    """The business keys of those that run, by their ids."""
    batches = [instances[at : at + BATCH] for at in range(0, len(instances), BATCH)]
    found = [get("/process-instance", processInstanceIds=",".join(batch)) for batch in batches]
    return {instance["id"]: instance["businessKey"] for batch in found for instance in batch}


def _waiting_for_people() -> set[str]:
    """The numbers of the orders with an open task about their money."""
    tasks = [task for key in MONEY_TASKS for task in get("/task", taskDefinitionKey=key, active="true")]
    return set(_running(sorted({task["processInstanceId"] for task in tasks})).values())


def _in_words(rule: str) -> str:
    return rule.replace("_", " ")


def _rows(file: str, since: datetime) -> list[tuple[Any, ...]]:
    sql = (SQL / file).read_text(encoding="utf-8")
    with engine().connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql, {"since": since})]


COMMANDS = (audit,)
