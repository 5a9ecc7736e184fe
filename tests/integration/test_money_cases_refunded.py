"""The worked money cases, paid back: preview, execution, gateway, order document and page name the same amounts."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from order_api.core import money as amounts
from tests.factories.money import Money, mc10
from tests.factories.orders import Json, charge, discount, line, ship_group, tax
from tests.factories.refunds import Refunds, of_line, off, paid_order, problem
from tests.factories.stories import cancel_items, close_order
from tests.fixtures.pages import money_panel, refunds_on_page
from tests.fixtures.service import Client


class Paid:
    """An order that was shipped and captured, with the page on which a colleague sees it."""

    def __init__(self, agent: FlaskClient, refunds: Refunds) -> None:
        self.agent, self.refunds = agent, refunds
        self.currency = refunds.money.order["currency"]

    @classmethod
    def whole(cls, channel: Client, agent: FlaskClient, order: Json) -> "Paid":
        """All its units in one parcel."""
        money = Money(channel, order)
        money.authorize()
        money.capture(money.ship(**{item["line_id"]: item["quantity"] for item in order["items"]}))
        return cls(agent, Refunds(channel, money))

    def back(self, **body: object) -> tuple[str, str]:
        """What a refund gives back, and how much of it is tax. It is the same wherever one looks."""
        preview = self.refunds.preview(**body).get_json()
        before, at_gateway = self.refunds.bill(), sum(self.refunds.given_back_at_the_gateway())
        paid = self.refunds.paid(**body, digest=preview["digest"])
        after, shown = self.refunds.bill(), money_panel(self.agent, self.refunds.money.id)

        refunded = Decimal(after["refunded"]) - Decimal(before["refunded"])
        lowered = Decimal(before["due"]) - Decimal(after["due"])
        gateway = amounts.to_text(sum(self.refunds.given_back_at_the_gateway()) - at_gateway, self.currency)
        everywhere = {preview["paid_back"], preview["amount"], paid["paid_back"], str(refunded), str(lowered), gateway}
        assert everywhere == {preview["paid_back"]}
        assert {name: shown[name] for name in ("due", "refunded", "outstanding")} == {
            name: after[name] for name in ("due", "refunded", "outstanding")
        }
        told = refunds_on_page(self.agent, self.refunds.money.id)[paid["number"]]
        amount = f"{preview['paid_back']} {self.currency}"
        assert f"{amount} off the bill {amount} to the customer" in told.replace(": ", " ")
        assert told.count(f"{self.currency} went back to ") == len(paid["payments"])
        assert all(f"{payment['amount']} {self.currency} went back to " in told for payment in paid["payments"])
        taxes = sum(Decimal(each["amount"]) for part in preview["parts"] for each in part["taxes"])
        return preview["paid_back"], f"{taxes}"

    def rest(self) -> tuple[str, str]:
        bill = self.refunds.bill()
        return bill["due"], bill["outstanding"]


def test_mc01_a_full_refund_line_by_line_is_the_total(channel: Client, agent: FlaskClient) -> None:
    """Trap 13."""
    lines = [
        line("19.99", 3, tax("4.50", "0.0825"), line_id="A"),
        line("45.00", 1, tax("3.38", "0.0825"), line_id="B"),
        line("3.33", 2, tax("0.50", "0.0825"), line_id="C"),
    ]
    paid = Paid.whole(channel, agent, channel.place(*lines, discounts=[discount("10.00")]))

    back = [paid.back(**of_line(quantity, line_id)) for line_id, quantity in (("A", 3), ("B", 1), ("C", 2))]

    assert back == [("59.10", "4.50"), ("44.35", "3.38"), ("6.56", "0.50")]
    assert paid.rest() == ("0.00", "0.00")


def test_mc02_the_tax_that_goes_back_is_that_of_each_line(channel: Client, agent: FlaskClient) -> None:
    lines = [
        line(net, 1, tax("0.23", "0.07"), line_id=id_) for id_, net in zip("ABC", ("3.33", "3.33", "3.34"), strict=True)
    ]
    paid = Paid.whole(channel, agent, channel.place(*lines))

    assert [paid.back(**of_line(1, id_)) for id_ in "ABC"] == [("3.56", "0.23"), ("3.56", "0.23"), ("3.57", "0.23")]
    assert paid.rest() == ("0.00", "0.00")


def test_mc03_a_line_of_three_for_ten_goes_back_unit_by_unit(channel: Client, agent: FlaskClient) -> None:
    """Trap 5: the refund of each unit is its share of what was paid."""
    paid = Paid.whole(channel, agent, channel.place(line("3.3333", 3)))

    assert [paid.back(**of_line(1))[0] for _ in range(3)] == ["3.33", "3.34", "3.33"]
    refused = problem(paid.refunds.ask(**off("0.01", "1")), 409)
    assert (refused["code"], paid.rest()) == ("more_than_remains", ("0.00", "0.00"))


def test_mc05_a_currency_without_decimals_with_tax_included(channel: Client, agent: FlaskClient) -> None:
    """Trap 14."""
    order = channel.place(
        line("1980", 3, tax("498", "0.10", "standard"), line_id="1"),
        line("550", 1, tax("38", "0.08", "reduced"), line_id="b"),
        currency="JPY",
        tax_included=True,
        discounts=[discount("500")],
    )
    paid = Paid.whole(channel, agent, order)

    assert problem(paid.refunds.ask(**off("1827.50", "1")), 422)["errors"][0]["field"] == "price_reductions.0.amount"
    back = [paid.back(**of_line(1)) for _ in range(3)]

    assert back == [("1827", "166"), ("1828", "166"), ("1827", "166")]
    assert paid.back(**of_line(1, "b")) == ("508", "38")
    assert paid.rest() == ("0", "0")


def test_a_currency_of_three_decimals_goes_back_to_the_last_fils(channel: Client, agent: FlaskClient) -> None:
    """Trap 14."""
    paid = Paid.whole(channel, agent, channel.place(line("0.667", 3, tax("0.100", "0.05")), currency="KWD"))

    assert [paid.back(**of_line(1)) for _ in range(3)] == [("0.700", "0.033"), ("0.701", "0.034"), ("0.700", "0.033")]
    assert paid.rest() == ("0.000", "0.000")


def test_mc10_what_was_captured_in_two_parcels_goes_back_whole(channel: Client, agent: FlaskClient) -> None:
    """Trap 16: C was canceled before the second parcel; what is left of the authorization is released."""
    money = mc10(channel)
    money.authorize()
    money.capture(money.ship(A=1, B=1))
    cancel_items(money.actor, money.id, money.items["C"])
    money.capture(money.ship(A=1))
    close_order(money.actor, money.id)
    refunds = Refunds(channel, money)
    paid = Paid(agent, refunds)
    assert money.done() == {"authorize": [101_39], "capture": [63_59, 21_60], "void": [16_20]}

    shipping = refunds.order()["ship_groups"][0]["charges"][0]["id"]
    first = paid.back(items=[{"line_id": id_, "quantity": n, "goods": "broken"} for id_, n in (("A", 2), ("B", 1))])
    second = paid.back(charges=[{"charge_id": shipping}])

    assert (first[0], second[0]) == ("79.20", "5.99")
    assert sorted(refunds.given_back_at_the_gateway()) == [5_99, 21_60, 57_60]
    assert refunds.sums("due", "captured", "refunded", "outstanding") == ("0.00", "85.19", "85.19", "0.00")


def test_mc14_a_unit_price_with_more_decimals_than_the_currency(channel: Client, agent: FlaskClient) -> None:
    paid = Paid.whole(channel, agent, channel.place(line("13.9563", 9), currency="EUR"))

    assert paid.back(**of_line(9))[0] == "125.61"
    assert paid.rest() == ("0.00", "0.00")


@pytest.mark.parametrize(
    ("fee", "off_fee", "taxes", "refundable"),
    [("10.00", "5.00", [tax("1.15", "0.23", "vat")], "6.15"), ("20.00", "20.00", [], None)],
    ids=["a", "b"],
)
def test_mc18_the_shipping_gives_back_what_was_paid_for_it_once(
    channel: Client, agent: FlaskClient, fee: str, off_fee: str, taxes: list[Json], refundable: str | None
) -> None:
    """Trap 12."""
    shipping = charge(fee, discounts=[discount(off_fee, "SHIP")], taxes=taxes)
    paid = Paid.whole(channel, agent, channel.place(line("10.00"), ship_groups=[ship_group(charges=[shipping])]))
    charges = [{"charge_id": paid.refunds.order()["ship_groups"][0]["charges"][0]["id"]}]

    if refundable is not None:
        assert paid.back(charges=charges) == (refundable, "1.15")
    refused = problem(paid.refunds.ask(charges=charges), 409)

    assert refused["remaining"] == "0.00"
    assert paid.back(**of_line(1))[0] == "10.00"


def test_the_goods_take_none_of_the_shipping_and_all_parts_add_up(channel: Client) -> None:
    """Traps 12 and 13."""
    refunds = paid_order(channel)
    shipping = refunds.order()["ship_groups"][0]["charges"][0]["id"]

    goods = [refunds.paid(**of_line(units, id_))["paid_back"] for id_, units in (("1", 3), ("2", 1), ("3", 2))]
    of_shipping = refunds.paid(charges=[{"charge_id": shipping}])["paid_back"]

    assert (goods, of_shipping) == (["59.10", "44.35", "6.56"], "6.48")
    assert refunds.sums("due", "captured", "refunded", "outstanding") == ("0.00", "116.49", "116.49", "0.00")
