"""The form of a return: what a person typed, as the body of the request, and which field of the body is which input."""

from collections.abc import Mapping
from typing import Any

from order_api.returns.errors import invalid
from order_api.returns.words import ComesBy

UNITS, WHY = "units:", "why:"
"""Per line, the number of units and the reason if it is not that of all; the line's id follows."""
REASON, COMES_BY, LOCATION, COMMENT = "reason", "comes_by", "location", "comment"
ALLOW, WAIVE, SURCHARGE, WHY_OTHERWISE = "allow", "waive_fees", "surcharge", "why_otherwise"
MAX_DIGITS = 6
NO_COUNT = "Enter whole numbers of units, such as 2."


def body_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """Raises ReturnInvalid for what is no number: it is never guessed."""
    items = []
    for at, (line_id, number) in enumerate(_units(typed).items()):
        if not (number.isdecimal() and len(number) <= MAX_DIGITS):
            raise invalid(f"items.{at}.quantity", NO_COUNT)
        reason = typed.get(f"{WHY}{line_id}", "") or typed.get(REASON, "")
        items.append({"line_id": line_id, "quantity": int(number), "reason": reason})
    body: dict[str, Any] = {"items": items, COMES_BY: typed.get(COMES_BY, ComesBy.PARCEL)}
    if override := _override(typed):
        body["override"] = override
    return body | {name: typed[name].strip() for name in (LOCATION, COMMENT) if typed.get(name, "").strip()}


def _override(typed: Mapping[str, str]) -> dict[str, Any]:
    """What a supervisor decides otherwise than the tables."""
    chosen: dict[str, Any] = {name: True for name in (ALLOW, WAIVE) if typed.get(name)}
    chosen |= {SURCHARGE: typed[SURCHARGE].strip()} if typed.get(SURCHARGE, "").strip() else {}
    return chosen | {"reason": typed.get(WHY_OTHERWISE, "").strip()} if chosen else {}


def places_of(typed: Mapping[str, str]) -> dict[str, str]:
    """By input, the field of the body whose errors belong beside it."""
    return {f"{UNITS}{line_id}": f"items.{at}.quantity" for at, line_id in enumerate(_units(typed))}


def _units(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed of each line of which units come back."""
    fields = {name.removeprefix(UNITS): text.strip() for name, text in typed.items() if name.startswith(UNITS)}
    return {line_id: text for line_id, text in fields.items() if text.strip("0")}
