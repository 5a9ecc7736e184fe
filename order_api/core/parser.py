"""Reads bodies and queries so that nothing is overlooked: only JSON is a body, an unknown filter is an error, and so is
one that is sent twice."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import marshmallow as ma
from flask import Request, request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from order_api.core.text_check import JsonUnreadable, read_json


class StrictParser(FlaskParser):
    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - declared so by webargs
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
    }

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        if req.mimetype != "application/json":
            raise UnsupportedMediaType("Send the body as application/json.")
        if not req.get_data():
            raise JsonUnreadable("The body is empty; send at least {}.")
        return read_json()

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        query = super().load_querystring(req, schema)
        sent = (name for name, values in req.args.lists() if len(values) > 1)
        if twice := {name: ["Send it once; which one is meant?"] for name in sent if name not in query.multiple_keys}:
            raise ma.ValidationError(twice)
        return query


class StrictBlueprint(Blueprint):
    ARGUMENTS_PARSER = StrictParser()


def without_query(view: Callable[..., Any]) -> Callable[..., Any]:
    """For a route that has no filters: one who sends some expects them to count."""

    @wraps(view)
    def checked(*content: Any, **path: Any) -> Any:
        StrictBlueprint.ARGUMENTS_PARSER.parse(ma.Schema(), request, location="query")
        return view(*content, **path)

    return checked
