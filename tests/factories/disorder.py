"""What a gateway does out of order: a refund declined and tried again, and what it says about it afterwards."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from order_api.cli.audit import at_gateways, in_database
from order_api.core.database import transaction
from tests.factories.money import Money
from tests.factories.refunds import ONE_BROKEN, Refunds, paid_order
from tests.fixtures.service import Client


def findings(money: Money) -> list[str]:
    since = datetime.now(UTC) - timedelta(minutes=5)
    found = [*in_database(since), *at_gateways(since)]
    return [str(finding) for finding in found if finding.number == money.number]


def declined_twice_then_paid_outside(refunds: Refunds) -> tuple[str, str, str]:
    """The number of a refund of 19.70, and its two requests that the gateway declined before it was paid outside."""
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    refunds.pay(number)
    refunds.retry(number)
    refunds.pay(number)
    refunds.redirect(number)
    refunds.book(number, "BANK-1")
    first, second = refunds.row_ids("refund")
    return number, first, second


def declined_then_tried_again(channel: Client) -> tuple[Refunds, str, str]:
    """A declined refund of 19.70 of which a person asked for another try, which has not reached the gateway."""
    refunds = paid_order(channel, "tok_decline_refund_once")
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    refunds.pay(number)
    refunds.retry(number)
    return refunds, number, str(refunds.read(number)["payments"][0]["id"])


def make_old(refunds: Refunds) -> None:
    """The requests under way are certainly over."""
    query = "UPDATE payment_transactions SET requested_at = requested_at - interval '1 day' WHERE status = 'requested'"
    with transaction() as session:
        session.execute(text(f"{query} AND order_id = :id"), {"id": refunds.money.id})


def first_try(refunds: Refunds) -> str:
    return next(str(row["id"]) for row in refunds.order()["payments"] if row["kind"] == "refund")
