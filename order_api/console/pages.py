"""All pages of the console; importing them gives them their addresses."""

from typing import Any

from flask import Flask, redirect, url_for

from order_api.console import cancel, login, note, order, orders, process, site

__all__ = ["cancel", "login", "note", "order", "orders", "process", "register"]


@site.blueprint.get("/")
def home() -> Any:
    return redirect(url_for("console.orders"))


def register(app: Flask) -> None:
    site.prepare(app)
