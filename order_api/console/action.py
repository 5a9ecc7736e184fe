"""A page's action: a posted form. `edge.carry_out` checks it like an API request, and its view carries it out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, flash, request, url_for
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from order_api.access.actor import Actor, Permission
from order_api.access.edge import Requirements, VersionCheck, carry_out
from order_api.access.idempotency import RequestStillRunning
from order_api.access.incoming import IncomingRequest
from order_api.console.form import Form
from order_api.console.site import blueprint
from order_api.console.visitor import visitor
from order_api.core.database import transaction
from order_api.core.errors import BusinessRuleViolated, NotProcessable, ServiceError, VersionOutdated
from order_api.orders.version import require_version
from order_api.overview.read import OrderView

View = Callable[..., Any]
WhyNot = Callable[[OrderView], ServiceError | None]
Content = Callable[[Mapping[str, str]], Mapping[str, Any]]
Render = Callable[..., Response]
"""Gets the order's id and the form, then the other parts of the path by name."""

SHOWN_WITH_THE_FORM = (BusinessRuleViolated, VersionOutdated, NotProcessable)
ORDER_PAGE = "console.order"
SECOND_CLICK_TIMEOUT = 5.0
SECOND_CLICK_INTERVAL = 0.2


@dataclass(frozen=True)
class Action:
    """What an order's page offers. `form_at` is the page that holds the form: `console.order#note`. `why_forbidden` is
    said to people without the permission; if it is None, they do not see the action."""

    label: str
    needs: Permission
    form_at: str
    why_not: WhyNot
    why_forbidden: str | None


@dataclass(frozen=True)
class Offer:
    """An action of the page; `why_not` is the reason why this person or this order does not allow it now.

    `is_on_page` is true if its form is on the order's page and not on one of its own.
    """

    label: str
    address: str
    why_not: str | None
    is_on_page: bool


ACTIONS: dict[str, Action] = {}


def offers(actor: Actor, view: OrderView) -> dict[str, Offer]:
    """By the name of the action. Leaves out actions that the person has no permission for, unless they say why."""
    shown = {name: action for name, action in ACTIONS.items() if action.why_forbidden or actor.may(action.needs)}
    return {name: _offer(actor, action, view) for name, action in shown.items()}


def _offer(actor: Actor, action: Action, view: OrderView) -> Offer:
    endpoint, _, anchor = action.form_at.partition("#")
    address = url_for(endpoint, order_id=view.order.id, _anchor=anchor or None)
    if not actor.may(action.needs):
        return Offer(action.label, address, action.why_forbidden, endpoint == ORDER_PAGE)
    refusal = action.why_not(view)
    return Offer(action.label, address, refusal.detail if refusal else None, endpoint == ORDER_PAGE)


def nothing_forbids(view: OrderView) -> None:
    """No fact of an order forbids the action."""


def action(  # noqa: PLR0913 - all of them are named where an action is declared
    rule: str,
    *,
    label: str | None,
    needs: Permission,
    body: type[ma.Schema],
    form_at: str,
    render: Render,
    lands_at: str = ORDER_PAGE,
    check_version: VersionCheck | None = require_version,
    success_message: str = "Done.",
    content: Content = dict,
    why_not: WhyNot = nothing_forbids,
    why_forbidden: str | None = None,
) -> Callable[[View], View]:
    """The view gets session, actor, order id and the loaded body, then the other parts of the path by name.

    `content` turns the form's fields into the body, `render` shows a refusal with what was typed, and `lands_at` the
    sentence that the view returns, or else `success_message`. The order's page offers the action by its label.
    """
    required = Requirements(needs, body, check_version)

    def decorate(view: View) -> View:
        def post(order_id: UUID, **more: Any) -> Response:
            form, path = Form.sent(view.__name__), {"order_id": order_id, **more}
            try:
                answered = _carry_out(required, view, path, lands_at, form, content(form.typed))
            except SHOWN_WITH_THE_FORM as refusal:
                answered = render(order_id, form.refused(refusal), **more)
                answered.status_code = refusal.status
                return answered
            flash(answered.get_data(as_text=True) or success_message)
            return answered

        blueprint.post(rule, endpoint=view.__name__)(post)
        if label is not None:
            ACTIONS[view.__name__] = Action(label, needs, form_at, why_not, why_forbidden)
        return view

    return decorate


@retry(
    retry=retry_if_exception_type(RequestStillRunning),
    wait=wait_fixed(SECOND_CLICK_INTERVAL),
    stop=stop_after_delay(SECOND_CLICK_TIMEOUT),
    reraise=True,
)
def _carry_out(
    required: Requirements, view: View, path: dict[str, Any], lands_at: str, form: Form, content: Mapping[str, Any]
) -> Response:
    """The second of two clicks waits for the first and gets its answer: the browser shows only the second answer."""
    name, more = f"{request.method} {request.path}", {part: path[part] for part in path if part != "order_id"}
    incoming = IncomingRequest(
        name, {"order_id": path["order_id"]}, lambda: dict(content), f'"{form.version}"', form.key
    )
    with transaction() as session:
        actor = visitor(session)

        def answer(body: dict[str, Any]) -> Response:
            said = view(session, actor, path["order_id"], body, **more)
            # A fresh, plain response, because the idempotency store keeps it: a second click is told the same.
            return Response(said, status=303, headers={"Location": url_for(lands_at, **path)})

        return carry_out(session, actor, required, incoming, answer)
