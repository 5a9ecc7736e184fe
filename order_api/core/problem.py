"""Answers errors as `application/problem+json` (RFC 9457): a stable code, the field and the expected value."""

import json
from typing import Any

import marshmallow as ma
import structlog
from flask import Flask, Response, g
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from order_api.core.error_codes import PAGE, http_code, title_of
from order_api.core.errors import ServiceError
from order_api.core.fields import DescribedSchema

CONTENT_TYPE = "application/problem+json"
OUR_FAULT = "The service failed. Tell its operators the request_id."
MAX_ERRORS = 50
"""The most wrong fields that one answer lists. More than this usually share a cause."""
log = structlog.get_logger()


class ProblemField(DescribedSchema):
    field = ma.fields.String()
    """Path of the field, for example `items.0.taxes.1.amount`."""
    code = ma.fields.String()
    """Stable code of what is wrong with the field."""
    message = ma.fields.String()
    """What is wrong with the field and what would be right."""
    sent = ma.fields.Raw(allow_none=True)
    """What was sent."""
    expected = ma.fields.Raw(allow_none=True)
    """What would be right."""


class LineOfProblem(DescribedSchema):
    line_id = ma.fields.String()
    """The line."""
    remaining = ma.fields.String()
    """How much can still be given back of it."""
    cancelable = ma.fields.Integer()
    """How many of its units can still be canceled."""


class Problem(DescribedSchema):
    """RFC 9457 problem details."""

    type = ma.fields.String(metadata={"example": "/docs/errors#order_does_not_add_up"})
    """Address of the page that explains the code."""
    title = ma.fields.String()
    """The code in words, always the same for one code."""
    status = ma.fields.Integer()
    """The HTTP status."""
    code = ma.fields.String()
    """Stable code, for programs."""
    detail = ma.fields.String()
    """What is wrong with this request and what would be right."""
    request_id = ma.fields.String()
    """Id of the request in the logs of the service."""
    errors = ma.fields.List(ma.fields.Nested(ProblemField), validate=ma.validate.Length(max=MAX_ERRORS))
    """The fields that are wrong, at most 50."""
    more_errors = ma.fields.Integer()
    """How many more fields are wrong."""
    location = ma.fields.String()
    """Address of the order that the same `external_id` has placed before."""
    version = ma.fields.Integer()
    """The present version of the order."""
    line_id = ma.fields.String()
    """The line that does not have what was asked for."""
    charge_id = ma.fields.String()
    """The charge that does not have what was asked for."""
    number = ma.fields.String()
    """The refund that waits."""
    state = ma.fields.String()
    """The present state of the refund or return."""
    waiting = ma.fields.Integer()
    """How many units wait for a verdict."""
    cancelable = ma.fields.Integer()
    """How many units of the line can still be canceled."""
    shippable = ma.fields.Integer()
    """How many units of the line can still be shipped."""
    free_units = ma.fields.Integer()
    """How many units of the line can still be given back."""
    remaining = ma.fields.String()
    """How much can still be given back of what was asked for."""
    remaining_of_order = ma.fields.String()
    """How much of the order can still be given back."""
    lines = ma.fields.List(ma.fields.Nested(LineOfProblem))
    """What each line has left."""


def content(status: int, code: str, detail: str, request_id: str, **extra: Any) -> dict[str, Any]:
    body = {"type": f"{PAGE}#{code}", "title": title_of(code), "status": status, "code": code, "detail": detail}
    return body | {"request_id": request_id} | {name: value for name, value in extra.items() if value != []}


def answer(status: int, code: str, detail: str, **extra: Any) -> Response:
    body = content(status, code, detail, g.get("request_id", ""), **extra)
    return Response(json.dumps(body, default=str), status=status, content_type=CONTENT_TYPE)


def of_service_error(error: ServiceError) -> Response:
    more = {"more_errors": len(error.errors) - MAX_ERRORS} if len(error.errors) > MAX_ERRORS else {}
    response = answer(error.status, error.code, error.detail, errors=error.errors[:MAX_ERRORS], **more, **error.extra)
    response.headers.extend(error.headers)
    return response


def of_http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    response = answer(status, http_code(error), error.description or "")
    if status == 413:
        response.headers["Connection"] = "close"
    if status == 405:
        response.headers["Allow"] = ", ".join(error.valid_methods or [])  # type: ignore[attr-defined]
    return response


def of_database_error(error: Exception) -> Response:
    log.error("database_unavailable", error=type(error).__name__)
    response = answer(
        503, "database_unavailable", "The database does not answer. Nothing was stored; repeat the request later."
    )
    response.headers["Retry-After"] = "5"
    return response


def of_bug(error: Exception) -> Response:
    log.exception("internal_error")
    return answer(500, "internal_error", OUR_FAULT)


def register(app: Flask) -> None:
    for kind in (HTTPException, Exception):
        app.register_error_handler(kind, of)


def of(error: Exception) -> Response:
    """Turns any error into the answer for the caller."""
    if isinstance(error, ServiceError):
        return of_service_error(error)
    if isinstance(error, HTTPException):
        return of_http_error(error)
    if isinstance(error, OperationalError | PoolTimeout) or _is_connection_lost(error):
        return of_database_error(error)
    return of_bug(error)


def _is_connection_lost(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated
