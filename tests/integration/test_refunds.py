"""A refund takes exactly what was previewed off the bill, and pays it back once to the captures it came from."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from order_api.core.database import transaction
from order_api.words import Role
from tests.factories.companies import PASSWORD, create_company
from tests.factories.money import Money
from tests.factories.orders import Json, line, tax
from tests.factories.refunds import ONE_BROKEN, SUMS, Refunds, of_line, off, paid_order, problem, three_lines
from tests.fixtures.service import Client


def shipping(refunds: Refunds) -> str:
    return str(refunds.order()["ship_groups"][0]["charges"][0]["id"])


@pytest.fixture
def refunds(channel: Client) -> Refunds:
    return paid_order(channel)


def person(app: Flask, channel: Client, role: Role = Role.CSR_ASSOCIATE) -> Client:
    credentials = {"username": channel.company.staff[role], "password": PASSWORD}
    token = Client(app, channel.company, None).post("/v1/tokens", credentials).get_json()["access_token"]
    return Client(app, channel.company, token)


def test_one_of_three_arrived_broken_and_the_shipping_goes_back(refunds: Refunds) -> None:
    """AS04."""
    body = {**ONE_BROKEN, "charges": [{"charge_id": shipping(refunds)}]}

    preview = refunds.preview(**body).get_json()
    paid = refunds.paid(**body, digest=preview["digest"])

    assert [(p["line_id"], p["charge_type"], p["amount"], p["net"], p["remaining"]) for p in preview["parts"]] == [
        ("1", None, "19.70", "18.20", "39.40"),
        (None, "shipping", "6.48", "5.99", "0.00"),
    ]
    assert (preview["amount"], preview["paid_back"], preview["due_after"]) == ("26.18", "26.18", "90.31")
    assert (paid["state"], paid["amount"], paid["paid_back"]) == ("paid", "26.18", "26.18")
    [payment] = paid["payments"]
    assert (payment["kind"], payment["status"], payment["amount"]) == ("refund", "done", "26.18")
    assert payment["trace_number"].startswith("ARN")
    assert payment["expected_by"]
    assert refunds.sums(*SUMS) == ("90.31", "116.49", "26.18", "0.00")


def test_a_person_confirms_what_a_preview_has_shown(app: Flask, channel: Client, refunds: Refunds) -> None:
    by_person = Refunds(person(app, channel), refunds.money)

    assert problem(by_person.ask(**ONE_BROKEN), 422)["errors"][0]["field"] == "digest"
    digest = by_person.preview(**ONE_BROKEN).get_json()["digest"]

    assert by_person.ask(**ONE_BROKEN, digest=digest).status_code == 201


@pytest.mark.parametrize(("between", "code"), [(off("3.00", "1"), "preview_outdated"), (off("3.00", "2"), None)])
def test_only_another_act_that_changes_a_promised_amount_outdates_a_preview(
    refunds: Refunds, between: Json, code: str | None
) -> None:
    digest = refunds.preview(**ONE_BROKEN).get_json()["digest"]
    refunds.paid(**between)

    answer = refunds.ask(**ONE_BROKEN, digest=digest)

    assert answer.status_code == (409 if code else 201), answer.text
    assert answer.get_json().get("code") == code


def test_a_repeat_with_its_key_gets_the_first_answer_and_without_key_or_digest_is_refused(refunds: Refunds) -> None:
    key = str(uuid4())

    first, again = (refunds.ask(key=key, **ONE_BROKEN) for _ in range(2))
    without = refunds.client.post(refunds.path, {**ONE_BROKEN, "reason": "other"})

    assert first.get_data() == again.get_data()
    assert problem(without, 422)["code"] == "idempotency_key_required"
    assert [refund["number"] for refund in refunds.order()["refunds"]] == [f"{refunds.money.number}-F1"]


def test_the_mail_of_the_preview_says_what_goes_where(refunds: Refunds) -> None:
    mail = refunds.preview(**ONE_BROKEN).get_json()["customer_reads"]

    assert "We have paid back 19.70 USD for your order" in mail
    assert "19.70 USD to your card" in mail
    assert "Your order now costs 96.79 USD." in mail


def test_without_the_engine_a_preview_says_that_it_cannot_tell_about_approval(refunds: Refunds) -> None:
    preview = refunds.preview(**ONE_BROKEN).get_json()

    assert preview["approval"] == {"needed": "unknown", "words": None}


# What may be given back.


def test_ten_percent_of_a_line_and_of_the_order(refunds: Refunds) -> None:
    of_line_1 = refunds.preview(price_reductions=[{"line_id": "1", "percent": "10"}]).get_json()
    of_order = refunds.preview(price_reductions=[{"percent": "10"}]).get_json()

    assert (of_line_1["amount"], of_order["amount"]) == ("5.91", "11.65")
    parts = [part["line_id"] or part["charge_type"] for part in of_order["parts"]]
    assert parts == ["1", "2", "3", "shipping"]


def test_a_tax_alone_goes_back_and_the_net_stays(refunds: Refunds) -> None:
    tax_id = refunds.order()["items"][1]["taxes"][0]["id"]

    paid = refunds.paid(taxes=[{"tax_id": tax_id}], reason="tax_exempt")
    again = refunds.ask(taxes=[{"tax_id": tax_id}], reason="tax_exempt")

    assert paid["paid_back"] == "3.38"
    assert refunds.sums(*SUMS) == ("113.11", "116.49", "3.38", "0.00")
    assert problem(again, 409)["code"] == "more_than_remains"


def test_units_are_named_by_number(refunds: Refunds) -> None:
    named: Json = {"items": [{"line_id": "1", "units": [2, 3], "goods": "lost"}]}

    refunds.paid(**named)

    assert problem(refunds.ask(**named), 409)["free_units"] == 1
    lost = [a for a in refunds.bill()["adjustments"] if a["kind"] == "units_lost"]
    assert [(each["line_id"], each["first_unit"], each["quantity"]) for each in lost] == [("1", 2, 2)]


def test_lost_goods_are_lost_and_broken_ones_stay_where_they_are(refunds: Refunds) -> None:
    refunds.paid(**of_line(1, goods="lost"))
    refunds.paid(**of_line(1, goods="broken"))

    query = "SELECT fate, first_unit FROM unit_ranges WHERE order_id = :id AND fate = 'lost'"
    with transaction() as session:
        assert [tuple(row) for row in session.execute(text(query), {"id": refunds.money.id})] == [("lost", 1)]


def test_money_that_was_captured_twice_goes_back_without_a_change_of_the_bill(refunds: Refunds) -> None:
    twice = """INSERT INTO payment_transactions (id, order_id, tender_id, kind, parent_id, shipment_id, amount,
        currency, status, reference, requested_at, settled_at)
        SELECT :new, order_id, tender_id, kind, parent_id, shipment_id, amount, currency, status, reference,
        requested_at, settled_at FROM payment_transactions WHERE order_id = :id AND kind = 'capture'"""
    with transaction() as session:
        session.execute(text(twice), {"new": uuid4(), "id": refunds.money.id})
    assert refunds.sums(*SUMS) == ("116.49", "232.98", "0.00", "-116.49")

    number = refunds.asked(excess=True, reason="captured_twice")
    again = refunds.ask(excess=True, reason="captured_twice")

    assert refunds.read(number)["paid_back"] == "116.49"
    assert problem(again, 409)["remaining"] == "0.00"


def test_ten_percent_off_a_line_of_100_000_units_takes_a_few_rows(channel: Client) -> None:
    money = Money(channel, channel.place(line("0.10", 100_000, tax("800.00"), line_id="A")))
    money.authorize()
    for units in (60_000, 40_000):
        money.capture(money.ship(A=units), task=str(units))
    refunds = Refunds(channel, money)

    refunds.paid(price_reductions=[{"line_id": "A", "percent": "10"}])

    assert len(refunds.bill()["adjustments"]) == 2
    assert refunds.sums("due", "refunded", "outstanding") == ("9720.00", "1080.00", "0.00")


# What is refused.


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (off("0.00", "1"), "price_reductions.0.amount"),
        (off("1.001", "1"), "price_reductions.0.amount"),
        (off("-1.00", "1"), "price_reductions.0.amount"),
        ({"price_reductions": [{"line_id": "1", "percent": "101"}]}, "price_reductions.0.percent"),
        ({"charges": [{"charge_id": str(uuid4())}]}, "charges.0.charge_id"),
        ({"taxes": [{"tax_id": str(uuid4())}]}, "taxes.0.tax_id"),
        (of_line(1, "99"), "line_id"),
        ({}, "items"),
        ({**off("1.00", "1"), **ONE_BROKEN}, "items"),
        ({**off("1.00"), **ONE_BROKEN}, "price_reductions"),
    ],
)
def test_what_is_malformed_is_422_with_its_field(refunds: Refunds, body: Json, field: str) -> None:
    assert problem(refunds.preview(**body), 422)["errors"][0]["field"] == field
    assert problem(refunds.ask(**body), 422)["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("body", "left"),
    [(of_line(4), "59.10"), (off("59.11", "1"), "59.10"), (off("72.15"), "72.14"), (of_line(1, "2"), "0.00")],
)
def test_more_than_remains_is_409_with_what_remains(refunds: Refunds, body: Json, left: str) -> None:
    refunds.paid(**of_line(1, "2"))

    refused = problem(refunds.ask(**body), 409)
    assert refused["remaining"] == left
    assert [(line["line_id"], line["remaining"]) for line in refused["lines"]] == [
        ("1", "59.10"),
        ("2", "0.00"),
        ("3", "6.56"),
    ]
    assert refused["remaining_of_order"] == "72.14"


def test_a_reason_must_be_one_of_the_collection(app: Flask) -> None:
    reasons = [{"code": "late", "words": "Late", "fault": "carrier", "acts": ["refund"]}]
    company = create_company(reasons=reasons)
    refunds = paid_order(Client(app, company, company.channel_key))

    refused = problem(refunds.ask(reason="arrived_broken", **ONE_BROKEN), 422)

    assert (refused["code"], refused["errors"][0]["expected"]) == ("reason_not_offered", ["late"])
    assert refunds.read(refunds.asked(reason="late", **ONE_BROKEN))["reason_words"] == "Late"


def test_goods_that_have_not_shipped_or_are_not_paid_yet_are_not_refunded(channel: Client) -> None:
    money = three_lines(channel)
    money.authorize()
    refunds = Refunds(channel, money)

    not_shipped = refunds.ask(**ONE_BROKEN)
    money.ship(**{"1": 3})
    not_paid = refunds.ask(**ONE_BROKEN)

    assert problem(not_shipped, 409)["detail"] == "No unit of line 1 has shipped. Cancel units that have not."
    assert problem(not_paid, 409)["code"] == "payment_in_progress"


def test_a_capture_too_old_for_its_provider_can_only_be_paid_outside(refunds: Refunds) -> None:
    with transaction() as session:
        aged = "UPDATE payment_transactions SET settled_at = now() - interval '200 days' WHERE order_id = :id"
        session.execute(text(aged), {"id": refunds.money.id})

    refused = problem(refunds.preview(**ONE_BROKEN), 409)

    assert refused["code"] == "refund_not_possible"
    assert "gives back within 180 days" in refused["detail"]
    assert refunds.preview(**ONE_BROKEN, destination="outside").status_code == 200


def test_others_see_nothing_and_rights_are_asked(
    app: Flask, channel: Client, stranger: Client, warehouse: Client
) -> None:
    refunds = paid_order(channel)
    number = refunds.asked(**ONE_BROKEN)

    by_stranger = Refunds(stranger, refunds.money)
    seen = [
        by_stranger.preview(**ONE_BROKEN),
        by_stranger.ask(**ONE_BROKEN),
        stranger.get(f"/v1/refunds/{number}"),
        stranger.post(f"/v1/refunds/{number}/cancel", {"reason": "Mine."}),
    ]
    forbidden = [
        Refunds(warehouse, refunds.money).ask(**ONE_BROKEN),
        channel.post(f"/v1/refunds/{number}/bookings", {"reference": "B"}),
        person(app, channel).post(f"/v1/refunds/{number}/bookings", {"reference": "B"}),
    ]

    assert [answer.status_code for answer in seen] == [404] * 4
    assert [answer.status_code for answer in forbidden] == [403] * 3
    assert stranger.get("/v1/refunds").get_json()["refunds"] == []


def test_refunds_are_listed_with_filters_page_by_page(channel: Client) -> None:
    refunds = paid_order(channel)
    first = refunds.paid(**of_line(1))["number"]
    second = refunds.asked(**of_line(1))
    number = refunds.money.number

    def found(**query: Any) -> list[str]:
        page = channel.get("/v1/refunds", order_number=number, **query)
        assert page.status_code == 200, page.text
        return [row["number"] for row in page.get_json()["refunds"]]

    assert found() == [second, first]
    assert found(state="paid") == [first]
    assert found(currency="USD", amount_from="19.71") == []
    assert found(currency="USD", amount_from="19.70") == [second, first]
    assert found(older_than_days=1) == []
    assert found(requested_from="2020-01-01T00:00:00Z", collection=channel.company.key) == [second, first]
    assert found(collection="another") == found(requested_from="2100-01-01T00:00:00Z") == []
    assert found(requested_before="2020-01-01T00:00:00Z") == []
    page = channel.get("/v1/refunds", order_number=number, limit=1).get_json()
    rest = channel.get("/v1/refunds", order_number=number, limit=1, cursor=page["next_cursor"]).get_json()
    assert [row["number"] for row in (*page["refunds"], *rest["refunds"])] == [second, first]
    assert rest["next_cursor"] is None
    assert problem(channel.get("/v1/refunds", amount_from="1.00"), 422)["errors"][0]["field"] == "currency"
