"""The bank's server: the simulated card network behind HTTP, in a database of its own.

DATABASE_URL=… gunicorn tests.bank.server:app
"""

from functools import cache
from uuid import UUID

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from order_api.core import database
from order_api.core.errors import OutsideSystemUnavailable
from order_api.integrations.payment.models import SimulatedPayment
from order_api.integrations.payment.port import GatewayReply, PaymentRequest
from order_api.integrations.payment.simulator import PaymentSimulator

app = Flask(__name__)
network = PaymentSimulator()
books = SimulatedPayment.metadata.tables[SimulatedPayment.__tablename__]


@cache
def open_books() -> None:
    """Once: at the first request, because the bank may start before its database."""
    books.create(database.engine(), checkfirst=True)


@app.get("/healthz")
def healthz() -> ResponseReturnValue:
    return "", 204


@app.post("/requests/<kind>")
def carry_out(kind: str) -> ResponseReturnValue:
    """`on` is the card's token, or the reference of the request that this one draws on."""
    open_books()
    sent = request.get_json()
    asked = PaymentRequest(UUID(sent["key"]), sent["amount"], sent["currency"], sent["order_number"])
    do = {
        "authorize": network.authorize,
        "capture": network.capture,
        "void": network.void,
        "refund": network.refund,
    }[kind]
    try:
        return _written(do(asked, sent["on"]))
    except OutsideSystemUnavailable:
        return "", 504


@app.get("/requests/<uuid:key>")
def find(key: UUID) -> ResponseReturnValue:
    open_books()
    found = network.find(key)
    return ("", 404) if found is None else _written(found)


def _written(reply: GatewayReply) -> ResponseReturnValue:
    expected_by = reply.expected_by and reply.expected_by.isoformat()
    return jsonify({**vars(reply), "expected_by": expected_by})
