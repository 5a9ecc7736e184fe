"""What the API answers about the acts that are still possible for an order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from order_api.core.answers import FieldDoc, Money, words_of
from order_api.orders.fates import Fate
from order_api.overview.acts import OF_CHARGE, OF_LINE, OF_ORDER, OF_TAX, OF_UNITS
from order_api.refunds.models import Destination

OPEN = "open"
ACTS = tuple(act.name for acts in (OF_ORDER, OF_LINE, OF_UNITS, OF_CHARGE, OF_TAX) for act in acts)


@dataclass
class OptionAnswer:
    """One act, and whether you may do it now."""

    act: Annotated[str, words_of(ACTS)]
    """`cancel`: cancel these units. `refund_units`: give back what these units have left. `price_reduction`: lower the
    price of the line, `reduce_order`: of the whole order. `refund_charge`: give back what remains of the charge,
    `refund_tax`: of the tax alone. `cancel_order`: cancel the whole order. `refund_excess`: give back what was captured
    beyond what is owed."""
    possible: bool
    """Whether the act is possible now, with your permissions."""
    why_not: str | None
    """Why it is not; null if it is."""
    until: datetime | None
    """Until when payment providers pay it back; later, it can only be paid outside. Null without a limit."""
    destinations: list[Annotated[str, words_of(Destination)]]
    """Where a refund can go; empty for other acts, and for one that is not possible."""


@dataclass
class UnitsOptions:
    """Neighboring units of a line for which every answer is the same."""

    first_unit: int
    """Number of the first unit."""
    quantity: int
    """How many units, counted up from the first."""
    fate: Annotated[str, words_of((OPEN, *Fate))]
    """What has become of them; `open` until they ship or are canceled."""
    shipment_id: UUID | None
    """The shipment that they left with first; null for units that have not shipped."""
    remaining: Annotated[str | None, FieldDoc(example="19.70")]
    """What they are still worth, with taxes and the line's own charges; null for units that have not shipped."""
    options: list[OptionAnswer]
    """The acts that concern units."""


@dataclass
class TaxOptions:
    """A tax of a line or charge of which something has shipped."""

    tax_id: UUID
    """Id of the tax, from the order document."""
    remaining: Money
    """What remains of it."""
    options: list[OptionAnswer]
    """The acts that concern the tax."""


@dataclass
class LineOptions:
    line_id: str
    """The channel's name for the line."""
    remaining: Money
    """What its units that have shipped are still worth together."""
    options: list[OptionAnswer]
    """The acts that concern the line as a whole."""
    units: list[UnitsOptions]
    """All its units, lowest first."""
    taxes: list[TaxOptions]
    """The taxes of its units that have shipped, and of its own charges."""


@dataclass
class ChargeOptions:
    """A charge of a ship group or of the order. Charges of a line go with its units."""

    charge_id: UUID
    """Id of the charge, from the order document."""
    charge_type: str
    """Kind of the charge."""
    ship_group: str | None
    """The ship group that it belongs to; null for a charge of the order."""
    remaining: Annotated[str | None, FieldDoc(example="6.48")]
    """What remains of it, with taxes; null if no parcel has left with it."""
    options: list[OptionAnswer]
    """The acts that concern the charge."""
    taxes: list[TaxOptions]
    """Its taxes, once it has shipped."""


@dataclass
class OptionsAnswer:
    order_id: UUID
    """Id of the order."""
    order_number: str
    """Number of the order."""
    version: int
    """Version of the order that these answers are about."""
    currency: Annotated[str, FieldDoc(example="USD")]
    """Currency of all amounts."""
    remaining: Money
    """What all units and charges that have shipped are still worth together."""
    options: list[OptionAnswer]
    """The acts that concern the order as a whole."""
    lines: list[LineOptions]
    """Every line of the order."""
    charges: list[ChargeOptions]
    """Every charge of a ship group or of the order."""
