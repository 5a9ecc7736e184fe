"""Returns on a running system: announces, scans, receives and judges them as those do who may."""

from typing import Any
from uuid import uuid4

from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import API_KEY, WAREHOUSE_KEY, wait_until

APPROVAL, INSPECT = "usertask_return_approval", "usertask_inspect"
DIFFERS, NOT_ARRIVED = "usertask_return_differs", "usertask_not_arrived"
FOR_GOODS, FOR_REFUND = "wait_for_goods", "wait_for_refund"


def post(shop: Shop, path: str, body: Json, key: str = API_KEY, status: int = 201) -> Json:
    answer = shop.call("POST", path, body, key, **{"Idempotency-Key": str(uuid4())})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def delivered(shop: Shop, *lines: Json, days_ago: int = 0, **changes: Any) -> Json:
    """An order all of whose units arrived so many days ago; by default three units of one line."""
    lines = lines or (shop.line("MUG-WHITE", 3, "20.00"),)
    order = shop.place(*lines, **changes)
    shop.ship(order)
    shop.deliver_all(order)
    order = shop.wait_for_status(order["id"], "completed")
    if days_ago:
        earlier = "UPDATE unit_ranges SET at = at - make_interval(days => %s) WHERE order_id = %s"
        shop.sql(earlier, days_ago, order["id"])
    return order


def announce(shop: Shop, order: Json, **units: int) -> str:
    """The channel announces: `_1=2` are two units of the line 1. Returns the number."""
    return announce_as(shop, order, units)


def announce_as(
    shop: Shop, order: Json, units: dict[str, int], *, key: str = API_KEY, reason: str = "changed_mind"
) -> str:
    items = [{"line_id": id_[1:], "quantity": count, "reason": reason} for id_, count in units.items()]
    return str(post(shop, f"/v1/orders/{order['id']}/returns", {"items": items}, key)["number"])


def read(shop: Shop, number: str) -> Json:
    answer = shop.call("GET", f"/v1/returns/{number}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def receive(shop: Shop, number: str, reference: str = "DOCK-1", *unexpected: str, **units: int) -> str:
    """`unexpected` are other goods, in words. Returns the id of the receipt."""
    body: Json = {"reference": reference}
    if units:
        body["items"] = [{"line_id": id_[1:], "quantity": count} for id_, count in units.items()]
    if unexpected:
        body["unexpected"] = "; ".join(unexpected)
    return str(post(shop, f"/v1/returns/{number}/receipts", body, WAREHOUSE_KEY)["receipt_id"])


def judge(shop: Shop, number: str, receipt: str, verdict: str = "resellable", **units: int) -> None:
    verdicts = [{"line_id": id_[1:], "quantity": count, "verdict": verdict} for id_, count in units.items()]
    post(shop, f"/v1/returns/{number}/receipts/{receipt}/verdicts", {"verdicts": verdicts}, WAREHOUSE_KEY)


def arrive(shop: Shop, number: str, reference: str = "DOCK-1", verdict: str = "resellable", **units: int) -> None:
    judge(shop, number, receive(shop, number, reference, **units), verdict, **units)


def scan(shop: Shop, number: str, reference: str = "DHL-1") -> None:
    body = {"reference": reference, "at": "2026-11-30T10:00:00Z", "words": "Picked up"}
    post(shop, f"/v1/returns/{number}/scans", body)


def cancel(shop: Shop, number: str) -> None:
    post(shop, f"/v1/returns/{number}/cancel", {"reason": "Keeps them."}, status=200)


def ended(shop: Shop, number: str, state: str) -> Json:
    """The return in this state, after its process and those of its refunds have ended and left no message behind."""
    wait_until(lambda: read(shop, number)["state"] == state, what=f"{number} {state}")
    shop.wait_until_ended(number)
    for each in read(shop, number)["refunds"]:
        shop.wait_until_ended(each["number"])
    left = "SELECT name FROM outbox WHERE business_key LIKE %s AND state = 'pending' AND lane = 'engine'"
    order_number = number.split("-", maxsplit=1)[0]
    wait_until(lambda: shop.sql(left, f"{order_number}%") == [], what="no message left over")
    return read(shop, number)


def units(document: Json) -> list[tuple[str, int, str | None, bool, bool]]:
    """Of each range: line, how many, verdict, whether it is paid for, whether it left the return."""
    return [
        (line["line_id"], row["quantity"], row["verdict"], row["refund"] is not None, row["released_at"] is not None)
        for line in document["lines"]
        for row in line["units"]
    ]


def stock_back(shop: Shop, order: Json) -> dict[str, int]:
    """What returns of the order have moved into stock, by quality."""
    query = """SELECT b.quality, sum(s.quantity) FROM stock_restocked s JOIN stock_bins b ON b.id = s.bin_id
        WHERE split_part(s.key, ' ', 2) IN (SELECT id::text FROM order_items WHERE order_id = %s) GROUP BY b.quality"""
    return {str(quality): int(count) for quality, count in shop.sql(query, order["id"])}


def mails(shop: Shop, order: Json) -> list[str]:
    """The subjects of mails about returns and refunds, oldest first, with N for the number of the order."""
    written = "SELECT 1 FROM notifications WHERE order_id = %s AND sent_at IS NULL"
    wait_until(lambda: not shop.sql(written, order["id"]), what="every mail sent")
    found = [subject.replace(order["number"], "N") for subject in shop.mailbox.to(order["customer"]["email"])]
    return [subject for subject in found if "return" in subject or "goods" in subject or "refund" in subject]


def sums(shop: Shop, order: Json) -> tuple[str, ...]:
    """What is due, captured, refunded and outstanding."""
    bill = shop.order(order["id"])["bill"]
    return tuple(bill[name] for name in ("due", "captured", "refunded", "outstanding"))
