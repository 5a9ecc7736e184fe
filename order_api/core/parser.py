"""Reads bodies and queries so that nothing is overlooked: only JSON is a body, and an unknown filter is an error."""

from typing import Any

import marshmallow as ma
from flask import Request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from order_api.core.text_check import JsonUnreadable


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
        return super().load_json(req, schema)


class StrictBlueprint(Blueprint):
    ARGUMENTS_PARSER = StrictParser()
