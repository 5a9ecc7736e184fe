"""Cancel some units of an order: all or nothing, at once if they are here; nothing else moves."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from order_api.core.database import transaction
from tests.factories.money import Money
from tests.factories.orders import Json, charge, line, tax
from tests.factories.three_lines import ThreeLines
from tests.fixtures.service import Client, refusal


@pytest.fixture
def shop(channel: Client, warehouse: Client) -> ThreeLines:
    return ThreeLines(channel, warehouse)


def test_units_that_are_here_are_canceled_at_once_with_one_entry_in_the_history(shop: ThreeLines) -> None:
    before = shop.document()

    answer = shop.cancel(A=1, B=1)

    after = shop.document()
    assert (answer["status"], answer["asked_back"]) == ("canceled", [])
    assert answer["canceled"] == [
        {"line_id": "A", "first_unit": 3, "quantity": 1},
        {"line_id": "B", "first_unit": 2, "quantity": 1},
    ]
    assert shop.canceled() == [1, 1, 0]
    assert shop.events()[-1] == "order.units_canceled"
    [(taken_off,)] = shop.sql(
        "SELECT details->>'amount' FROM order_history WHERE event = 'order.units_canceled' AND order_id = :id"
    )
    assert f"{int(taken_off) / 100:.2f}" == after["bill"]["adjusted"]
    assert after["version"] == before["version"] + 1


def test_nothing_on_other_lines_moves(shop: ThreeLines) -> None:
    """Trap 4: no discount or tax is recomputed."""
    before = shop.document()

    shop.cancel(A=1)

    after = shop.document()
    kept = ("discounts", "taxes", "line_amount", "amount_after_discounts", "charges")
    assert [[i[k] for k in kept] for i in after["items"]] == [[i[k] for k in kept] for i in before["items"]]
    assert [i["bill"] for i in after["items"]][1:] == [i["bill"] for i in before["items"]][1:]
    assert (after["totals"], after["tenders"]) == (before["totals"], before["tenders"])


def test_the_preview_promises_what_the_cancellation_does(shop: ThreeLines) -> None:
    body = {"items": [{"line_id": "A", "quantity": 2}]}
    preview = shop.channel.post(f"{shop.path}/preview", body).get_json()
    assert shop.canceled() == [0, 0, 0]

    answer = shop.cancel(A=2)

    bill = shop.document()["bill"]
    assert preview["canceled"] == answer["canceled"]
    assert (preview["bill_changes_by"], preview["due_after"]) == (bill["adjusted"], bill["due"])


def test_a_preview_without_items_tells_of_every_line_what_can_be_canceled(shop: ThreeLines) -> None:
    shop.cancel(C=1)

    preview = shop.channel.post(f"{shop.path}/preview", {}).get_json()

    assert [(row["line_id"], row["cancelable"], row["why_not"]) for row in preview["lines"]] == [
        ("A", 3, None),
        ("B", 2, None),
        ("C", 0, "Every unit was canceled."),
    ]
    assert preview["cancels_order"] is True
    assert preview["charges_removed"] == [{"charge_type": "shipping", "ship_group": "home", "amount": "5.40"}]


def test_a_quantity_needs_an_idempotency_key_because_a_repeat_would_cancel_more(shop: ThreeLines) -> None:
    body = {"items": [{"line_id": "A", "quantity": 1}], "reason": "changed_mind"}

    problem = refusal(shop.channel.post(shop.path, body))

    assert (problem["status"], problem["code"]) == (422, "idempotency_key_required")
    assert [error["field"] for error in problem["errors"]] == ["items.0.quantity"]
    assert shop.canceled() == [0, 0, 0]


def test_a_repeated_request_cancels_once(shop: ThreeLines) -> None:
    key = str(uuid4())

    assert shop.cancel(key=key, A=1) == shop.cancel(key=key, A=1)
    assert shop.canceled() == [1, 0, 0]


def test_units_named_by_number_may_be_repeated_without_a_key(shop: ThreeLines) -> None:
    body = {"items": [{"line_id": "A", "units": [1, 3]}], "reason": "changed_mind"}

    first, second = (shop.channel.post(shop.path, body).get_json() for _ in range(2))

    assert [units["first_unit"] for units in first["canceled"]] == [1, 3]
    assert (second["status"], second["canceled"]) == ("nothing_left", [])
    assert shop.canceled() == [2, 0, 0]


def test_all_or_nothing_and_the_refusal_says_how_many_can_still_be_canceled(shop: ThreeLines) -> None:
    shop.hand_over("A")
    shop.flow.ship(shop.warehouse, 2)

    problem = shop.cancel(409, A=2, B=1)

    assert (problem["code"], problem["line_id"], problem["cancelable"]) == ("units_not_open", "A", 1)
    assert problem["lines"] == [{"line_id": "A", "cancelable": 1}]
    assert shop.canceled() == [0, 0, 0]


def test_of_ten_units_of_which_seven_have_shipped_four_cannot_be_canceled(channel: Client) -> None:
    """Trap 17."""
    money = Money(channel, channel.place(line("10.00", 10, line_id="A")))
    money.ship(A=7)
    body = {"items": [{"line_id": "A", "quantity": 4}], "reason": "changed_mind"}

    problem = refusal(channel.post(f"/v1/orders/{money.id}/cancellations", body, Idempotency_Key=str(uuid4())))

    assert (problem["status"], problem["code"], problem["cancelable"]) == (409, "units_not_open", 3)


def test_the_refusal_of_named_units_tells_which_are_not_open(channel: Client) -> None:
    money = Money(channel, channel.place(line("10.00", 3, line_id="A")))
    money.ship(A=1)
    body = {"items": [{"line_id": "A", "units": [1, 3, 7]}], "reason": "changed_mind"}

    problem = refusal(channel.post(f"/v1/orders/{money.id}/cancellations", body))

    assert problem["detail"] == "Units 1, 7 of line A do not exist or cannot be canceled any more; only 2 units can."


REPRICED = [
    "UPDATE order_items SET unit_price = 99, list_price = 99 WHERE order_id = :id",
    "UPDATE order_taxes SET rate = 0.5 WHERE order_id = :id",
    "UPDATE order_discounts SET amount = 1 WHERE order_id = :id",
]


def test_no_read_or_act_of_a_placed_order_computes_anew_from_prices_rates_or_discounts(shop: ThreeLines) -> None:
    """Trap 11: the amounts that were proven when the order was placed are the only ones that count."""
    before = shop.document()
    preview = shop.channel.post(f"{shop.path}/preview", {"items": [{"line_id": "A", "quantity": 2}]}).get_json()

    for repricing in REPRICED:
        shop.sql(f"{repricing} RETURNING 1")
    shop.cancel(A=2)

    after = shop.document()
    assert (after["totals"], after["bill"]["placed"]) == (before["totals"], before["bill"]["placed"])
    assert [after["bill"][name] for name in ("adjusted", "due")] == [preview["bill_changes_by"], preview["due_after"]]
    assert after["bill"]["to_capture"] == preview["due_after"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"items": [{"line_id": "A"}]}, "items.0.quantity"),
        ({"items": [{"line_id": "A", "quantity": 1, "units": [1]}]}, "items.0.quantity"),
        ({"items": [{"line_id": "A", "units": [2, 2]}]}, "items.0.units"),
        ({"items": [{"line_id": "A", "quantity": 0}]}, "items.0.quantity"),
        ({"items": [{"line_id": "A", "quantity": 1}, {"line_id": "A", "quantity": 1}]}, "items"),
        ({"items": []}, "items"),
        ({"items": [{"line_id": f"{n}", "units": list(range(1, 101))} for n in range(6)]}, "items"),
        ({"rest": False}, "rest"),
        ({"rest": True, "items": [{"line_id": "A", "quantity": 1}]}, "rest"),
    ],
)
def test_a_request_that_is_not_clear_is_refused_by_field(shop: ThreeLines, body: Json, field: str) -> None:
    problem = refusal(shop.channel.post(shop.path, {**body, "reason": "x"}, Idempotency_Key=str(uuid4())))

    assert (problem["status"], [error["field"] for error in problem["errors"]]) == (422, [field])


def test_an_unknown_line_is_not_found(shop: ThreeLines) -> None:
    assert shop.cancel(404, Z=1)["code"] == "item_not_found"


def test_units_of_another_companys_order_cannot_be_canceled(shop: ThreeLines, stranger: Client) -> None:
    body = {"items": [{"line_id": "A", "units": [1]}], "reason": "x"}

    assert stranger.post(shop.path, body).status_code == 404
    assert stranger.post(f"{shop.path}/preview", {}).status_code == 404


def test_the_rest_is_canceled_after_others_have_left(shop: ThreeLines) -> None:
    shop.hand_over("A")
    shop.flow.ship(shop.warehouse, 3)

    answer = shop.channel.post(shop.path, {"rest": True, "reason": "changed_mind"})

    assert (answer.status_code, answer.get_json()["status"]) == (200, "canceled")
    assert shop.canceled() == [0, 2, 1]
    again = shop.channel.post(shop.path, {"rest": True, "reason": "changed_mind"})
    assert (again.status_code, again.get_json()["status"]) == (200, "nothing_left")


def test_the_last_unit_takes_the_whole_order_with_it_once(shop: ThreeLines) -> None:
    shop.cancel(A=3, B=2)

    answer = shop.cancel(C=1)

    document = shop.document()
    assert (answer["status"], document["bill"]["due"]) == ("cancel_requested", "0.00")
    assert document["cancel_requested_at"] is not None
    assert shop.pending("message") == ["cancel-order"]
    assert shop.cancel(409, A=1)["code"] == "cancel_requested"


def test_one_mail_names_what_will_not_come_and_what_the_order_costs(shop: ThreeLines) -> None:
    answer = shop.cancel(A=1, B=2)

    assert shop.pending("notify-canceled") == ["notify-canceled"]
    for _ in range(2):
        shop.notify(answer["cancellation_id"])
    assert shop.pending("mail") == ["item_canceled"]


def test_a_repeat_after_the_last_units_were_canceled_gets_the_same_answer(shop: ThreeLines) -> None:
    """Without a key, because naming units by number, or the rest, may be repeated."""
    body = {"rest": True, "reason": "changed_mind"}

    answers = [shop.channel.post(shop.path, body) for _ in range(2)]

    assert [(answer.status_code, answer.get_json()["status"]) for answer in answers] == [
        (200, "cancel_requested"),
        (202, "cancel_requested"),
    ]


def test_one_unit_of_a_line_of_100_000_takes_a_few_rows(channel: Client) -> None:
    charges = [charge("1.00", f"extra_{n}", taxes=[tax("0.08")]) for n in range(4)]
    order = channel.place(line("0.03", 100_000, tax("240.00"), line_id="A", charges=charges))
    body = {"items": [{"line_id": "A", "units": [50_000]}], "reason": "changed_mind"}

    assert channel.post(f"/v1/orders/{order['id']}/cancellations", body).status_code == 200

    with transaction() as session:
        rows = session.scalar(text("SELECT count(*) FROM adjustments WHERE order_id = :id"), {"id": order["id"]})
    assert rows is not None
    assert rows <= 20
