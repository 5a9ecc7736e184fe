"""Writes the bill into the order document."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from uuid import UUID

from order_api.bill.models import Adjustment
from order_api.orders.models import OrderCharge, OrderItem, OrderTax
from order_api.overview.amounts import Amounts
from order_api.overview.document_bill import AdjustedTaxAnswer, AdjustmentAnswer, BillAnswer, LineBillAnswer
from order_api.overview.read import OrderView
from order_api.payments.balance import money_of
from order_api.proof.bill import Bill, balance_of


class BillOfOrder:
    def __init__(self, view: OrderView, amounts: Amounts) -> None:
        self.view = view
        self.amounts = amounts
        self._adjusted = Counter[UUID]()
        self._before_departure = Counter[UUID]()
        for row in view.adjustments:
            if row.tax_id is None and row.item_id is not None:
                self._adjusted[row.item_id] += row.amount
                self._before_departure[row.item_id] += row.amount if row.is_before_departure else 0

    def whole(self) -> BillAnswer:
        bill, text = self.view.bill, self.amounts.text
        balance = balance_of(bill, money_of(self.view.transactions))
        return BillAnswer(
            placed=text(bill.placed),
            adjusted=text(bill.adjusted),
            due=text(balance.due),
            to_capture=text(balance.to_capture),
            captured=text(balance.captured),
            refunded=text(balance.refunded),
            written_off=text(balance.written_off),
            outstanding=text(balance.outstanding),
            adjustments=[self._adjustment(rows) for rows in _grouped(self.view.adjustments)],
        )

    def line(self, item: OrderItem) -> LineBillAnswer:
        bill, text = self.of_line(item), self.amounts.text
        return LineBillAnswer(text(bill.placed), text(bill.due), text(bill.remaining))

    def of_line(self, item: OrderItem) -> Bill:
        """The line with its own charges."""
        parcels = self.view.parcels_by_line.get(item.id, {})
        return Bill(self._placed(item), self._adjusted[item.id], self._before_departure[item.id], parcels)

    def _placed(self, item: OrderItem) -> int:
        return self._gross(item) + sum(self._gross(charge) for charge in self.view.owned.charges[item.id])

    def _gross(self, part: OrderItem | OrderCharge) -> int:
        taxes = 0 if self.view.order.tax_included else sum(tax.amount for tax in self.view.owned.taxes[part.id])
        return part.amount_after_discounts + taxes

    def _adjustment(self, rows: list[Adjustment]) -> AdjustmentAnswer:
        gross, *taxes = rows
        item, charge = self._items.get(gross.item_id), self._charges.get(gross.charge_id)
        return AdjustmentAnswer(
            kind=gross.kind,
            fee_type=gross.fee_type,
            cause_kind=gross.cause_kind,
            cause_id=gross.cause_id,
            line_id=item.line_id if item else None,
            charge_type=charge.type if charge else None,
            ship_group=self._groups.get(charge.ship_group_id) if charge else None,
            first_unit=gross.first_unit,
            quantity=gross.quantity,
            amount=self.amounts.text(gross.amount),
            taxes=[self._tax(row) for row in taxes],
            at=gross.at,
        )

    def _tax(self, row: Adjustment) -> AdjustedTaxAnswer:
        tax = self._taxes[row.tax_id]
        return AdjustedTaxAnswer(tax.name, f"{tax.rate:f}", self.amounts.text(row.amount))

    @cached_property
    def _items(self) -> dict[UUID | None, OrderItem]:
        return {item.id: item for item in self.view.order.items}

    @cached_property
    def _charges(self) -> dict[UUID | None, OrderCharge]:
        return {charge.id: charge for charge in self.view.order.charges}

    @cached_property
    def _groups(self) -> dict[UUID | None, str]:
        return {group.id: group.key for group in self.view.order.ship_groups}

    @cached_property
    def _taxes(self) -> dict[UUID | None, OrderTax]:
        return {tax.id: tax for tax in self.view.order.taxes}


def _grouped(rows: Iterable[Adjustment]) -> Iterable[list[Adjustment]]:
    """The gross and its taxes together."""
    return (
        list(group)
        for _, group in groupby(rows, lambda r: (r.cause_id, r.item_id, r.charge_id, r.first_unit, r.fee_type))
    )
