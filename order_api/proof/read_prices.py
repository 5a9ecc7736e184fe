"""Reads a channel's JSON into a `PricedOrder`: converts amounts to minor units and lists those that cannot be read."""

from typing import Any

from order_api.core import money
from order_api.core.keys import compared
from order_api.proof.priced_order import (
    Difference,
    PricedCharge,
    PricedDiscount,
    PricedLine,
    PricedOrder,
    PricedOrderDiscount,
    PricedShare,
    PricedTax,
)

Json = dict[str, Any]
UNKNOWN = -1


class PriceReader:
    """Reads one order; `PricedOrder.unreadable` lists what it could not read."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.differences: list[Difference] = []

    def order(self, body: Json) -> PricedOrder:
        lines = [self._line(item, f"items.{i}") for i, item in enumerate(body["items"])]
        positions = {compared(line.line_id): i for i, line in enumerate(lines)}
        groups = enumerate(body["ship_groups"])
        return PricedOrder(
            currency=self.currency,
            tax_included=body["tax_included"],
            lines=lines,
            group_charges={compared(g["id"]): self._charges(g, f"ship_groups.{i}") for i, g in groups},
            charges=self._charges(body, ""),
            discounts=[self._order_discount(d, i, positions) for i, d in enumerate(body["discounts"])],
            tenders=[self._amount(t, f"tenders.{i}") for i, t in enumerate(body["tenders"])],
            totals={name: self._amount(body["totals"], "totals", name) for name in body["totals"]},
            unreadable=self.differences,
        )

    def _line(self, item: Json, path: str) -> PricedLine:
        return PricedLine(
            field=path,
            line_id=item["line_id"],
            unit_price=item["unit_price"],
            list_price=item["list_price"] if "list_price" in item else item["unit_price"],
            quantity=item["quantity"],
            amount=money.line_amount(item["unit_price"], item["quantity"], self.currency),
            discounts=self._discounts(item, path),
            taxes=self._taxes(item, path),
            charges=self._charges(item, f"{path}."),
        )

    def _charges(self, owner: Json, path: str) -> list[PricedCharge]:
        prefix = path if path.endswith(".") or not path else f"{path}."
        return [self._charge(charge, f"{prefix}charges.{i}") for i, charge in enumerate(owner["charges"])]

    def _charge(self, charge: Json, path: str) -> PricedCharge:
        discounts, taxes = self._discounts(charge, path), self._taxes(charge, path)
        return PricedCharge(path, charge["type"], charge.get("name"), self._amount(charge, path), discounts, taxes)

    def _discounts(self, owner: Json, path: str) -> list[PricedDiscount]:
        fields = ((f"{path}.discounts.{i}", d) for i, d in enumerate(owner["discounts"]))
        return [PricedDiscount(field, d["code"], self._amount(d, field)) for field, d in fields]

    def _taxes(self, owner: Json, path: str) -> list[PricedTax]:
        fields = ((f"{path}.taxes.{i}", t) for i, t in enumerate(owner["taxes"]))
        return [PricedTax(field, t["name"], t["rate"], self._amount(t, field)) for field, t in fields]

    def _order_discount(self, discount: Json, index: int, positions: dict[str, int]) -> PricedOrderDiscount:
        path = f"discounts.{index}"
        named = discount.get("eligible_lines", list(positions))
        eligible = {self._position(line_id, f"{path}.eligible_lines.{i}", positions) for i, line_id in enumerate(named)}
        sent_shares = self._shares(discount, path, positions) if "shares" in discount else None
        return PricedOrderDiscount(
            path, discount["code"], self._amount(discount, path), sorted(eligible - {UNKNOWN}), sent_shares
        )

    def _shares(self, discount: Json, path: str, positions: dict[str, int]) -> list[PricedShare]:
        shares: dict[int, PricedShare] = {}
        for index, share in enumerate(discount["shares"]):
            field = f"{path}.shares.{index}"
            line_id = share["line_id"]
            position = self._position(line_id, f"{field}.line_id", positions)
            if position in shares:
                message = "One share per line."
                self.differences.append(Difference(f"{field}.line_id", "repeated_line", message, sent=line_id))
            amount = self._amount(share, field)
            if position != UNKNOWN:
                shares.setdefault(position, PricedShare(field, line_id, position, amount))
        return list(shares.values())

    def _position(self, line_id: str, path: str, positions: dict[str, int]) -> int:
        if line_id not in positions:
            self.differences.append(Difference(path, "unknown_line", "No item has this line_id.", sent=line_id))
        return positions.get(line_id, UNKNOWN)

    def _amount(self, owner: Json, path: str, name: str = "amount") -> int:
        try:
            return money.to_minor(owner[name], self.currency)
        except money.TooManyDecimals as error:
            sent = f"{owner[name]:f}"
            self.differences.append(Difference(f"{path}.{name}", "too_many_decimals", str(error), sent=sent))
            return 0
