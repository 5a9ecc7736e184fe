"""The page that the `type` of every problem leads to."""

from flask import Blueprint, Response, render_template

from order_api.console.site import HEADERS
from order_api.core.error_codes import FIELD_CODES, PAGE, error_codes

blueprint = Blueprint("error_codes", __name__)


@blueprint.get(PAGE)
def show_error_codes() -> str:
    return render_template("console/error_codes.html", codes=error_codes(), field_codes=FIELD_CODES)


@blueprint.after_request
def protect(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
