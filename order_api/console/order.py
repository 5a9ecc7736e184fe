"""One order: everything known of it, refreshed until it is over, and where its process stands."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, url_for

from order_api.camunda.engine import EngineError
from order_api.camunda.names import Process
from order_api.camunda.processes import activity_names
from order_api.console import live
from order_api.console.action import offers
from order_api.console.changes import changes_meanwhile
from order_api.console.form import Form
from order_api.console.history_words import tell
from order_api.console.site import blueprint
from order_api.console.sums import sums_of
from order_api.console.visitor import visitor
from order_api.core import clock
from order_api.core.settings import settings
from order_api.core.snapshot import snapshot
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.overview.compose import document_of
from order_api.overview.read import OrderView
from order_api.progress.processes import bound_instance

REFRESHED_EVERY = 2
ENGINE_PATIENCE = 2.0
ASKED_AGAIN_AFTER = 10
"""Seconds until an engine that did not answer is asked again: a waiting page holds a thread."""

LATEST_EVENTS = 300
LAST_WORDS = timedelta(seconds=30)
"""A closed order may still get a last line of history, such as the mail about it."""


@blueprint.get("/orders/<uuid:order_id>")
def order(order_id: UUID) -> Response:
    return show_order(order_id, Form())


def show_order(order_id: UUID, form: Form) -> Response:
    """`form` is that of a note."""
    with snapshot() as session:
        actor = visitor(session)
        view = OrderView.read(session, actor, order_id)
        events = history.latest(session, order_id, LATEST_EVENTS)
        content: dict[str, Any] = {
            "order": document_of(view),
            "sums": sums_of(view.order, view.transactions),
            "events": tell(events, view.order),
            "older": view.order.history_length - len(events),
            "offers": offers(actor, view.order),
            "changes": changes_meanwhile(session, view.order, form),
            "form": form,
        }
    seconds, address = refreshed_every(view.order), url_for("console.order", order_id=order_id)
    return live.show("console/order.html", "console/order_parts.html", seconds=seconds, address=address, **content)


def refreshed_every(order: Order) -> int | None:
    """Seconds; None for an order of which no more is expected."""
    is_over = order.is_closed and clock.now() - order.updated_at > LAST_WORDS
    return None if is_over else REFRESHED_EVERY


@dataclass(frozen=True)
class Standing:
    """Where the process stands: `state` is not_started, unknown, ended or running with the names of its waits."""

    state: str
    waits: tuple[str, ...] = ()
    instance: str | None = None

    @property
    def cockpit(self) -> str | None:
        """Cockpit shows instances that run."""
        if self.instance is None or self.state == "ended":
            return None
        return f"{settings().cockpit_url}/#/process-instance/{self.instance}"


@blueprint.get("/orders/<uuid:order_id>/process")
def process(order_id: UUID) -> Response:
    """Asked apart from the order, so that an engine that is slow or down holds up nothing else."""
    with snapshot() as session:
        found = repository.get_with(session, visitor(session), order_id)
        instance = bound_instance(session, found.number, Process.ORDER_SUBMIT)
    standing = _ask_engine(instance)
    pause = {"ended": None, "unknown": ASKED_AGAIN_AFTER}.get(standing.state, REFRESHED_EVERY)
    part = "console/process.html"
    return live.show(live.FRAGMENT, part, place="process", seconds=pause, standing=standing)


def _ask_engine(instance: str | None) -> Standing:
    if instance is None:
        return Standing("not_started")
    try:
        waits = activity_names(instance, timeout=ENGINE_PATIENCE)
    except (EngineError, ValueError):
        # ValueError: something answered in the engine's place, and not in JSON.
        return Standing("unknown", instance=instance)
    return Standing("running" if waits else "ended", tuple(waits), instance)
