"""Tokens for staff."""

from flask import request
from flask_smorest import Blueprint
from marshmallow.fields import Integer, String

from order_api.access import document
from order_api.access.authenticate import issue_token
from order_api.core.content import load, read_body
from order_api.core.fields import DescribedSchema, StrictSchema, Text

MAX_BODY = 10_000
MEANINGS = document.MEANINGS | {413: "The body is larger than 10 kB."}

blueprint = Blueprint("access", __name__, url_prefix="/v1", description="Get a token for a member of staff.")


@blueprint.before_request
def limit_body() -> None:
    """Anonymous callers reach this route, so it accepts no more than the longest name and password need."""
    request.max_content_length = MAX_BODY


class TokenBody(StrictSchema):
    username = Text(required=True)
    """User name of the person."""
    password = Text(required=True)
    """Password of the person."""


class TokenAnswer(DescribedSchema):
    access_token = String()
    """Send it as `Authorization: Bearer …`."""
    token_type = String()
    """Always `Bearer`."""
    expires_in = Integer()
    """Seconds until the token expires."""


@blueprint.route("/tokens", methods=["POST"])
@document.problems(blueprint, (400, 401, 413, 415, 422, 429, 503), MEANINGS)
@document.content(blueprint, TokenBody)
@blueprint.response(201, TokenAnswer)
@blueprint.doc(security=[])
def issue() -> tuple[dict[str, object], dict[str, str]]:
    """Get a token for a member of staff"""
    body = load(TokenBody, read_body())
    return issue_token(body["username"], body["password"], request.remote_addr or ""), {"Cache-Control": "no-store"}
