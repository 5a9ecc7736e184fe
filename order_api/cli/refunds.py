"""Commands for an operator when money that a customer should have got back is still owed."""

import click

from order_api.cli.operate import OPERATOR
from order_api.core.database import transaction
from order_api.core.errors import NotYet
from order_api.core.outside import run
from order_api.refunds.book import book_refund as book
from order_api.refunds.models import GRANTED, RefundState
from order_api.refunds.repository import get
from order_api.refunds.settle import SettleRefund


@click.command("settle-refund")
@click.argument("number")
def settle_refund(number: str) -> None:
    """Ask the payment provider now what became of a granted refund, and store the answer.

    NUMBER is the number of the refund. A request that the provider does not know is sent again, unless an earlier one
    has paid after all.
    """
    with transaction() as session:
        refund = get(session, OPERATOR, number)
        subject, state = refund.subject, refund.state
    if state not in GRANTED:
        raise click.ClickException(f"{number} is not granted: it is {state}.")
    try:
        settled = run(SettleRefund(OPERATOR, subject))
    except NotYet as reason:
        raise click.ClickException(f"{reason} Ask again in half a minute.") from None
    is_paid = settled.state == RefundState.PAID
    click.echo(f"{number} is paid." if is_paid else f"{number} still owes {settled.open_amount}.")


@click.command("book-refund")
@click.argument("number")
@click.option("--reference", required=True, help="What the transfer is found by. No account numbers.")
def book_refund(number: str, reference: str) -> None:
    """Book the part of a refund that was paid outside, by bank transfer or in cash.

    NUMBER is the number of the refund. Repeating it with the same reference changes nothing.
    """
    with transaction() as session:
        state = book(session, OPERATOR, number, reference).state
    click.echo(f"{number} is booked with the reference {reference}; it is {state}.")


COMMANDS = (settle_refund, book_refund)
