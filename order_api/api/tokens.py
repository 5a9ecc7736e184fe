"""Tokens for staff."""

from typing import Any

import marshmallow as ma
from flask import request
from marshmallow.fields import Integer, String

from order_api.access.authenticate import issue_token
from order_api.access.route import MEANINGS
from order_api.core.fields import StrictSchema, Text
from order_api.core.parser import StrictBlueprint, without_query
from order_api.core.problem import CONTENT_TYPE, Problem

LARGEST_BODY = 10_000
MEANINGS_HERE = MEANINGS | {413: "Larger than 10 kB."}

blueprint = StrictBlueprint("access", __name__, url_prefix="/v1", description="Credentials.")


@blueprint.before_request
def expect_little() -> None:
    """Anybody may ask: no more is taken in than the longest name and password need."""
    request.max_content_length = LARGEST_BODY


class TokenBody(StrictSchema):
    username = Text(required=True)
    password = Text(required=True)


class TokenAnswer(ma.Schema):
    access_token = String()
    token_type = String()
    expires_in = Integer(metadata={"description": "Seconds."})


def _problems(view: Any) -> Any:
    for status in (400, 401, 413, 415, 422, 503):
        decorate = blueprint.alt_response(
            status, schema=Problem, content_type=CONTENT_TYPE, description=MEANINGS_HERE[status]
        )
        view = decorate(view)
    return view


@blueprint.route("/tokens", methods=["POST"])
@_problems
@without_query
@blueprint.arguments(TokenBody)
@blueprint.response(201, TokenAnswer)
@blueprint.doc(security=[])
def issue(body: dict[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    """Get a token for a member of staff"""
    return issue_token(body["username"], body["password"]), {"Cache-Control": "no-store"}
