"""The properties of a collection, with defaults for a shop that sends parcels."""

import re
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from order_api.access.rates import DEFAULT_REQUESTS_PER_SECOND
from order_api.core.errors import NotProcessable
from order_api.integrations.payment import tender_types
from order_api.stores.reasons import DEFAULT_REASONS, OfferedReason, parse_reasons
from order_api.words import FulfillmentType, TenderType

UNAMBIGUOUS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0/O, 1/I: people read order numbers out over the phone."""

FULFILLMENT_TYPES = (FulfillmentType.SHIP_TO_HOME,)
"""The types that this release supports."""

DURATION = re.compile(
    r"P(?=.)(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}D)?(T(?=.)(\d{1,8}H)?(\d{1,8}M)?(\d{1,8}(\.\d{1,3})?S)?)?|P\d{1,4}W", re.ASCII
)
"""The durations that the engine's timers accept. ISO 8601 also allows `PT0.5H`, `P2W3D` and negative durations."""


MAX_TOLERANCE = 100
MAX_RATE = 100_000
KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}", re.ASCII)
"""A key of a process or table in the engine."""


class CollectionPropertyInvalid(NotProcessable):
    """A property of a collection has a value that would make a running process fail."""


@dataclass(frozen=True)
class CollectionProperties:
    """Durations are ISO 8601 and become process variables; the tolerance for money is in minor units.

    A payment provider that has not decided about a refund is asked again after `gateway_answer_limit`. Goods of a
    return may take `return_time_limit` where `return-policy` names no days; the customer is reminded
    `return_reminder_window` before that.
    """

    order_number_length: int = 14
    order_number_alphabet: str = UNAMBIGUOUS
    fulfillment_types: tuple[str, ...] = FULFILLMENT_TYPES
    tender_types: tuple[str, ...] = (TenderType.CARD, TenderType.INVOICE)
    tolerance: int = 0
    edit_window: str = "PT30M"
    review_time_limit: str = "P1D"
    payment_time_limit: str = "P3D"
    backorder_time_limit: str = "P14D"
    shipment_time_limit: str = "P3D"
    delivery_time_limit: str = "P10D"
    refund_time_limit: str = "P3D"
    gateway_answer_limit: str = "PT1H"
    return_time_limit: str = "P30D"
    return_reminder_window: str = "P5D"
    inspection_time_limit: str = "P2D"
    return_process: str = "order-return"
    return_policy: str = "return-policy"
    """Keys of the process that carries out a return, and of the table that says what may come back."""
    reasons: tuple[OfferedReason, ...] = DEFAULT_REASONS
    time_zone: str = "UTC"
    """Whose days count for customers, by its IANA name."""
    requests_per_second: int = DEFAULT_REQUESTS_PER_SECOND
    """What an API key of the collection may make that has no rate of its own."""

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "CollectionProperties":
        """Raises CollectionPropertyInvalid, also for a value of the wrong type, because `stored` comes from JSON."""
        unknown = set(stored) - {f.name for f in fields(cls)}
        if unknown:
            raise CollectionPropertyInvalid(f"Unknown property {min(unknown)!r}.")
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in stored.items()}
        values |= {"reasons": _reasons(stored["reasons"])} if "reasons" in stored else {}
        properties = cls(**values)
        properties._check_durations()
        properties._check_offers()
        properties._check_numbers()
        properties._check_time_zone()
        properties._check_keys()
        properties._check_rate()
        if not _is_whole(properties.tolerance) or not 0 <= properties.tolerance <= MAX_TOLERANCE:
            raise CollectionPropertyInvalid(
                f"tolerance must be a whole number of minor units, 0 to {MAX_TOLERANCE}: it is for rounding alone."
            )
        return properties

    def _check_durations(self) -> None:
        for name, value in self.durations().items():
            if not isinstance(value, str) or not DURATION.fullmatch(value):
                raise CollectionPropertyInvalid(
                    f"{name} must be an ISO 8601 duration like PT30M, P1DT12H or P2W, not {value!r}."
                )

    def _check_offers(self) -> None:
        """A collection may offer only what the service supports."""
        for name, supported in _supported().items():
            offered = getattr(self, name)
            if not isinstance(offered, tuple) or not offered or any(word not in supported for word in offered):
                raise CollectionPropertyInvalid(f"{name} must list one or more of {', '.join(supported)}.")

    def _check_numbers(self) -> None:
        length, alphabet = self.order_number_length, self.order_number_alphabet
        if not isinstance(alphabet, str) or not re.fullmatch("[0-9A-Za-z]+", alphabet):
            raise CollectionPropertyInvalid("order_number_alphabet must be ASCII letters and digits.")
        different = len(set(alphabet))
        if different < len(alphabet):
            raise CollectionPropertyInvalid("order_number_alphabet must not repeat a character.")
        if not _is_whole(length) or not 4 <= length <= 40 or different < 10:
            raise CollectionPropertyInvalid("Order numbers need 4 to 40 characters out of at least 10 different ones.")

    def _check_keys(self) -> None:
        for name in ("return_process", "return_policy"):
            key = getattr(self, name)
            if not isinstance(key, str) or not KEY.fullmatch(key):
                raise CollectionPropertyInvalid(f"{name} must be the key of a model, like order-return, not {key!r}.")

    def _check_rate(self) -> None:
        if not _is_whole(self.requests_per_second) or not 1 <= self.requests_per_second <= MAX_RATE:
            raise CollectionPropertyInvalid(f"requests_per_second must be a whole number from 1 to {MAX_RATE}.")

    def _check_time_zone(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
            message = f"time_zone must be a name like Europe/Berlin, not {self.time_zone!r}."
            raise CollectionPropertyInvalid(message) from None

    def durations(self) -> dict[str, str]:
        """The time limits of the flow by the name of their process variable."""
        names = (each.name for each in fields(self) if each.name.endswith(("_limit", "_window")))
        return {name: getattr(self, name) for name in names}


def _supported() -> dict[str, tuple[str, ...]]:
    return {"fulfillment_types": FULFILLMENT_TYPES, "tender_types": tender_types.supported_types()}


def _reasons(stored: Any) -> tuple[OfferedReason, ...]:
    try:
        return parse_reasons(stored)
    except ValueError as error:
        raise CollectionPropertyInvalid(str(error)) from None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
