"""All pages of the console; importing a page registers its address."""

from typing import Any

from flask import Flask, redirect, url_for

from order_api.console import (
    cancel,
    cancel_units,
    error_codes,
    login,
    note,
    order,
    orders,
    process,
    receive,
    refund,
    return_goods,
    return_page,
    returns,
    site,
)

__all__ = [
    "cancel",
    "cancel_units",
    "login",
    "note",
    "order",
    "orders",
    "process",
    "receive",
    "refund",
    "register",
    "return_goods",
    "return_page",
    "returns",
]


@site.blueprint.get("/")
def home() -> Any:
    return redirect(url_for("console.orders"))


def register(app: Flask) -> None:
    site.prepare(app)
    app.register_blueprint(error_codes.blueprint)
