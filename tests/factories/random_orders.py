"""Random orders that add up: the body to send, and the same order for the second reckoning.

They vary the currency (0, 2 or 3 decimals), the tax mode, discounts of lines, charges and the order, and charges of
lines, ship groups and the order.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import NamedTuple

from tests.factories.orders import Json, order_body, ship_group
from tests.factories.second_reckoning import GoodsLine, Part, SecondReckoning

DECIMALS = {"JPY": 0, "USD": 2, "KWD": 3}
RATES = ["0.07", "0.19", "0.0825", "0.1"]


def in_text(minor: int, currency: str) -> str:
    return f"{Decimal(minor).scaleb(-DECIMALS[currency]):f}"


@dataclass
class RandomOrder:
    body: Json
    second: SecondReckoning


def random_order(dice: Random, dearest: int = 9_999_999, skus: int = 4) -> RandomOrder:
    """`dearest` is the highest unit price in minor units; the lines take the articles SKU-1 to SKU-`skus`."""
    return _Maker(dice, dearest).order(skus)


class _Maker:
    def __init__(self, dice: Random, dearest: int) -> None:
        self.dice = dice
        self.currency = dice.choice(sorted(DECIMALS))
        self.included = dice.random() < 0.5
        self.dearest = min(dearest, dice.choice([9, 99, 9_999, 9_999_999]))

    def order(self, skus: int) -> RandomOrder:
        groups = range(self.dice.randint(1, 3))
        goods = [self._goods(number, self.dice.choice(groups)) for number in range(1, self.dice.randint(1, skus) + 1)]
        discount = self._some_of(sum(one.amount for one in goods))
        split = shares([one.amount for one in goods], discount)
        made = [self._line(one, share) for one, share in zip(goods, split, strict=True)]
        lines, items = [line for line, _ in made], [item for _, item in made]
        used = sorted({line.group for line in lines})
        of_groups = {group: self._charges(2) for group in used}
        of_order = self._charges(1)
        second = SecondReckoning(
            lines, {group: parts for group, (parts, _) in of_groups.items()}, of_order[0], self.included
        )
        body = order_body(
            *items,
            currency=self.currency,
            tax_included=self.included,
            ship_groups=[ship_group(id=f"G{group}", charges=of_groups[group][1]) for group in used],
            charges=of_order[1],
            discounts=self._order_discounts(discount, split),
        )
        return RandomOrder(body if second.placed else {**body, "tenders": []}, second)

    def _goods(self, number: int, group: int) -> "_Goods":
        """A unit price may have one decimal more than the currency."""
        quantity, tenths = self.dice.randint(1, 7), self.dice.randint(0, 10 * self.dearest)
        amount = int((Decimal(tenths * quantity) / 10).quantize(Decimal(1), ROUND_HALF_UP))
        discount = self._some_of(amount)
        item: Json = {
            "line_id": str(number),
            "ship_group": f"G{group}",
            "sku": f"SKU-{number}",
            "name": f"Thing {number}",
        }
        item |= {"quantity": quantity, "unit_price": f"{Decimal(tenths).scaleb(-self._decimals - 1):f}"}
        item |= {"discounts": self._discounts(discount)}
        return _Goods(amount - discount, quantity, group, item)

    def _line(self, goods: "_Goods", share: int) -> tuple[GoodsLine, Json]:
        part, taxes = self._taxed(goods.amount - share)
        parts, charges = self._charges(2)
        return GoodsLine(part, goods.quantity, goods.group, parts), {**goods.item, "taxes": taxes, "charges": charges}

    def _charges(self, most: int) -> tuple[list[Part], list[Json]]:
        parts, sent = [], []
        for type_ in ["shipping", "handling"][: self.dice.randint(0, most)]:
            amount = self.dice.randint(0, self.dearest)
            discount = self._some_of(amount)
            part, taxes = self._taxed(amount - discount)
            parts.append(part)
            discounts = self._discounts(discount)
            sent.append({"type": type_, "amount": self._text(amount), "discounts": discounts, "taxes": taxes})
        return parts, sent

    def _taxed(self, amount: int) -> tuple[Part, list[Json]]:
        rates = self.dice.sample(RATES, self.dice.randint(0, 2))
        divisor = 1 + sum(map(Decimal, rates)) if self.included else Decimal(1)
        taxes = [int((amount * Decimal(rate) / divisor).quantize(Decimal(1), ROUND_HALF_UP)) for rate in rates]
        sent = [
            {"name": f"tax {n}", "rate": rate, "amount": self._text(tax)}
            for n, (rate, tax) in enumerate(zip(rates, taxes, strict=True))
        ]
        return Part(amount, taxes), sent

    def _some_of(self, amount: int) -> int:
        """Half of all parts are not discounted; a few cost nothing in the end."""
        if self.dice.random() < 0.5:
            return 0
        return amount if self.dice.random() < 0.1 else self.dice.randint(0, amount // 2)

    def _discounts(self, amount: int) -> list[Json]:
        return [{"code": "LESS", "amount": self._text(amount)}] if amount else []

    def _order_discounts(self, amount: int, split: list[int]) -> list[Json]:
        """Half of the channels leave the split to the service."""
        sent = [{"line_id": str(n), "amount": self._text(share)} for n, share in enumerate(split, 1)]
        with_shares = {"shares": sent} if self.dice.random() < 0.5 else {}
        return [{**discount, **with_shares} for discount in self._discounts(amount)]

    @property
    def _decimals(self) -> int:
        return DECIMALS[self.currency]

    def _text(self, minor: int) -> str:
        return in_text(minor, self.currency)


class _Goods(NamedTuple):
    """A line before the discount of the order and taxes; `amount` is after its own discounts."""

    amount: int
    quantity: int
    group: int
    item: Json


def shares(amounts: list[int], discount: int) -> list[int]:
    """Splits the discount in proportion to the amounts; what is left goes to the largest remainders, then in order."""
    whole = sum(amounts) or 1
    floors = [discount * amount // whole for amount in amounts]
    by_remainder = sorted(range(len(amounts)), key=lambda n: (-(discount * amounts[n] % whole), n))
    raised = set(by_remainder[: discount - sum(floors)])
    return [floor + (n in raised) for n, floor in enumerate(floors)]
