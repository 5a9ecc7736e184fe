"""Refuses what a collection does not offer, wherever a channel or customer sends it."""

from collections.abc import Sequence
from typing import Any

from order_api.core.errors import NotProcessable
from order_api.stores.properties import CollectionProperties


class FulfillmentTypeNotOffered(NotProcessable):
    """The collection does not offer this fulfillment type. `expected` lists those it offers."""


class TenderNotOffered(NotProcessable):
    """The collection does not take this means of payment. `expected` lists those it takes."""


def refuse_unoffered_fulfillment_type(properties: CollectionProperties, sent: str, field: str) -> None:
    if sent not in properties.fulfillment_types:
        errors = _expected(field, sent, properties.fulfillment_types)
        raise FulfillmentTypeNotOffered(f"{sent} is not offered here.", errors=errors)


def refuse_unoffered_tender(properties: CollectionProperties, sent: str, field: str) -> None:
    if sent not in properties.tender_types:
        raise TenderNotOffered(f"{sent} is not taken here.", errors=_expected(field, sent, properties.tender_types))


def _expected(field: str, sent: str, offered: Sequence[str]) -> list[dict[str, Any]]:
    return [{"field": field, "sent": sent, "expected": list(offered)}]
