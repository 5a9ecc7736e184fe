"""The known tender types: the builtin ones and those that packages register an adapter for."""

import re

from order_api.core.checks import WORD
from order_api.integrations.adapters import Port, declared, keys
from order_api.words import TenderType


class TenderTypeInvalid(RuntimeError):
    """A package registers a payment adapter under a key that the database would refuse as a tender type."""


def known_types() -> tuple[str, ...]:
    """Every type that an order may name: the builtin ones, then those of packages. Raises TenderTypeInvalid."""
    return tuple(dict.fromkeys([*TenderType, *_registered()]))


def supported_types() -> tuple[str, ...]:
    """The types that have an adapter; a collection may offer these."""
    registered = _registered()
    return tuple(word for word in known_types() if word in registered)


def token_types() -> tuple[str, ...]:
    """The types whose adapters declare that they need a token; these may replace a declined tender."""
    return tuple(word for word in supported_types() if declared(Port.PAYMENT, word, "needs_token", True))


def _registered() -> tuple[str, ...]:
    registered = keys(Port.PAYMENT)
    for word in registered:
        if re.fullmatch(WORD, word) is None:
            raise TenderTypeInvalid(f"The tender type {word!r} in {Port.PAYMENT} must match {WORD}.")
    return registered
