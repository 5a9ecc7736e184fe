"""The codes of all refusals, each with one title and one explanation; docs/errors.md and /docs/errors list them."""

from collections.abc import Iterator
from dataclasses import dataclass

from werkzeug.exceptions import HTTPException

from order_api.core.errors import ServiceError, code_of

PAGE = "/docs/errors"
SPELLED = {"json": "JSON"}
NEVER_ANSWERED = 502
"""Refusals of other systems: they end up in the flow, the outbox or a terminal, never in an answer of the API."""
ELSEWHERE = ("order_api.cli.", "order_api.camunda.", "order_api.console.", "order_api.settlement.")
"""People see the refusals of these packages through commands, pages or the flow, without the code."""


@dataclass(frozen=True)
class ErrorCode:
    code: str
    status: int
    meaning: str
    """What is wrong, and what the caller can do."""

    @property
    def title(self) -> str:
        return title_of(self.code)


HTTP_ERRORS = (
    ErrorCode("bad_request", 400, "The request is not valid HTTP. `detail` says what is wrong."),
    ErrorCode("not_found", 404, "The service has no such address. `/docs` lists all addresses."),
    ErrorCode(
        "method_not_allowed", 405, "The address exists, but not for this method. The header `Allow` names its methods."
    ),
    ErrorCode("request_incomplete", 408, "The request did not come in time. Send all of it within 30 seconds."),
    ErrorCode("request_too_large", 413, "The body is larger than 1 MB, or than 10 kB for a token. Send less."),
    ErrorCode("unsupported_media_type", 415, "Send the body as `application/json`, in UTF-8 and not compressed."),
    ErrorCode("address_too_long", 414, "The address with its query is longer than 4 kB. Send fewer filters."),
    ErrorCode("headers_too_large", 431, "The headers are larger than 8 kB each or 32 kB together. Send less."),
    ErrorCode("internal_error", 500, "The service failed. Nothing was stored. Tell its operators the `request_id`."),
    ErrorCode(
        "database_unavailable",
        503,
        "The database does not answer. Nothing was stored. Repeat the request after `Retry-After` seconds.",
    ),
)
HTTP_CODES = {entry.status: entry.code for entry in HTTP_ERRORS if entry.status < 500}

FIELD_CODES = {
    "invalid": "The field is missing, unknown, or of the wrong form. `message` says what to send.",
    "card_number": "A text holds what looks like the number of a payment card. Leave it out.",
    "negative": "The number must not be negative.",
    "not_a_number": "The text is not a decimal number.",
    "too_large": "The number has too many digits before the point.",
    "too_many_decimals": "The number has more decimals than its currency or field allows. Amounts are never rounded.",
    "total_differs": "A total is not the sum of its parts.",
    "tax_differs": "A tax is not what its rate gives on the amount after discounts, rounded half up.",
    "tenders_differ": "The tenders together do not pay the grand total.",
    "discount_exceeds_amount": "A discount is larger than what it reduces.",
    "share_differs": "A share of an order discount differs from the proportional split.",
    "shares_do_not_add_up": "The shares of an order discount do not add up to it.",
    "line_not_eligible": "A share goes to a line that the discount does not apply to.",
    "duplicate_charge_type": "The same type of charge appears twice in one place.",
    "unknown_line": "No item has this `line_id`.",
    "repeated_line": "The same `line_id` appears twice.",
    "repeated_line_id": "Two items have the same `line_id`.",
    "repeated_id": "Two ship groups have the same `id`.",
    "unknown_ship_group": "No ship group has this `id`.",
    "ship_group_without_items": "No item names this ship group.",
    "address_missing": "The group's fulfillment type needs an address.",
    "store_missing": "The group's fulfillment type needs a store.",
    "unknown_currency": "The text is not the ISO 4217 code of a currency.",
}


def error_codes() -> list[ErrorCode]:
    """All codes that the loaded parts of the service can answer with, sorted by status and code."""
    codes = [*HTTP_ERRORS, *(_code_of(refusal) for refusal in _refusals(ServiceError))]
    return sorted(
        {entry for entry in codes if entry.status != NEVER_ANSWERED}, key=lambda entry: (entry.status, entry.code)
    )


def title_of(code: str) -> str:
    """`order_not_found` → `Order not found.`"""
    first, *rest = (SPELLED.get(word, word) for word in code.split("_"))
    return " ".join([first[0].upper() + first[1:], *rest]) + "."


def http_code(error: HTTPException) -> str:
    """The code of an error of HTTP itself, such as an unknown address."""
    return code_of_status(error.code or 500)


def code_of_status(status: int) -> str:
    return HTTP_CODES.get(status, "bad_request" if status < 500 else "internal_error")


def _code_of(refusal: type[ServiceError]) -> ErrorCode:
    return ErrorCode(code_of(refusal), refusal.status, " ".join((refusal.__doc__ or "").split()))


def _refusals(parent: type[ServiceError]) -> Iterator[type[ServiceError]]:
    """The classes without subclasses; the others only group them."""
    for refusal in parent.__subclasses__():
        if below := list(_refusals(refusal)):
            yield from below
        elif refusal.__module__.startswith("order_api.") and not refusal.__module__.startswith(ELSEWHERE):
            yield refusal
