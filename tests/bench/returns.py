"""(i) Returns: announced, allowed by the tables, received, judged and paid back, as many a second as go."""

from tests.bench.refunds import rate_of
from tests.bench.stage import Stage
from tests.factories import engine_returns as returns
from tests.fixtures.shop import Shop


def rate(stage: Stage, orders: int) -> float:
    """Returns a second, from the announcement to the end."""
    return rate_of(stage, orders, _return, "returns", "completed")


def _return(shop: Shop, order_id: str) -> None:
    number = returns.announce(shop, {"id": order_id}, _1=1)
    returns.arrive(shop, number, _1=1)
