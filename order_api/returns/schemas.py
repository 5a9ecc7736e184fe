from typing import Any

import marshmallow as ma
from marshmallow import validate
from marshmallow.fields import Date, Integer, List, Nested, String

from order_api.core.fields import Amount, Key, Lines, Reference, StrictSchema, Text, Time, TrueOrFalse, strict_integer
from order_api.refunds.schemas import MAX_NAMED_UNITS, MAX_PARTS
from order_api.returns.words import ComesBy, ReturnState, Verdict

JUDGED = tuple(verdict for verdict in Verdict if verdict != Verdict.PENDING)


class OverrideBody(StrictSchema):
    """What a person decides otherwise than the tables. Only supervisors may send it."""

    allow = TrueOrFalse()
    """It may come back, although `return-policy` says no or asks a person."""
    waive_fees = TrueOrFalse()
    """No fee of the table `return-fees` is kept."""
    surcharge = Amount(example="5.00")
    """Kept of what the line gives back, with taxes, once."""
    reason = Text(required=True, maximum=200)
    """Why; the customer reads it."""

    @ma.validates_schema
    def _something(self, data: dict[str, Any], **_: object) -> None:
        if not data.get("allow") and not data.get("waive_fees") and "surcharge" not in data:
            raise ma.ValidationError("Send `allow`, `waive_fees` or `surcharge`.", "allow")


class UnitsToReturnBody(StrictSchema):
    """Units of one line that come back for one reason. Send `quantity` or `units`."""

    line_id = Reference(maximum=50, required=True)
    """The channel's name for the line."""
    quantity = strict_integer(1, 100_000)
    """How many units, the lowest free numbers first."""
    units = List(strict_integer(1, 100_000), validate=validate.Length(min=1, max=MAX_NAMED_UNITS))
    """The numbers of the units. The units of a line are numbered from 1."""
    reason = Key(maximum=40, required=True)
    """Code of the collection's list of reasons, which says whose fault it is."""
    override = Nested(OverrideBody)
    """What a supervisor decides about this line otherwise than the tables."""

    @ma.validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: object) -> None:
        if ("quantity" in data) == ("units" in data):
            raise ma.ValidationError("Send either `quantity` or `units`.", "quantity")
        if len(set(data.get("units", ()))) < len(data.get("units", ())):
            raise ma.ValidationError("Name each unit once.", "units")


class ReturnPreviewBody(StrictSchema):
    """Name a line once. What can come back is what has left and carries no refund or return yet."""

    items = List(Nested(UnitsToReturnBody), required=True, validate=validate.Length(min=1, max=MAX_PARTS))
    """What comes back."""
    comes_by = String(validate=validate.OneOf(tuple(ComesBy)), load_default=ComesBy.PARCEL)
    """`parcel`: a carrier brings it. `store`: the customer hands it over. `here`: it has come already."""
    override = Nested(OverrideBody)
    """What a supervisor decides about all lines that have none of their own."""


class ReturnBody(ReturnPreviewBody):
    location = Reference(maximum=50)
    """Where it is expected: the key of a store of the collection; without it, the warehouse (`main`)."""
    comment = Lines(maximum=500)
    """The customer's own words."""


class ReturnCancelBody(StrictSchema):
    reason = Text(required=True)
    """Why it is canceled. Stored in the history."""


class ReceivedUnitsBody(StrictSchema):
    line_id = Reference(maximum=50, required=True)
    """The channel's name for the line."""
    quantity = strict_integer(1, 100_000, required=True)
    """How many units have arrived."""


class ReturnReceiptBody(StrictSchema):
    """What arrived in one parcel or was handed over at once. More than was announced may arrive, and less."""

    reference = Key(maximum=100, required=True)
    """Your own id of this arrival. It counts once per order and sender."""
    location = Reference(maximum=50)
    """Where the goods are: the key of a store of the collection; without it, the warehouse (`main`)."""
    items = List(Nested(ReceivedUnitsBody), load_default=list, validate=validate.Length(max=MAX_PARTS))
    """Goods of this order."""
    unexpected = Lines(maximum=500)
    """Other goods in the parcel, in words."""

    @ma.validates_schema
    def _something(self, data: dict[str, Any], **_: object) -> None:
        if not data.get("items") and not data.get("unexpected"):
            raise ma.ValidationError("Name what has arrived.", "items")
        lines = [each["line_id"] for each in data.get("items", ())]
        if len(set(lines)) < len(lines):
            raise ma.ValidationError("Name each line once.", "items")


class VerdictBody(StrictSchema):
    line_id = Reference(maximum=50, required=True)
    """The channel's name for the line."""
    quantity = strict_integer(1, 100_000, required=True)
    """How many of its units in this receipt the verdict is about."""
    verdict = String(required=True, validate=validate.OneOf(JUDGED))
    """`resellable`: back into stock. `quarantine`: it may be sold later. `scrap`: it is worth nothing. `sent_back`: it
    goes to the customer, who gets no money for it."""


class VerdictsBody(StrictSchema):
    verdicts = List(Nested(VerdictBody), required=True, validate=validate.Length(min=1, max=MAX_PARTS))
    """Goods that wait for a verdict, or are in quarantine."""


class ScanBody(StrictSchema):
    reference = Key(maximum=100, required=True)
    """Your own id of this scan. It counts once per return and sender."""
    at = Time(required=True)
    """When the carrier scanned the parcel. With time zone."""
    words = Text(maximum=200)
    """What the carrier said."""


class ReturnQuery(StrictSchema):
    state = String(validate=validate.OneOf(tuple(ReturnState)))
    """Only returns in this state."""
    collection = Text()
    """Key of the order collection."""
    order_number = Text()
    """Number of the order, in full."""
    location = Text()
    """Where the goods are expected: `main` or the key of a store."""
    reason = Text()
    """Only returns with a line of this reason."""
    announced_from = Time()
    """Only returns announced at this time or later. With time zone; a plus sign is `%2B`."""
    announced_before = Time()
    """Only returns announced before this time. With time zone; a plus sign is `%2B`."""
    older_than_days = Integer(validate=validate.Range(min=0, max=10_000))
    """Only returns announced at least this many days ago."""
    expected_by = Date()
    """Only returns whose goods may still come, and whose last day is this day or before."""
    refund_due_before = Time()
    """Only returns whose money must have gone back before this time, the first due first. With time zone."""
    limit = Integer(load_default=50, validate=validate.Range(min=1, max=200))
    """Returns per page: newest first, or by `refund_due_by` if you send `refund_due_before`."""
    cursor = Text(maximum=500)
    """The `next_cursor` of the page before."""
