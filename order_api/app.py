"""The API and the console as one WSGI application; `order_api.server` tells gunicorn how to run it."""

import time
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, g, redirect, request, send_from_directory
from flask_smorest import Api
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from order_api.api import (
    cancellations,
    health,
    history,
    inventory,
    items,
    notes,
    options,
    orders,
    owed,
    payment_events,
    payments,
    refunds,
    returns,
    shipments,
    tokens,
)
from order_api.console import pages as console
from order_api.core import logs, metrics, problem, protection
from order_api.core.content import MAX_BODY
from order_api.core.settings import settings
from order_api.core.text_check import StrictJson, refuse_unstorable_text
from order_api.core.whole_bodies import with_length

RESOURCES = (
    orders,
    options,
    history,
    notes,
    cancellations,
    payments,
    payment_events,
    refunds,
    returns,
    owed,
    shipments,
    items,
    inventory,
    tokens,
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SWAGGER_UI = Path(str(files("flask_swagger_ui"))) / "dist"
log = structlog.get_logger()


class ProblemApi(Api):
    """flask-smorest with our problem+json instead of its own error format."""

    ERROR_SCHEMA = problem.Problem

    def handle_http_exception(self, error: HTTPException) -> Response:
        return problem.of_http_error(error)


def create_app() -> Flask:
    logs.configure()
    app = Flask(__name__, static_folder=None)
    app.config.update(OPENAPI, SECRET_KEY=settings().secret_key, MAX_CONTENT_LENGTH=MAX_BODY)
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
    app.config.update(SESSION_COOKIE_SECURE=settings().is_production)
    app.json = StrictJson(app)
    problem.register(app)
    _observe(app)
    protection.protect(app)
    app.before_request(refuse_unstorable_text)
    _register_api(app)
    _register_pages(app)
    app.wsgi_app = with_length(_behind_proxies(app.wsgi_app))  # type: ignore[method-assign]
    return app


def _behind_proxies(application: Any) -> Any:
    """Callers' addresses are those that our own proxies have written down; who is slowed down depends on them."""
    count = settings().proxies
    return ProxyFix(application, x_for=count, x_proto=count, x_host=0) if count else application


INTRODUCTION = """
Sales channels place orders here and read what became of them. Warehouses report what they ship and receive.

**Authentication.** Send `Authorization: Bearer` with the API key of a program, or with a token that a member of staff
gets from `POST /v1/tokens`. On this page, use the button *Authorize*. The key of a channel places and sees the orders
of that channel. A key without a channel, such as a warehouse's, sees the orders of its collection.

**Amounts** are decimal strings such as `"56.34"`, in the currency of the order. **Times** have a time zone.

**Repeating a call** is safe with an `Idempotency-Key`: for 30 days, the same key and body get the same answer.

**Errors** are `application/problem+json` with a stable `code`; [all codes](/docs/errors).
"""

OPENAPI: dict[str, Any] = {
    "API_TITLE": "Order service",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/",
    "OPENAPI_JSON_PATH": "openapi.json",
    "OPENAPI_SWAGGER_UI_PATH": "/docs",
    "OPENAPI_SWAGGER_UI_URL": "/docs-files/",
    "API_SPEC_OPTIONS": {
        "info": {"description": INTRODUCTION},
        "security": [{"bearer": []}],
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The API key of a program, or a token from `POST /v1/tokens`.",
                }
            }
        },
    },
}


def _register_api(app: Flask) -> None:
    api = ProblemApi(app)
    for resource in RESOURCES:
        api.register_blueprint(resource.blueprint)


def _register_pages(app: Flask) -> None:
    app.register_blueprint(health.blueprint)
    console.register(app)

    @app.get("/docs-files/<path:name>")
    def docs_files(name: str) -> Response:
        return send_from_directory(SWAGGER_UI, name)

    @app.get("/")
    def home() -> Any:
        return redirect("/console/")


def _observe(app: Flask) -> None:
    """Gives every request an id, one log line and metrics."""

    @app.before_request
    def begin() -> None:
        g.began, g.request_id = time.perf_counter(), request.headers.get("X-Request-ID", "")[:64] or uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        rule = request.url_rule.rule if request.url_rule else "unknown"
        response.headers["X-Request-ID"] = g.get("request_id", "")
        # Clients may send arbitrary methods; unknown ones become `other`, because Prometheus keeps every label.
        method = request.method if request.method in METHODS else "other"
        with metrics.uncounted_if_it_fails():
            metrics.requests_total.labels(method, rule, response.status_code).inc()
            metrics.request_seconds.labels(method, rule).observe(seconds)
        ids = {name: str(value) for name, value in (request.view_args or {}).items()}
        facts = {"method": method, "route": rule, "status": response.status_code, "ms": round(seconds * 1000)}
        log.info("answered", **facts, **ids)
        return response
