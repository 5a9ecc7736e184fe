"""Checks an order except its amounts: unknown, missing or repeated ids, and what its collection does not offer."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from order_api.core import money
from order_api.core.keys import compared
from order_api.placement.errors import OrderContentInvalid
from order_api.stores.offers import refuse_unoffered_fulfillment_type, refuse_unoffered_tender
from order_api.stores.properties import CollectionProperties
from order_api.words import FulfillmentType

Json = dict[str, Any]
Finding = dict[str, Any]


NEEDED = {
    FulfillmentType.SHIP_TO_HOME: "address",
    FulfillmentType.SHIP_TO_STORE: "store",
    FulfillmentType.STORE_PICKUP: "store",
}
"""The field that a ship group of this fulfillment type must have."""


def check_content(body: Json, properties: CollectionProperties) -> None:
    findings = [*_currency(body), *_repeated_ids(body), *_ship_groups(body), *_items(body), *_without_items(body)]
    if findings:
        raise OrderContentInvalid(f"{findings[0]['field']}: {findings[0]['message']}", errors=findings)
    for index, group in enumerate(body["ship_groups"]):
        field = f"ship_groups.{index}.fulfillment_type"
        refuse_unoffered_fulfillment_type(properties, group["fulfillment_type"], field)
    for index, tender in enumerate(body["tenders"]):
        refuse_unoffered_tender(properties, tender["type"], f"tenders.{index}.type")


def _finding(field: str, code: str, message: str, sent: Any = None) -> Finding:
    return {"field": field, "code": code, "message": message, "sent": sent}


def _currency(body: Json) -> Iterator[Finding]:
    if money.exponent_of(body["currency"]) is None:
        yield _finding("currency", "unknown_currency", "Send the ISO 4217 code of a currency.", body["currency"])


def _repeated_ids(body: Json) -> Iterator[Finding]:
    for name, own_name in (("ship_groups", "id"), ("items", "line_id")):
        counts = Counter(compared(part[own_name]) for part in body[name])
        for index, part in enumerate(body[name]):
            if counts[compared(part[own_name])] > 1:
                message = f"Each {own_name} must be unique in the order."
                yield _finding(f"{name}.{index}.{own_name}", f"repeated_{own_name}", message, part[own_name])


def _ship_groups(body: Json) -> Iterator[Finding]:
    for index, group in enumerate(body["ship_groups"]):
        missing = NEEDED.get(group["fulfillment_type"])
        if missing and missing not in group:
            message = f"{group['fulfillment_type']} needs {missing}."
            yield _finding(f"ship_groups.{index}.{missing}", f"{missing}_missing", message)


def _items(body: Json) -> Iterator[Finding]:
    groups = {compared(group["id"]) for group in body["ship_groups"]}
    for index, item in enumerate(body["items"]):
        if item["ship_group"] not in groups:
            message = "No ship group has this id."
            yield _finding(f"items.{index}.ship_group", "unknown_ship_group", message, item["ship_group"])


def _without_items(body: Json) -> Iterator[Finding]:
    """A group without items never ships, so its charges would be authorized but never captured."""
    named = {item["ship_group"] for item in body["items"]}
    for index, group in enumerate(body["ship_groups"]):
        if compared(group["id"]) not in named:
            message = "No item names this ship group."
            yield _finding(f"ship_groups.{index}.id", "ship_group_without_items", message, group["id"])
