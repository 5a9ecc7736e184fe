"""Tries every act that the options of an order name, to compare what they promise with what the acts answer."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from order_api.refunds.models import Destination
from tests.factories.orders import Json
from tests.factories.refunds import Refunds
from tests.fixtures.service import Client

CANCEL, REFUND = "cancellations", "refunds"


class Tried(NamedTuple):
    """What the options promise of an act, and how its preview answers. An act that would do nothing is not possible."""

    what: str
    promised: bool
    status: int
    does_something: bool


class Mismatch(NamedTuple):
    what: str
    promised: bool
    status: int


def options(client: Client, order_id: object) -> Json:
    answer = client.get(f"/v1/orders/{order_id}/options")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def by_name(part: Json) -> dict[str, Json]:
    return {option["act"]: option for option in part["options"]}


def why_not(part: Json, act: str) -> str | None:
    reason: str | None = by_name(part)[act]["why_not"]
    return reason


def tried(refunds: Refunds) -> list[Tried]:
    """Every act by its preview; canceling the order, which has none, is done at last."""
    shown = options(refunds.client, refunds.money.id)
    return [*_previews(refunds, shown), _cancel_order(refunds, shown)]


def mismatches(found: list[Tried]) -> list[Mismatch]:
    """Where the options promise something else than happens: what is possible is done, and the rest is refused with
    409, or was done before."""
    agree = [each.promised == (each.status < 300 and each.does_something) for each in found]
    wrong = [each for each, fits in zip(found, agree, strict=True) if not fits or each.status not in (200, 202, 409)]
    return [Mismatch(each.what, each.promised, each.status) for each in wrong]


def _previews(refunds: Refunds, shown: Json) -> Iterator[Tried]:
    yield from _refund(refunds, by_name(shown)["reduce_order"], {"price_reductions": [_amount(shown)]})
    yield from _refund(refunds, by_name(shown)["refund_excess"], {"excess": True})
    for line in shown["lines"]:
        reduction = {"line_id": line["line_id"], **_amount(line)}
        yield from _refund(refunds, by_name(line)["price_reduction"], {"price_reductions": [reduction]})
        yield from _taxes(refunds, line)
        for units in line["units"]:
            numbers = list(range(units["first_unit"], units["first_unit"] + units["quantity"]))
            named = {"line_id": line["line_id"], "units": numbers}
            yield _cancel(refunds, by_name(units)["cancel"], named)
            yield from _refund(refunds, by_name(units)["refund_units"], {"items": [{**named, "goods": "broken"}]})
    for charge in shown["charges"]:
        yield from _refund(refunds, by_name(charge)["refund_charge"], {"charges": [{"charge_id": charge["charge_id"]}]})
        yield from _taxes(refunds, charge)


def _taxes(refunds: Refunds, bearer: Json) -> Iterator[Tried]:
    for tax in bearer["taxes"]:
        yield from _refund(refunds, by_name(tax)["refund_tax"], {"taxes": [{"tax_id": tax["tax_id"]}]})


def _amount(part: Json) -> Json:
    """All that remains; where nothing does, the smallest amount."""
    return {"amount": part["remaining"] if part["remaining"] != "0.00" else "0.01"}


def _refund(refunds: Refunds, option: Json, body: Json) -> Iterator[Tried]:
    for destination in Destination:
        answer = refunds.preview(**body, destination=destination)
        promised = option["possible"] and destination in option["destinations"]
        yield Tried(f"{option['act']} {body} {destination}", promised, answer.status_code, does_something=True)


def _cancel(refunds: Refunds, option: Json, named: Json) -> Tried:
    answer = _post(refunds, f"{CANCEL}/preview", items=[named])
    does = bool(answer.get_json().get("canceled") or answer.get_json().get("asked_back"))
    return Tried(f"{option['act']} {named}", option["possible"], answer.status_code, does)


def _cancel_order(refunds: Refunds, shown: Json) -> Tried:
    option = by_name(shown)["cancel_order"]
    answer = _post(refunds, CANCEL, reason="changed_mind")
    does = refunds.order()["version"] > shown["version"]
    return Tried(option["act"], option["possible"], answer.status_code, does)


def _post(refunds: Refunds, path: str, **body: Any) -> Any:
    return refunds.client.post(f"/v1/orders/{refunds.money.id}/{path}", body)
