"""The form of a refund: what a person typed, as the body of the request, and which field of the body is which input."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from order_api.refunds.errors import RefundInvalid
from order_api.refunds.models import Destination
from order_api.refunds.wanted import Goods

COLUMNS = ((Goods.BROKEN, "Arrived broken"), (Goods.LOST, "Lost"))
"""Per line an input for each: its name is `broken:` or `lost:` and the line's id."""
CHARGE = "charge:"
"""Begins the name of a charge's checkbox; the charge's id follows."""
PART = "part:"
"""Begins the name of the amount to give back of a charge; the charge's id follows."""
TAX = "tax:"
"""Begins the name of a tax's checkbox; the tax's id follows."""
OFF = "off:"
"""Begins the name of the amount off the price of a line; the line's id follows."""
REDUCTION, EXCESS, NOTE = "reduction", "excess", "note"
REASON, DESTINATION, DIGEST = "reason", "destination", "digest"
COUNT = re.compile("[0-9]{1,6}")
AMOUNT = re.compile(r"[0-9]+(\.[0-9]+)?")
NO_COUNT = "Enter whole numbers of units, such as 2."
NO_AMOUNT = "Enter the amount with digits and a point, such as 6.95."
WHOLE_OR_PART = "Give back the whole charge or a part of it, not both."
TWO_COUNTS = "Some units of a line were lost and others broken: request one refund for each."


class Units(NamedTuple):
    """What was lost or broken, of which line, and how many units of it, as typed."""

    goods: str
    line_id: str
    number: str


def body_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """Raises RefundInvalid for what is no number: it is never guessed."""
    units, reductions, charges = list(_units(typed)), _reductions(typed), _charges(typed)
    _refuse_what_is_no_count(units)
    _refuse_what_is_no_amount("price_reductions", list(reductions.values()))
    _refuse_what_is_no_amount("charges", list(charges.values()))
    _refuse_two_counts_of_a_line(units)
    _refuse_whole_and_part(list(charges.values()))
    body = {
        "items": [{"line_id": line_id, "quantity": int(number), "goods": goods} for goods, line_id, number in units],
        "charges": list(charges.values()),
        "taxes": [{"tax_id": name.removeprefix(TAX)} for name in typed if name.startswith(TAX)],
        "price_reductions": list(reductions.values()),
        "excess": EXCESS in typed,
        "destination": typed.get(DESTINATION, Destination.ORIGINAL),
        **{name: typed.get(name, "").strip() for name in (REASON, NOTE, DIGEST)},
    }
    return {name: value for name, value in body.items() if value}


def places_of(typed: Mapping[str, str]) -> dict[str, str]:
    """By input, the field of the body whose errors belong beside it."""
    units = {f"{goods}:{line_id}": f"items.{at}.quantity" for at, (goods, line_id, _) in enumerate(_units(typed))}
    reductions = {name: f"price_reductions.{at}.amount" for at, name in enumerate(_reductions(typed))}
    charges = {name: f"charges.{at}.amount" for at, name in enumerate(_charges(typed))}
    return units | reductions | charges


def _units(typed: Mapping[str, str]) -> Iterator[Units]:
    for name, text in typed.items():
        goods, _, line_id = name.partition(":")
        number = text.strip()
        if goods in dict(COLUMNS) and number.strip("0"):
            yield Units(goods, line_id, number)


def _reductions(typed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """By input, what goes off the price of the order or of a line."""
    amounts = {name: text.strip() for name, text in typed.items() if name == REDUCTION or name.startswith(OFF)}
    lines = {name: {"line_id": name.removeprefix(OFF)} if name.startswith(OFF) else {} for name in amounts}
    return {name: lines[name] | {"amount": amount} for name, amount in amounts.items() if amount}


def _charges(typed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """By input, what goes back of a charge; without an amount, all that remains."""
    whole = {name: {"charge_id": name.removeprefix(CHARGE)} for name in typed if name.startswith(CHARGE)}
    parts = {name: text.strip() for name, text in typed.items() if name.startswith(PART)}
    return whole | {
        name: {"charge_id": name.removeprefix(PART), "amount": amount} for name, amount in parts.items() if amount
    }


def _refuse_what_is_no_count(units: Sequence[Units]) -> None:
    for position, each in enumerate(units):
        if COUNT.fullmatch(each.number) is None:
            raise _invalid(f"items.{position}.quantity", NO_COUNT)


def _refuse_what_is_no_amount(field: str, parts: Sequence[Mapping[str, str]]) -> None:
    for position, part in enumerate(parts):
        if "amount" in part and AMOUNT.fullmatch(part["amount"]) is None:
            raise _invalid(f"{field}.{position}.amount", NO_AMOUNT)


def _refuse_whole_and_part(charges: Sequence[Mapping[str, str]]) -> None:
    whole = {charge["charge_id"] for charge in charges if "amount" not in charge}
    for position, charge in enumerate(charges):
        if "amount" in charge and charge["charge_id"] in whole:
            raise _invalid(f"charges.{position}.amount", WHOLE_OR_PART)


def _refuse_two_counts_of_a_line(units: Sequence[Units]) -> None:
    lines = [each.line_id for each in units]
    if len(set(lines)) < len(lines):
        raise _invalid("items", TWO_COUNTS)


def _invalid(field: str, message: str) -> RefundInvalid:
    return RefundInvalid(message, errors=[{"field": field, "code": "invalid", "message": message}])
