"""What a collection may decide, with defaults that are right for a shop that sends parcels."""

from dataclasses import asdict, dataclass, fields
from typing import Any

import isodate

from order_api.core.errors import NotProcessable

UNAMBIGUOUS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0/O, 1/I: numbers are read out over the phone."""


class CollectionPropertyInvalid(NotProcessable):
    """A property has a value that a running process would stumble over."""


@dataclass(frozen=True)
class CollectionProperties:
    """Durations are ISO 8601 and become process variables; money tolerance is in minor units."""

    order_number_length: int = 14
    order_number_alphabet: str = UNAMBIGUOUS
    fulfillment_types: tuple[str, ...] = ("ship_to_home",)
    tender_types: tuple[str, ...] = ("card", "invoice")
    tolerance: int = 0
    edit_window: str = "PT30M"
    review_time_limit: str = "P1D"
    payment_time_limit: str = "P3D"
    backorder_time_limit: str = "P14D"
    shipment_time_limit: str = "P3D"
    delivery_time_limit: str = "P10D"

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "CollectionProperties":
        unknown = set(stored) - {f.name for f in fields(cls)}
        if unknown:
            raise CollectionPropertyInvalid(f"Unknown property {min(unknown)!r}.")
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in stored.items()}
        properties = cls(**values)
        properties._check()
        return properties

    def _check(self) -> None:
        for name, value in self.durations().items():
            try:
                isodate.parse_duration(value)
            except (isodate.ISO8601Error, TypeError):
                raise CollectionPropertyInvalid(
                    f"{name} must be an ISO 8601 duration like PT30M, not {value!r}."
                ) from None
        if not 4 <= self.order_number_length <= 40 or len(set(self.order_number_alphabet)) < 10:
            raise CollectionPropertyInvalid("Order numbers need 4 to 40 characters out of at least 10 different ones.")

    def durations(self) -> dict[str, str]:
        """The waiting times of the flow, by the name of their process variable."""
        return {name: value for name, value in asdict(self).items() if name.endswith(("_limit", "_window"))}
