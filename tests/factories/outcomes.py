"""How an order ended on the engine, and the engine's loss of its process."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from order_api.cli import main
from order_api.core import database
from tests.fixtures.service import forget_settings
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

REQUESTED = "SELECT quantity FROM fulfillment_requests WHERE order_id = %s ORDER BY requested_at"


class Outcome(NamedTuple):
    status: str
    order_statuses: list[str]
    item_statuses: list[list[str]]
    units: list[tuple[int, int, int]]
    money: dict[str, int]
    captures: list[str]
    mails: list[str]
    reservations: list[str]
    requested_units: list[int]
    """Of each request to fulfillment."""


def outcome(shop: Shop, order: Json) -> Outcome:
    final, events = shop.order(order["id"]), shop.history(order["id"])
    number, address = order["number"], order["customer"]["email"]
    of_item = [[e["after"] for e in events if e["item_id"] == item["id"] and e["after"]] for item in final["items"]]
    wait_until(lambda: all_mails_sent(shop, order), what="every mail sent")
    return Outcome(
        status=final["status"],
        order_statuses=[e["after"] for e in events if e["event"] == "order.status_changed"],
        item_statuses=of_item,
        units=[(i["shipped_quantity"], i["delivered_quantity"], i["canceled_quantity"]) for i in final["items"]],
        money=shop.money(order["id"]),
        captures=sorted(p["amount"] for p in final["payments"] if (p["kind"], p["status"]) == ("capture", "done")),
        mails=sorted(subject.replace(number, "N") for subject in shop.mailbox.to(address)),
        reservations=sorted(row["status"] for row in final["reservations"]),
        requested_units=[units for (units,) in shop.sql(REQUESTED, order["id"])],
    )


def all_mails_sent(shop: Shop, order: Json) -> bool:
    return not shop.sql("SELECT 1 FROM notifications WHERE order_id = %s AND sent_at IS NULL", order["id"])


def ended(shop: Shop, order: Json, end: str) -> Outcome:
    shop.wait_for_status(order["id"], end)
    shop.wait_until_ended(order["id"])
    assert shop.order(order["id"])["overdue_at"] is None
    wait_until(lambda: pending(shop, order) == [], what="no message left over")
    return outcome(shop, order)


def pending(shop: Shop, order: Json) -> list[Any]:
    return shop.sql("SELECT name FROM outbox WHERE business_key = %s AND state = 'pending'", order["number"])


def lose(shop: Shop, order: Json, process: str = "order-submit") -> None:
    """The engine loses the order's process, with those of its items."""
    asked = {"businessKey": order["number"], "processDefinitionKey": process}
    [running] = shop.engine("GET", "/process-instance", **asked)

    def delete() -> bool:
        """The engine refuses it while a worker reports a task of the same process."""
        with suppress(AssertionError):
            shop.engine("DELETE", f"/process-instance/{running['id']}")
        return not shop.engine("GET", "/process-instance", **asked)

    wait_until(delete, what="the process deleted")


def start_anew(shop: Shop, order: Json, process: str = "order-submit") -> None:
    """The operator's command, run in this process to spare the start of another."""
    with settings_of(shop):
        result = CliRunner().invoke(main, ["restart-process", order["number"], "--process", process])
    assert result.exit_code == 0, result.output


@contextmanager
def settings_of(shop: Shop) -> Iterator[None]:
    """Lets this process use the shop's database and engine."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("DATABASE_URL", "ENGINE_URL", "ENGINE_USER", "ENGINE_PASSWORD", "SECRET_KEY"):
            environment.setenv(name, shop.system.env[name])
        forget_settings()
        yield
        database.engine().dispose()
    forget_settings()
