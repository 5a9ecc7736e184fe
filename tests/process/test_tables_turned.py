"""No rule of returns stands in Python: a designer turns one output of the tables round, and the opposite happens."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.factories import engine_returns as returns
from tests.fixtures.designer import add_row, copy_of_our_models, deployed
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

POLICY, FEES = Path("decisions/return-policy.dmn"), Path("decisions/return-fees.dmn")


def turn(file: Path, output: str, words: dict[str, str]) -> None:
    """Each answer of this output becomes its opposite."""
    cell = re.compile(rf'(<outputEntry id="answer_\w+_{output}"[^>]*><text>)([^<]*)(</text>)')
    turned, count = cell.subn(lambda m: m[1] + words.get(m[2], m[2]) + m[3], file.read_text())
    assert count, f"no cell answers {output}"
    file.write_text(turned)


def preview(shop: Shop, order: Json, reason: str = "changed_mind") -> Json:
    body = {"items": [{"line_id": "1", "quantity": 1, "reason": reason}]}
    answer = shop.call("POST", f"/v1/orders/{order['id']}/returns/preview", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def announced(shop: Shop, order: Json, wait: str = returns.FOR_GOODS) -> str:
    number = returns.announce(shop, order, _1=1)
    shop.wait_for_activity(number, wait)
    return number


def is_refused(shop: Shop, order: Json) -> None:
    assert preview(shop, order)["decision"] == "refuse"
    returns.ended(shop, returns.announce(shop, order, _1=1), "refused")


def stays_with_the_customer(shop: Shop, order: Json) -> None:
    returns.ended(shop, returns.announce(shop, order, _1=1), "completed")
    assert (returns.sums(shop, order)[2], returns.stock_back(shop, order)) == ("25.00", {})


def is_paid_before_the_inspection(shop: Shop, order: Json) -> None:
    number = announced(shop, order)
    returns.receive(shop, number, _1=1)
    wait_until(lambda: returns.sums(shop, order)[2] == "25.00", what="the money")
    assert returns.units(returns.read(shop, number)) == [("1", 1, "pending", True, False)]


def is_not_inspected(shop: Shop, order: Json) -> None:
    number = announced(shop, order)
    returns.receive(shop, number, _1=1)
    returns.ended(shop, number, "completed")
    assert returns.stock_back(shop, order) == {"sellable": 1}


def has_three_days(shop: Shop, order: Json) -> None:
    document = returns.read(shop, announced(shop, order))
    day = datetime.fromisoformat(document["announced_at"]).date()
    assert date.fromisoformat(document["last_day"]) == day + timedelta(days=3)


def is_due_in_two_days(shop: Shop, order: Json) -> None:
    number = announced(shop, order)
    returns.receive(shop, number, _1=1)
    shop.wait_for_activity(number, returns.INSPECT)
    document = returns.read(shop, number)
    due, received = document["refund_due_by"], document["receipts"][0]["received_at"]
    days = datetime.fromisoformat(due).date() - datetime.fromisoformat(received).date()
    assert days == timedelta(days=3), "the end of the second day"


def keeps_the_shipping(shop: Shop, order: Json) -> None:
    assert preview(shop, order)["paid_back"] == "20.00"


INSPECTED = {"decision": '"accept"', "goods_kept": "false", "shipping_back": '"standard"', "refund_when": '"inspected"'}
INSPECTED |= {"refund_days": "14", "inspect": "true", "days_to_arrive": "14"}
TURNED: dict[str, tuple[dict[str, str], Callable[[Shop, Json], None]]] = {
    "may it come": ({"decision": '"refuse"'}, is_refused),
    "goods kept": ({"goods_kept": "true"}, stays_with_the_customer),
    "when": ({"refund_when": '"received"'}, is_paid_before_the_inspection),
    "inspected": ({"inspect": "false"}, is_not_inspected),
    "days to arrive": ({"days_to_arrive": "3"}, has_three_days),
    "days to pay": ({"refund_days": "2"}, is_due_in_two_days),
    "who pays the shipping": ({"shipping_back": '"none"'}, keeps_the_shipping),
}


@pytest.fixture(scope="module")
def turned(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Json]]:
    """A row for each customer, like the one for all others but for one output. An order of each."""
    models = copy_of_our_models(tmp_path_factory.mktemp("designer"))
    for number, (name, (changed, _)) in enumerate(TURNED.items()):
        add_row(
            models, POLICY, f"turned_{number}", {"customer_groups": f'list contains(?, "{name}")'}, INSPECTED | changed
        )
    with deployed(shop, models), ThreadPoolExecutor(len(TURNED)) as pool:
        yield dict(zip(TURNED, pool.map(lambda name: with_shipping(shop, name), TURNED), strict=True))


def with_shipping(shop: Shop, group: str) -> Json:
    """One unit for 20.00 and shipping for 5.00, delivered to a customer of this group."""
    line = shop.line("MUG-WHITE", 1, "20.00")
    groups = [{**shop.body(line)["ship_groups"][0], "charges": [{"type": "shipping", "amount": "5.00", "taxes": []}]}]
    totals = {"items": "20.00", "discounts": "0.00", "charges": "5.00", "taxes": "0.00", "grand_total": "25.00"}
    tenders = [{**shop.body(line)["tenders"][0], "amount": "25.00"}]
    customer = {**shop.body(line)["customer"], "groups": [group]}
    return returns.delivered(shop, line, ship_groups=groups, totals=totals, tenders=tenders, customer=customer)


@pytest.mark.parametrize("name", TURNED)
def test_the_opposite_answer_of_the_policy_has_the_opposite_happen(
    shop: Shop, turned: dict[str, Json], name: str
) -> None:
    TURNED[name][1](shop, turned[name])


def test_without_a_row_turned_round_goods_come_are_inspected_and_then_paid_with_their_shipping(shop: Shop) -> None:
    order = with_shipping(shop, "others")
    before = preview(shop, order)
    number = announced(shop, order)
    receipt = returns.receive(shop, number, _1=1)
    shop.wait_for_task(number, returns.INSPECT)
    unpaid = returns.sums(shop, order)[2]
    returns.judge(shop, number, receipt, _1=1)
    returns.ended(shop, number, "completed")

    assert (before["decision"], before["paid_back"], unpaid) == ("accept", "25.00", "0.00")
    assert returns.sums(shop, order)[2] == "25.00"


def test_a_fee_is_what_the_table_says_for_the_days_that_it_says(shop: Shop, tmp_path: Path) -> None:
    order, late = returns.delivered(shop), returns.delivered(shop, days_ago=34)
    before = [preview(shop, each)["paid_back"] for each in (order, late)]
    models = copy_of_our_models(tmp_path)
    turn(models / FEES, "percent", {"10": "25"})
    text = (models / FEES).read_text()
    assert text.count("[31..44]") == 1
    (models / FEES).write_text(text.replace("[31..44]", "[0..30]"))

    with deployed(shop, models):
        after = [preview(shop, each)["paid_back"] for each in (order, late)]

    assert (before, after) == (["20.00", "18.00"], ["15.00", "20.00"])


def test_a_collection_has_a_flow_and_a_table_of_its_own(shop: Shop, tmp_path: Path) -> None:
    """A designer's copy of both under other keys; messages reach it, and it can end and be started anew."""
    order = returns.delivered(shop)
    models = copy_of_our_models(tmp_path)
    ours = (models / "processes/order-return.bpmn").read_text()
    (models / "processes/quick-return.bpmn").write_text(ours.replace('"order-return"', '"quick-return"'))
    table = (models / POLICY).read_text().replace('<decision id="return-policy"', '<decision id="quick-policy"')
    (models / "decisions/quick-policy.dmn").write_text(table)
    turn(models / "decisions/quick-policy.dmn", "days_to_arrive", {"14": "3"})
    own = '{"return_process": "quick-return", "return_policy": "quick-policy"}'
    change = "UPDATE order_collections SET stored_properties = stored_properties {} WHERE key = 'default'"
    with deployed(shop, models):
        shop.sql(change.format("|| %s::jsonb"), own)
        try:
            number = announced(shop, order)
            returns.arrive(shop, number, _1=1)
            document = returns.ended(shop, number, "completed")
        finally:
            shop.sql(change.format("- 'return_process' - 'return_policy'"))

    [instance] = shop.engine("GET", "/history/process-instance", processInstanceBusinessKey=number)
    assert instance["processDefinitionKey"] == "quick-return"
    days = date.fromisoformat(document["last_day"]) - datetime.fromisoformat(document["announced_at"]).date()
    assert days == timedelta(days=3)
