"""The worked cases MC01, MC02, MC05 and MC14 as placed orders: our split and proof match the hand calculation."""

from tests.factories.orders import Json, charge, discount, line, order_body, tax
from tests.factories.priced import differences, order_discounts, proven, proven_split


def mc01() -> Json:
    return order_body(
        line("19.99", 3, tax("4.50", "0.0825"), line_id="A"),
        line("45.00", 1, tax("3.38", "0.0825"), line_id="B"),
        line("3.33", 2, tax("0.50", "0.0825"), line_id="C"),
        discounts=[discount("10.00")],
        totals={"items": "111.63", "discounts": "10.00", "charges": "0.00", "taxes": "8.38", "grand_total": "110.01"},
    )


def mc05() -> Json:
    return order_body(
        line("1980", 3, tax("498", "0.10", "reduced no"), line_id="a"),
        line("550", 1, tax("38", "0.08", "reduced"), line_id="b"),
        currency="JPY",
        tax_included=True,
        discounts=[discount("500")],
        totals={"items": "6490", "discounts": "500", "charges": "0", "taxes": "536", "grand_total": "5990"},
    )


def test_mc01_an_order_discount_is_split_and_the_rest_is_taxed_per_line() -> None:
    split = proven_split(mc01())

    assert order_discounts(mc01()) == [5_37, 4_03, 60]
    assert [line.as_sent for line in split.lines] == [54_60, 40_97, 6_06]


def test_mc01_a_tax_of_the_undiscounted_line_is_refused() -> None:
    body = mc01()
    body["items"][0]["taxes"][0]["amount"] = "4.95"

    assert ("items.0.taxes.0.amount", "tax_differs", "4.95", "4.50") in differences(body)


def test_mc02_tax_is_rounded_per_line_and_then_summed() -> None:
    lines = [line(price, 1, tax("0.23", "0.07"), line_id=price) for price in ("3.33", "3.34")]
    body = order_body(lines[0], {**lines[0], "line_id": "again"}, lines[1])

    order = proven(body)

    assert order.totals["taxes"] == 69
    assert order.totals["grand_total"] == 10_69


def test_mc02_the_tax_of_the_sum_is_refused() -> None:
    body = order_body(
        *(line(price, 1, tax("0.23", "0.07"), line_id=str(i)) for i, price in enumerate(["3.33", "3.33", "3.34"]))
    )
    body["totals"] |= {"taxes": "0.70", "grand_total": "10.70"}

    assert differences(body) == [
        ("totals.taxes", "total_differs", "0.70", "0.69"),
        ("totals.grand_total", "total_differs", "10.70", "10.69"),
    ]


def test_mc05_taxes_that_are_included_are_taken_out_of_the_discounted_gross() -> None:
    split = proven_split(mc05())

    assert order_discounts(mc05()) == [458, 42]
    assert [line.as_sent for line in split.lines] == [5482, 508]
    assert proven(mc05()).totals["grand_total"] == 5990


def test_mc05_included_taxes_are_not_added_to_the_total() -> None:
    body = mc05()
    body["totals"]["grand_total"] = body["tenders"][0]["amount"] = "6526"

    assert differences(body) == [
        ("totals.grand_total", "total_differs", "6526", "5990"),
        ("tenders", "tenders_differ", "6526", "5990"),
    ]


def test_mc14_a_unit_price_with_four_decimals_is_rounded_once_per_line() -> None:
    order = proven(order_body(line("13.9563", 9), currency="EUR"))

    assert order.lines[0].amount == 125_61
    assert order.totals["items"] == 125_61


def test_mc14_nine_times_the_rounded_price_is_refused() -> None:
    body = order_body(line("13.9563", 9), currency="EUR")
    body["totals"]["items"] = "125.64"

    assert ("totals.items", "total_differs", "125.64", "125.61") in differences(body)


def test_three_decimals_are_proven_to_the_last() -> None:
    body = order_body(line("1.234", 3, tax("0.185", "0.05")), currency="KWD", charges=[charge("0.001")])

    order = proven(body)

    assert order.lines[0].amount == 3_702
    assert order.totals["grand_total"] == 3_888
