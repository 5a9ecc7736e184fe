"""The headers by which browsers treat our answers as what they are, and show them in no page of others."""

from flask import Flask, Response, request

from order_api.core.settings import settings

NOTHING = "default-src 'none'; frame-ancestors 'none'"
SWAGGER_UI = (
    # Its page starts itself with an inline script, and its code writes styles. Nothing that callers sent is on it.
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DOCS = "/docs"
A_YEAR = 31_536_000


def protect(app: Flask) -> None:
    """A page that needs more than data do sets its own policy."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        policy = SWAGGER_UI if request.path == DOCS else NOTHING
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers["X-Content-Type-Options"] = "nosniff"
        if settings().is_production:
            response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
        return response
