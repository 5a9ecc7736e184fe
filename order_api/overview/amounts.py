"""The money parts of the order document: amounts as decimal strings of the order's currency."""

from uuid import UUID

from order_api.core import money
from order_api.orders.models import OrderCharge
from order_api.overview.document import TotalsAnswer
from order_api.overview.document_parts import ChargeAnswer, DiscountAnswer, PaymentAnswer, TaxAnswer, TenderAnswer
from order_api.overview.read import OrderView
from order_api.payments.models import PaymentTransaction


class Amounts:
    """The amounts of one order. `owner_id` is the id of an item, ship group or charge; None is the order itself."""

    def __init__(self, view: OrderView) -> None:
        self.view = view
        self._refunds: dict[UUID | None, str] = {refund.id: refund.number for refund in view.refunds}

    def text(self, minor: int) -> str:
        return money.to_text(minor, self.view.order.currency)

    def discounts(self, owner_id: UUID | None) -> list[DiscountAnswer]:
        own = self.view.owned.discounts[owner_id]
        return [DiscountAnswer(row.code, self.text(row.amount), row.share_of_id is not None) for row in own]

    def taxes(self, owner_id: UUID) -> list[TaxAnswer]:
        own = self.view.owned.taxes[owner_id]
        return [TaxAnswer(row.id, row.name, f"{row.rate:f}", self.text(row.amount)) for row in own]

    def charges(self, owner_id: UUID | None) -> list[ChargeAnswer]:
        return [self._charge(row) for row in self.view.owned.charges[owner_id]]

    def _charge(self, row: OrderCharge) -> ChargeAnswer:
        return ChargeAnswer(
            id=row.id,
            type=row.type,
            name=row.name,
            amount=self.text(row.amount),
            amount_after_discounts=self.text(row.amount_after_discounts),
            discounts=self.discounts(row.id),
            taxes=self.taxes(row.id),
        )

    def totals(self) -> TotalsAnswer:
        order = self.view.order
        return TotalsAnswer(
            items=self.text(order.items_total),
            discounts=self.text(order.discounts_total),
            charges=self.text(order.charges_total),
            taxes=self.text(order.taxes_total),
            grand_total=self.text(order.grand_total),
        )

    def tenders(self) -> list[TenderAnswer]:
        text, rows = self.text, self.view.order.tenders
        return [TenderAnswer(r.id, r.type, text(r.amount), text(r.placed_with), r.is_active) for r in rows]

    def payments(self) -> list[PaymentAnswer]:
        return [self._payment(row) for row in self.view.transactions]

    def _payment(self, row: PaymentTransaction) -> PaymentAnswer:
        return PaymentAnswer(
            id=row.id,
            tender_id=row.tender_id,
            kind=row.kind,
            status=row.status,
            amount=self.text(row.amount),
            parent_id=row.parent_id,
            refund=self._refunds.get(row.refund_id),
            shipment_id=row.shipment_id,
            reference=row.reference,
            decline_code=row.decline_code,
            trace_number=row.trace_number,
            expected_by=row.expected_by,
            requested_at=row.requested_at,
            settled_at=row.settled_at,
        )
