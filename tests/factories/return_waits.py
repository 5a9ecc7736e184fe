"""For each wait of a return: how one comes there, and the act that brings it from there to its end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.factories import engine_returns as returns
from tests.factories.engine_refunds import APPROVE, CSR, SUPERVISOR, token_of
from tests.fixtures.designer import change, copy_of_our_models, deployed
from tests.fixtures.shop import Json, Shop

NOT_AS_DESCRIBED = "not_as_described"


class ReturnStory(NamedTuple):
    """`is_fact` says that the act may come while no process runs; else a person decides in a queue."""

    activity: str
    begin: Callable[[Shop], tuple[Json, str]]
    act: Callable[[Shop, str], Any]
    end: str
    is_fact: bool = False
    timer: str | None = None
    """The timer on the way to the wait, which is brought forward."""

    def come_again(self, shop: Shop, number: str) -> None:
        """A process that was started anew comes to the wait, too."""
        if self.timer is not None:
            shop.fire_timer(number, self.timer)
        shop.wait_for_activity(number, self.activity)


def announced(shop: Shop) -> tuple[Json, str]:
    order = returns.delivered(shop)
    return order, returns.announce(shop, order, _1=2)


def received(shop: Shop) -> tuple[Json, str]:
    order, number = announced(shop)
    returns.receive(shop, number, _1=2)
    return order, number


def late(shop: Shop) -> tuple[Json, str]:
    """So late that a person decides."""
    order = returns.delivered(shop, days_ago=60)
    return order, returns.announce_as(shop, order, {"_1": 2}, key=token_of(shop, CSR))


@contextmanager
def refunds_need_approval(shop: Shop, folder: Path) -> Iterator[None]:
    """The designer of a shop wants supervisors to approve refunds of goods that were NOT_AS_DESCRIBED."""
    models = copy_of_our_models(folder)
    cell = '<inputEntry id="service_asks_refund_reason">\n          <text>{}</text>'
    change(models, Path("decisions/refund-approval.dmn"), (cell.format(""), cell.format(f'not("{NOT_AS_DESCRIBED}")')))
    with deployed(shop, models):
        yield


def dear(shop: Shop) -> tuple[Json, str]:
    """Its refund needs a supervisor, see `refunds_need_approval`."""
    order = returns.delivered(shop, shop.line("MUG-WHITE", 2, "80.00"))
    number = returns.announce_as(shop, order, {"_1": 2}, reason=NOT_AS_DESCRIBED)
    returns.arrive(shop, number, _1=2)
    return order, number


def refused_refund(shop: Shop) -> tuple[Json, str]:
    order, number = dear(shop)
    shop.decide(f"{order['number']}-F1", APPROVE, SUPERVISOR, "refuse_refund")
    return order, number


def paid_early(shop: Shop) -> tuple[Json, str]:
    """A gold customer's money has gone back with the carrier's scan; the goods do not come."""
    guest = {"type": "guest", "name": "Ada", "email": f"{shop.new_sku().lower()}@example.com", "groups": ["gold"]}
    order = returns.delivered(shop, customer=guest)
    number = returns.announce(shop, order, _1=2)
    shop.wait_for_activity(number, returns.FOR_GOODS)
    returns.scan(shop, number)
    shop.wait_until_passed(number, returns.FOR_REFUND)
    shop.fire_timer(number, "event_expire")
    return order, number


def deciding(queue: str, user: str, decision: str) -> Callable[[Shop, str], None]:
    return lambda shop, number: shop.decide(number, queue, user, decision)


def arrive(shop: Shop, number: str) -> None:
    returns.arrive(shop, number, _1=2)


def judge(shop: Shop, number: str) -> None:
    [receipt] = returns.read(shop, number)["receipts"]
    returns.judge(shop, number, receipt["id"], _1=2)


def grant(shop: Shop, number: str) -> None:
    shop.decide(number.replace("-R", "-F"), APPROVE, SUPERVISOR, "grant_refund")


def allow_and_arrive(shop: Shop, number: str) -> None:
    shop.decide(number, returns.APPROVAL, SUPERVISOR, "approve_return")
    shop.wait_for_activity(number, returns.FOR_GOODS)
    arrive(shop, number)


RETURN_STORIES = {
    "allowed": ReturnStory(returns.APPROVAL, late, allow_and_arrive, "completed"),
    "refused": ReturnStory(returns.APPROVAL, late, deciding(returns.APPROVAL, SUPERVISOR, "refuse_return"), "refused"),
    "arrived": ReturnStory(returns.FOR_GOODS, announced, arrive, "completed", is_fact=True),
    "canceled": ReturnStory(returns.FOR_GOODS, announced, returns.cancel, "canceled", is_fact=True),
    "inspected": ReturnStory(returns.INSPECT, received, judge, "completed", is_fact=True),
    "granted": ReturnStory(returns.FOR_REFUND, dear, grant, "completed", is_fact=True),
    "no money": ReturnStory(
        returns.DIFFERS, refused_refund, deciding(returns.DIFFERS, SUPERVISOR, "no_money"), "completed"
    ),
    "written off": ReturnStory(
        returns.NOT_ARRIVED,
        paid_early,
        deciding(returns.NOT_ARRIVED, SUPERVISOR, "write_off_goods"),
        "completed",
        timer="event_expire",
    ),
    "arrived after all": ReturnStory(
        returns.NOT_ARRIVED, paid_early, arrive, "completed", is_fact=True, timer="event_expire"
    ),
}

ReturnOutcome = tuple[Any, ...]


def return_outcome(shop: Shop, order: Json, number: str, end: str) -> ReturnOutcome:
    """State, units, stock, the sums of the order, and the mails."""
    document = returns.ended(shop, number, end)
    stock, paid = returns.stock_back(shop, order), returns.sums(shop, order)
    return document["state"], returns.units(document), stock, paid, returns.mails(shop, order)
