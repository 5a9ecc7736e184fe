"""Each rule of the proof refuses an order that breaks it and names the field, the sent and the expected value."""

import pytest

from tests.factories.orders import charge, discount, line, order_body, ship_group, tax
from tests.factories.priced import differences, order_discounts, proven, proven_split

ANY_TOTALS = {"items": "0", "discounts": "0", "charges": "0", "taxes": "0", "grand_total": "0"}


def test_an_order_that_adds_up_has_no_differences() -> None:
    body = order_body(
        line("10.00", 2, tax("1.44"), discounts=[discount("1.00")], charges=[charge("0.50", "gift_wrap")]),
        ship_groups=[ship_group(charges=[charge("5.00", taxes=[tax("0.40")])])],
        charges=[charge("1.00", "handling")],
        discounts=[discount("1.00")],
    )

    assert differences(body) == []


def test_an_order_that_costs_nothing_needs_no_tender() -> None:
    assert differences(order_body(line("10.00"), discounts=[discount("10.00")], tenders=[])) == []


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"charges": [charge("1.00"), charge("2.00")]}, "charges.1.type"),
        ({"ship_groups": [ship_group(charges=[charge("1.00"), charge("2.00")])]}, "ship_groups.0.charges.1.type"),
        ({"items": [line(charges=[charge("1.00"), charge("2.00")])]}, "items.0.charges.1.type"),
    ],
)
def test_a_charge_type_appears_only_once_in_a_place(place: dict[str, object], field: str) -> None:
    assert differences(order_body(**place)) == [(field, "duplicate_charge_type", "shipping", None)]


def test_the_same_charge_type_may_appear_in_different_places() -> None:
    groups = [ship_group(charges=[charge("1.00")]), ship_group(id="office", charges=[charge("1.00")])]

    lines = line(charges=[charge("1.00")]), line(line_id="2", ship_group="office", charges=[charge("1.00")])

    assert differences(order_body(*lines, ship_groups=groups, charges=[charge("1.00")])) == []


def test_discounts_of_an_item_are_at_most_its_amount() -> None:
    item = line("10.00", discounts=[discount("6.00"), discount("4.01", "MORE")])

    assert differences(order_body(item, totals=ANY_TOTALS | {"items": "10.00"})) == [
        ("items.0.discounts", "discount_exceeds_amount", "10.01", "10.00")
    ]


def test_discounts_of_a_shipping_charge_are_at_most_its_amount() -> None:
    shipping = charge("5.00", discounts=[discount("5.01")])

    assert differences(order_body(ship_groups=[ship_group(charges=[shipping])])) == [
        ("ship_groups.0.charges.0.discounts", "discount_exceeds_amount", "5.01", "5.00")
    ]


def test_a_discount_of_a_charge_lowers_its_tax_base_and_the_total() -> None:
    shipping = charge("5.00", discounts=[discount("2.50")], taxes=[tax("0.20")])

    order = proven(order_body(line("10.00"), ship_groups=[ship_group(charges=[shipping])]))

    assert order.totals["grand_total"] == 12_70


def test_a_tax_on_the_undiscounted_charge_is_refused() -> None:
    shipping = charge("5.00", discounts=[discount("2.50")], taxes=[tax("0.40")])

    assert differences(order_body(ship_groups=[ship_group(charges=[shipping])])) == [
        ("ship_groups.0.charges.0.taxes.0.amount", "tax_differs", "0.40", "0.20")
    ]


def test_an_order_discount_is_at_most_what_its_lines_are_worth_after_item_discounts() -> None:
    body = order_body(line("10.00", discounts=[discount("1.00")]), discounts=[discount("9.01")], totals=ANY_TOTALS)

    assert ("discounts.0.amount", "discount_exceeds_amount", "9.01", "9.00") in differences(body)


def test_an_order_discount_touches_only_its_eligible_items() -> None:
    offer = discount("3.00", eligible_lines=["2"])

    taken_off = order_discounts(order_body(line("10.00"), line("10.00", line_id="2"), discounts=[offer]))

    assert taken_off == [0, 3_00]


def test_an_order_discount_is_at_most_what_its_eligible_items_are_worth() -> None:
    offer = discount("10.01", eligible_lines=["2"])

    refused = differences(order_body(line("50.00"), line("10.00", line_id="2"), discounts=[offer]))

    assert refused[0] == ("discounts.0.amount", "discount_exceeds_amount", "10.01", "10.00")


def test_a_second_order_discount_is_weighted_as_the_first_and_takes_only_what_is_left() -> None:
    offers = [discount("9.00", "FIRST", eligible_lines=["1"]), discount("10.00", "SECOND")]

    split = proven_split(order_body(line("10.00"), line("10.00", line_id="2"), discounts=offers))

    assert [offer.shares for offer in split.discounts] == [{0: 9_00}, {0: 1_00, 1: 9_00}]


def test_shares_that_were_sent_are_kept_as_sent() -> None:
    shares = [{"line_id": "2", "amount": "1.67"}, {"line_id": "1", "amount": "3.33"}]

    split = proven_split(
        order_body(line("20.00"), line("10.00", line_id="2"), discounts=[discount("5.00", shares=shares)])
    )

    assert split.discounts[0].shares == {0: 3_33, 1: 1_67}


def test_shares_that_are_split_otherwise_are_refused() -> None:
    shares = [{"line_id": "1", "amount": "2.50"}, {"line_id": "2", "amount": "2.50"}]

    assert differences(
        order_body(line("20.00"), line("10.00", line_id="2"), discounts=[discount("5.00", shares=shares)])
    ) == [
        ("discounts.0.shares.0.amount", "share_differs", "2.50", "3.33"),
        ("discounts.0.shares.1.amount", "share_differs", "2.50", "1.67"),
    ]


def test_shares_within_the_collections_tolerance_are_kept() -> None:
    shares = [{"line_id": "1", "amount": "3.34"}, {"line_id": "2", "amount": "1.66"}]
    body = order_body(line("20.00"), line("10.00", line_id="2"), discounts=[discount("5.00", shares=shares)])

    assert differences(body, tolerance=1) == []
    assert len(differences(body, tolerance=0)) == 2


def test_the_tolerances_of_nine_shares_do_not_cover_a_tenth_that_is_left_out() -> None:
    lines = [line("10.00", line_id=str(position)) for position in range(10)]
    nine = [{"line_id": str(position), "amount": "0.10"} for position in range(9)]

    refused = differences(order_body(*lines, discounts=[discount("0.90", shares=nine)]), tolerance=1)

    assert refused == [("discounts.0.shares", "share_differs", "0.00", "0.09")]


@pytest.mark.parametrize(("rate", "price"), [("0.00", "10.00"), ("0.06", "0.00")])
def test_where_no_tax_is_due_there_is_no_tolerance(rate: str, price: str) -> None:
    body = order_body(line(price, 1, tax("0.01", rate)))

    assert [refused[1] for refused in differences(body, tolerance=1)] == ["tax_differs"]


def test_shares_add_up_to_their_discount_with_any_tolerance() -> None:
    shares = [{"line_id": "1", "amount": "3.34"}, {"line_id": "2", "amount": "1.67"}]
    body = order_body(line("20.00"), line("10.00", line_id="2"), discounts=[discount("5.00", shares=shares)])

    assert differences(body, tolerance=1)[0] == ("discounts.0.shares", "shares_do_not_add_up", "5.01", "5.00")


def test_a_share_of_an_item_that_is_not_eligible_is_refused() -> None:
    offer = discount("1.00", eligible_lines=["1"], shares=[{"line_id": "2", "amount": "1.00"}])

    refused = differences(order_body(line("10.00"), line("10.00", line_id="2"), discounts=[offer]))

    assert refused == [("discounts.0.shares.0.line_id", "line_not_eligible", "2", None)]


def test_eligibility_has_no_tolerance() -> None:
    shares = [{"line_id": "1", "amount": "0.99"}, {"line_id": "2", "amount": "0.01"}]
    offer = discount("1.00", eligible_lines=["1"], shares=shares)

    refused = differences(order_body(line("10.00"), line("10.00", line_id="2"), discounts=[offer]), tolerance=1)

    assert refused == [("discounts.0.shares.1.line_id", "line_not_eligible", "2", None)]


def test_a_share_of_nothing_may_go_to_an_item_that_is_not_eligible() -> None:
    shares = [{"line_id": "1", "amount": "1.00"}, {"line_id": "2", "amount": "0.00"}]
    offer = discount("1.00", eligible_lines=["1"], shares=shares)

    assert differences(order_body(line("10.00"), line("10.00", line_id="2"), discounts=[offer])) == []


def test_two_rates_on_one_line_are_each_proven_on_the_whole_base() -> None:
    taxes = [tax("5.00", "0.05", "GST"), tax("9.98", "0.09975", "QST")]

    order = proven(order_body(line("100.00", 1, *taxes)))

    assert order.totals["grand_total"] == 114_98


def test_two_included_rates_on_one_line_are_each_proven_on_the_shared_net() -> None:
    taxes = [tax("5.00", "0.05", "GST"), tax("9.98", "0.09975", "QST")]

    order = proven(order_body(line("114.98", 1, *taxes), tax_included=True))

    assert order.totals["grand_total"] == 114_98


def test_an_included_tax_that_was_added_on_top_is_refused() -> None:
    body = order_body(line("100.00", 1, tax("8.00")), tax_included=True)

    assert differences(body) == [("items.0.taxes.0.amount", "tax_differs", "8.00", "7.41")]


def test_a_tax_within_the_collections_tolerance_is_kept_as_sent() -> None:
    body = order_body(line("100.00", 1, tax("8.01")))

    assert differences(body, tolerance=1) == []
    assert differences(body, tolerance=0) == [("items.0.taxes.0.amount", "tax_differs", "8.01", "8.00")]


@pytest.mark.parametrize("name", ["items", "discounts", "charges", "taxes", "grand_total"])
def test_every_total_is_proven_without_tolerance(name: str) -> None:
    body = order_body(line("10.00", 1, tax("0.72")), discounts=[discount("1.00")], charges=[charge("1.00")])
    right = body["totals"][name]
    body["totals"][name] = "99.99"

    assert (f"totals.{name}", "total_differs", "99.99", right) in differences(body, tolerance=5)


def test_the_tenders_together_pay_the_grand_total() -> None:
    tenders = [{"type": "card", "token": "t", "amount": "4.00"}, {"type": "invoice", "amount": "5.99"}]

    assert differences(order_body(line("10.00"), tenders=tenders)) == [("tenders", "tenders_differ", "9.99", "10.00")]


def test_tenders_are_compared_with_the_right_total_and_not_with_the_sent_one() -> None:
    right = {"items": "10.00", "discounts": "0.00", "charges": "0.00", "taxes": "0.00"}
    tenders = [{"type": "card", "token": "t", "amount": "10.00"}]

    refused = differences(order_body(line("10.00"), tenders=tenders, totals=right | {"grand_total": "10.01"}))

    assert refused == [("totals.grand_total", "total_differs", "10.01", "10.00")]


def test_every_difference_is_reported_and_not_only_the_first() -> None:
    body = order_body(line("10.00", 1, tax("0.81")), line("10.00", 1, tax("0.79"), line_id="2"))

    assert [difference[0] for difference in differences(body)] == ["items.0.taxes.0.amount", "items.1.taxes.0.amount"]


def test_a_tax_within_the_tolerance_counts_in_the_totals_as_it_was_sent() -> None:
    body = order_body(line("100.00", 1, tax("8.01")))
    body["totals"]["taxes"] = "9.99"

    assert differences(body, tolerance=1) == [("totals.taxes", "total_differs", "9.99", "8.01")]


def test_every_tax_of_a_line_is_proven() -> None:
    taxes = [tax("5.00", "0.05", "GST"), tax("7.00", "0.07", "PST"), tax("1.01", "0.01", "city")]

    refused = differences(order_body(line("100.00", 1, *taxes)))

    assert refused == [("items.0.taxes.2.amount", "tax_differs", "1.01", "1.00")]
