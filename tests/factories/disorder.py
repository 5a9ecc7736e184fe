"""What a gateway does out of order: a refund declined and tried again, and what it says about it afterwards."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from order_api.cli.audit import at_gateways, in_database
from order_api.core.database import transaction
from order_api.refunds.retry import retry_refund
from tests.factories.gateway_events import carry_out, send_event
from tests.factories.money import Money
from tests.factories.refunds import ONE_BROKEN, WORKER, Refunds, paid_order
from tests.fixtures.service import Client


def findings(money: Money) -> list[str]:
    since = datetime.now(UTC) - timedelta(minutes=5)
    found = [*in_database(since), *at_gateways(since)]
    return [str(finding) for finding in found if finding.number == money.number]


def event(refunds: Refunds, kind: str, key: str) -> list[str | None]:
    """The gateway says so, and its books have it."""
    outcome = {"done": (True, None), "failed": (False, "failed")}.get(kind.rsplit("_", maxsplit=1)[-1])
    if outcome is not None:
        books = "UPDATE simulator_payments SET approved = :approved, decline_code = :code WHERE key = :key"
        with transaction() as session:
            session.execute(text(books), {"key": key, "approved": outcome[0], "code": outcome[1]})
    send_event(refunds.client, kind, key)
    return carry_out(key)


def declined_then_tried_again(channel: Client) -> tuple[Refunds, str, str]:
    """A declined refund of 19.70 of which a person asked for another try, which has not reached the gateway."""
    refunds = paid_order(channel, "tok_decline_refund_once")
    number = refunds.asked(**ONE_BROKEN)
    refunds.grant(number)
    refunds.pay(number)
    with transaction() as session:
        retry_refund(session, WORKER, refunds.subject(session, number))
    return refunds, number, str(refunds.read(number)["payments"][0]["id"])


def make_old(refunds: Refunds) -> None:
    """The requests under way are certainly over."""
    query = "UPDATE payment_transactions SET requested_at = requested_at - interval '1 day' WHERE status = 'requested'"
    with transaction() as session:
        session.execute(text(f"{query} AND order_id = :id"), {"id": refunds.money.id})


def first_try(refunds: Refunds) -> str:
    return next(str(row["id"]) for row in refunds.order()["payments"] if row["kind"] == "refund")
