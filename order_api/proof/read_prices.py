"""From the JSON of a channel to a `PricedOrder`: amounts become minor units, one with too many decimals is named."""

from typing import Any

from order_api.core import money
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
    """Reads one order; what it stumbled over is in `PricedOrder.unreadable`."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.differences: list[Difference] = []

    def order(self, body: Json) -> PricedOrder:
        lines = [self._line(item, f"items.{i}") for i, item in enumerate(body["items"])]
        positions = {line.key: i for i, line in enumerate(lines)}
        groups = enumerate(body["ship_groups"])
        return PricedOrder(
            currency=self.currency,
            tax_included=body["tax_included"],
            lines=lines,
            group_charges={g["id"]: self._charges(g, f"ship_groups.{i}") for i, g in groups},
            charges=self._charges(body, ""),
            discounts=[self._order_discount(d, i, positions) for i, d in enumerate(body["discounts"])],
            tenders=[self._amount(t, f"tenders.{i}") for i, t in enumerate(body["tenders"])],
            totals={name: self._amount(body["totals"], "totals", name) for name in body["totals"]},
            unreadable=self.differences,
        )

    def _line(self, item: Json, path: str) -> PricedLine:
        return PricedLine(
            field=path,
            key=item["id"],
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
        named = discount.get("eligible_items", list(positions))
        eligible = {self._position(key, f"{path}.eligible_items.{i}", positions) for i, key in enumerate(named)}
        sent_shares = self._shares(discount, path, positions) if "shares" in discount else None
        return PricedOrderDiscount(
            path, discount["code"], self._amount(discount, path), sorted(eligible - {UNKNOWN}), sent_shares
        )

    def _shares(self, discount: Json, path: str, positions: dict[str, int]) -> list[PricedShare]:
        shares: dict[int, PricedShare] = {}
        for index, share in enumerate(discount["shares"]):
            field = f"{path}.shares.{index}"
            position = self._position(share["item"], f"{field}.item", positions)
            if position in shares:
                message = "One share per item."
                self.differences.append(Difference(f"{field}.item", "repeated_item", message, sent=share["item"]))
            amount = self._amount(share, field)
            if position != UNKNOWN:
                shares.setdefault(position, PricedShare(field, share["item"], position, amount))
        return list(shares.values())

    def _position(self, key: str, path: str, positions: dict[str, int]) -> int:
        if key not in positions:
            self.differences.append(Difference(path, "unknown_item", "No item has this id.", sent=key))
        return positions.get(key, UNKNOWN)

    def _amount(self, owner: Json, path: str, name: str = "amount") -> int:
        try:
            return money.to_minor(owner[name], self.currency)
        except money.TooManyDecimals as error:
            sent = f"{owner[name]:f}"
            self.differences.append(Difference(f"{path}.{name}", "too_many_decimals", str(error), sent=sent))
            return 0
