"""Tokens for staff."""

from typing import Any

import marshmallow as ma
from marshmallow.fields import Integer, String

from order_api.access.authenticate import issue_token
from order_api.access.route import MEANINGS
from order_api.core.fields import StrictSchema, Text
from order_api.core.parser import StrictBlueprint, without_query
from order_api.core.problem import CONTENT_TYPE, Problem

blueprint = StrictBlueprint("access", __name__, url_prefix="/v1", description="Credentials.")


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
            status, schema=Problem, content_type=CONTENT_TYPE, description=MEANINGS[status]
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
