"""Fees in the words of the worked cases."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from uuid import UUID

from order_api.proof.fees import Fee, FeeTax, Fixed, Per, Percent, TakenFee
from order_api.proof.remaining import Parts
from tests.factories.orders import Json

Text = Callable[[int], str]


def fee_of_case(sent: Json, lines: Collection[UUID], minor: Callable[[str], int]) -> Fee:
    size: Percent | Fixed = (
        Percent(Decimal(sent["percent"]), of_net=sent["of"] == "net")
        if "percent" in sent
        else Fixed(minor(sent["amount"]), Per(sent["per"]))
    )
    return Fee(sent["type"], size, lines, FeeTax(sent["tax"]))


def fee_in_words(taken: TakenFee, names: Mapping[UUID | None, str], text: Text) -> Json:
    asked = {"asked": text(taken.asked)} if taken.asked > taken.amount else {}
    by_line = {names[each.item_id]: parts_in_words(each.parts, text) for each in taken.of_lines}
    return {"type": taken.fee.type, "amount": text(taken.amount), **asked, "by_line": by_line}


def parts_in_words(parts: Parts, text: Text) -> Json:
    return {"gross": text(parts.gross), "net": text(parts.net), "taxes": [text(tax) for tax in parts.taxes.values()]}
