"""Messages that payment gateways send."""

from flask import Response, request
from flask_smorest import Blueprint

from order_api.access import document
from order_api.core.database import transaction
from order_api.payment_events.receive import read_event, store_event

RULE = "/payment-events/<adapter>"
MAX_BODY = 100_000
MEANINGS = document.MEANINGS | {
    400: "The signature of the message is wrong, or it cannot be read.",
    404: "No payment adapter of this name sends messages.",
    413: "The body is larger than 100 kB.",
}

blueprint = Blueprint("payment_events", __name__, url_prefix="/v1", description="Messages of payment gateways.")


@blueprint.before_request
def limit_body() -> None:
    """Anyone may call this route; only the signature tells a gateway."""
    request.max_content_length = MAX_BODY


@blueprint.route(RULE, methods=["POST"], parameters=document.path_parameters(RULE))
@document.problems(blueprint, (400, 404, 413, 503), MEANINGS)
@blueprint.response(204)
@blueprint.doc(security=[])
def receive(adapter: str) -> Response:
    """Receive a message of a payment gateway

    For gateways, not for channels. The adapter of the tender type checks the signature. The message is stored as it
    came and carried out afterwards; sending it again changes nothing.
    """
    body = request.get_data()
    event = read_event(adapter, dict(request.headers), body)
    if event is not None:
        with transaction() as session:
            store_event(session, adapter, event, body)
    return Response(status=204)
