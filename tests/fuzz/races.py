"""Two acts on one order at the same moment. Whether the money adds up afterwards, the audit says."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import uuid4

from tests.factories.refunds import ONE_BROKEN, three_lines
from tests.fuzz.whole_life import Callers

REASON = "customer_changed_mind"


def race(callers: Callers, dice: Random) -> None:
    money = three_lines(callers.channel)
    money.authorize()
    if dice.random() < 0.7:
        money.capture(money.ship(**{"1": 2, "2": 1}))
    mark, path, channel = callers.channel.tally.mark, f"/v1/orders/{money.id}", callers.channel
    parcel = {"carrier": "dhl", "tracking_number": mark(), "lines": [{"line_id": "1", "quantity": 1}]}
    acts: list[Callable[[], object]] = [
        lambda: channel.post(f"{path}/cancellations", {"reason": mark()}),
        lambda: channel.post(f"{path}/cancellations", {"items": [{"line_id": "3", "units": [1]}], "reason": REASON}),
        lambda: callers.warehouse.post(f"{path}/shipments", parcel),
        lambda: channel.post(f"{path}/payments", {"type": "card", "token": f"tok_approve:{mark()}"}),
        lambda: channel.post(f"{path}/notes", {"text": mark()}),
        lambda: channel.post(f"{path}/refunds", {**ONE_BROKEN, "reason": "other"}, Idempotency_Key=str(uuid4())),
        lambda: channel.post(
            f"{path}/returns",
            {"items": [{"line_id": "1", "quantity": 1, "reason": "too_small"}], "comment": mark()},
            Idempotency_Key=str(uuid4()),
        ),
        lambda: channel.get(path),
    ]
    with ThreadPoolExecutor(2) as pool:
        meeting = [pool.submit(act) for act in (dice.choice(acts), dice.choice(acts))]
        for act in meeting:
            act.result()


def same_at_once(callers: Callers, dice: Random) -> None:
    """A channel that repeats before it has the answer: one order."""
    body = callers.channel.body(external_id=callers.channel.tally.mark())
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: callers.channel.post("/v1/orders", body), range(3)))
    statuses = sorted(answer.status_code for answer in answers)
    if statuses != [201, 409, 409]:
        callers.channel.tally.fail(f"one order sent three times at once was answered {statuses}: {body}")
