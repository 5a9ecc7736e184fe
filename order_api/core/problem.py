"""Answers errors as `application/problem+json` (RFC 9457): a stable code, the field and the expected value."""

import json
from typing import Any

import marshmallow as ma
import structlog
from flask import Flask, Response, g
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from order_api.core.errors import ServiceError

CONTENT_TYPE = "application/problem+json"
log = structlog.get_logger()

CODES = {
    400: "bad_request",
    401: "not_authenticated",
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
    415: "unsupported_media_type",
}


class ProblemField(ma.Schema):
    field = ma.fields.String(metadata={"description": "Path of the field, for example `items.0.taxes.1.amount`."})
    code = ma.fields.String()
    message = ma.fields.String()
    sent = ma.fields.Raw(metadata={"description": "What was sent."})
    expected = ma.fields.Raw(metadata={"description": "What would be right."})


class Problem(ma.Schema):
    """RFC 9457 problem details."""

    type = ma.fields.String(metadata={"example": "about:blank"})
    title = ma.fields.String()
    status = ma.fields.Integer()
    code = ma.fields.String(metadata={"description": "Stable, made for programs."})
    detail = ma.fields.String()
    request_id = ma.fields.String()
    errors = ma.fields.List(ma.fields.Nested(ProblemField))


def answer(status: int, code: str, title: str, detail: str, **extra: Any) -> Response:
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    body |= {"request_id": g.get("request_id", "")} | {name: value for name, value in extra.items() if value != []}
    return Response(json.dumps(body, default=str), status=status, content_type=CONTENT_TYPE)


def of_service_error(error: ServiceError) -> Response:
    response = answer(error.status, error.code, error.title, error.detail, errors=error.errors, **error.extra)
    response.headers.extend(error.headers)
    return response


def of_http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    response = answer(status, CODES.get(status, "internal_error"), error.name, error.description or "")
    if status == 405:
        response.headers["Allow"] = ", ".join(error.valid_methods or [])  # type: ignore[attr-defined]
    return response


def of_database_error(error: Exception) -> Response:
    log.error("database_unavailable", error=type(error).__name__)
    response = answer(
        503, "database_unavailable", "The service cannot store anything now.", "Repeat the request later."
    )
    response.headers["Retry-After"] = "5"
    return response


def of_bug(error: Exception) -> Response:
    log.exception("internal_error")
    return answer(500, "internal_error", "Something is wrong on our side.", "Tell us the request_id.")


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
