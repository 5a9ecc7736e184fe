"""Every answer says how browsers must treat it."""

from dataclasses import replace

import pytest
from flask import Flask

from order_api.core import protection
from order_api.core.settings import settings

PATHS = ["/v1/orders", "/v1/tokens", "/openapi.json", "/docs", "/docs/errors", "/docs-files/swagger-ui.css", "/nowhere"]
PATHS += ["/healthz", "/console/login", "/console/nowhere", "/console/static/console.css"]


@pytest.mark.parametrize("path", PATHS)
def test_no_answer_is_framed_guessed_at_or_runs_what_is_not_ours(app: Flask, path: str) -> None:
    headers = app.test_client().get(path).headers

    policy = dict(part.split(" ", maxsplit=1) for part in headers["Content-Security-Policy"].split("; "))
    assert (headers["X-Content-Type-Options"], policy["frame-ancestors"]) == ("nosniff", "'none'")
    assert policy["default-src"] in ("'none'", "'self'")
    assert ("'unsafe-inline'" in policy.get("script-src", "")) == (path == "/docs")
    assert policy["default-src"] == "'none'" or path.startswith(("/docs", "/console"))


def test_only_in_production_browsers_come_back_by_https(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = app.test_client().get("/healthz").headers
    in_production = replace(settings(), environment="production")
    monkeypatch.setattr(protection, "settings", lambda: in_production)

    assert app.test_client().get("/v1/orders").headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in before
