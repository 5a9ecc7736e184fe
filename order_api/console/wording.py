"""Formats statuses, amounts and times for people; most functions are also template filters."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

from order_api.core import money
from order_api.words import CLOSED, Channel

CHANNELS: dict[str, str] = {Channel.POS: "Point of sale", Channel.IOT: "Connected device"}
SNAKE = re.compile("[a-z0-9]+([_-][a-z0-9]+)*")
STEP_PREFIX = re.compile("^((user)?task_|wait_for_)")
MAX_ACRONYM_LENGTH = 4
ON_TOP = ("name", "company", "line1", "line2")


def plain(word: str | None) -> str:
    """`submitted_to_fulfillment` → `Submitted to fulfillment`; what a person wrote stays as it is."""
    text = word or ""
    if not SNAKE.fullmatch(text):
        return text
    return text[0].upper() + text[1:].replace("_", " ").replace("-", " ")


def reason(text: str) -> str:
    """One word or several, with commas: `large_order, many_units` → `Large order, many units`."""
    first, *others = text.split(", ")
    return ", ".join([plain(first), *(plain(other).lower() if SNAKE.fullmatch(other) else other for other in others)])


def step(activity_id: str) -> str:
    """Words for a place in a model; the history knows only its id: `usertask_review_fraud` → `Review fraud`."""
    return plain(STEP_PREFIX.sub("", activity_id))


def is_closed(category: str) -> bool:
    """Whether an order or item with a status of this category is over."""
    return category in CLOSED


def carrier(key: str) -> str:
    return key.upper() if len(key) <= MAX_ACRONYM_LENGTH else plain(key)


def channel(key: str) -> str:
    return CHANNELS.get(key, plain(key))


def grouped(amount: str) -> str:
    """`"2297.20"` → `"2,297.20"`, with a true minus sign; no digit is added or lost."""
    return f"{Decimal(amount):,f}".replace("-", "−")


def amount(minor: int, currency: str) -> str:
    return grouped(money.to_text(minor, currency))


def with_currency(minor: int, currency: str) -> str:
    """`2,297.20 USD`, for sentences."""
    return f"{amount(minor, currency)} {currency}"


def percent(rate: str) -> str:
    """`"0.0825"` → `"8.25 %"`."""
    return f"{(Decimal(rate) * 100).normalize():f} %"


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %b %Y, %H:%M} UTC"


def day(at: date) -> str:
    """Of a moment, the day in UTC."""
    return f"{at.astimezone(UTC) if isinstance(at, datetime) else at:%-d %b %Y}"


def second(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %b %Y, %H:%M:%S} UTC"


def machine_time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def address_lines(address: dict[str, Any]) -> list[str]:
    """As on an envelope."""
    place = " ".join(filter(None, (address.get("city"), address.get("region"), address.get("postal_code"))))
    lines = [address.get(part) for part in ON_TOP] + [place, address.get("country"), address.get("phone")]
    return [line for line in lines if line]


class NamedTender(Protocol):
    """A tender of the order, or of its document."""

    id: Any
    type: str


def tender_names(tenders: Iterable[NamedTender]) -> dict[Any, str]:
    """By tender id: the type, numbered where an order has several of it."""
    sent = list(tenders)
    names = {}
    for tender in sent:
        same = [each.id for each in sent if each.type == tender.type]
        number = f" {same.index(tender.id) + 1}" if len(same) > 1 else ""
        names[tender.id] = f"{plain(tender.type)}{number}"
    return names


FILTERS: dict[str, Callable[..., Any]] = {
    "plain": plain,
    "reason": reason,
    "is_closed": is_closed,
    "carrier": carrier,
    "channel": channel,
    "grouped": grouped,
    "amount": amount,
    "percent": percent,
    "moment": moment,
    "second": second,
    "day": day,
    "machine_time": machine_time,
    "address_lines": address_lines,
    "tender_names": tender_names,
}
