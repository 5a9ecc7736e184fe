"""What each tender pays of an amount: in capture order, and never more than its amount or than it holds."""

from random import Random
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from order_api.core.outside import CallStatus
from order_api.orders.models import Order, Tender
from order_api.payments.hold import shares, unused
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.words import TenderType

AUTHORIZE, CAPTURE, WRITE_OFF = TransactionKind.AUTHORIZE, TransactionKind.CAPTURE, TransactionKind.WRITE_OFF
VOID = TransactionKind.VOID


class Paying:
    """An order that is paid by tenders, without a database."""

    def __init__(self, dice: Random) -> None:
        self.dice, self.rows = dice, list[PaymentTransaction]()
        types = [TenderType.INVOICE, TenderType.CARD, TenderType.CARD]
        self.order = Order(tenders=[self.tender(dice.choice(types), dice.randint(0, 50)) for _ in range(3)])
        self.number_tenders()
        self.due = sum(tender.amount for tender in self.order.tenders)

    def tender(self, type_: str, amount: int) -> Tender:
        return Tender(id=uuid4(), type=type_, amount=amount)

    def number_tenders(self) -> None:
        for position, tender in enumerate(self.order.tenders, 1):
            tender.position = position

    def add(self, tender: Tender, kind: TransactionKind, amount: int, status: CallStatus = CallStatus.DONE) -> None:
        row = PaymentTransaction(id=uuid4(), tender_id=tender.id, kind=kind, amount=amount, status=status)
        self.rows.append(row)

    def sum(self, tender: Tender, *kinds: TransactionKind) -> int:
        own = [row for row in self.rows if row.tender_id == tender.id and row.kind in kinds]
        return sum(row.amount for row in own if row.status == CallStatus.DONE)

    @property
    def outstanding(self) -> int:
        return self.due - sum(self.sum(tender, CAPTURE, WRITE_OFF) for tender in self.order.tenders)

    # The acts.

    def cancel(self) -> None:
        self.due -= self.dice.randint(0, self.outstanding)

    def authorize(self) -> None:
        for tender, share in shares(self.order, self.rows, self.outstanding):
            if share and not self.sum(tender, AUTHORIZE):
                status = self.dice.choice([CallStatus.DONE, CallStatus.DONE, CallStatus.DECLINED])
                self.add(tender, AUTHORIZE, share, status)

    def capture(self) -> None:
        for tender, share in shares(self.order, self.rows, self.dice.randint(0, self.outstanding)):
            if share and self.sum(tender, AUTHORIZE):
                self.add(tender, CAPTURE, share, self.dice.choice([CallStatus.DONE, CallStatus.DECLINED]))

    def write_off(self) -> None:
        for tender, share in shares(self.order, self.rows, self.dice.randint(0, self.outstanding)):
            if share:
                self.add(tender, WRITE_OFF, share)
                self.rows[-1].shipment_id = uuid4()

    def replace(self) -> None:
        declined = self.dice.choice([tender for tender in self.order.tenders if tender.is_active])
        new = self.tender(declined.type, unused(declined, self.rows))
        declined.amount, declined.replaced_by_id = declined.amount - new.amount, new.id
        self.order.tenders.append(new)
        self.number_tenders()
        held = self.sum(declined, AUTHORIZE) - self.sum(declined, CAPTURE, VOID)
        if held:
            self.add(declined, VOID, held)


ACTS = (Paying.cancel, Paying.authorize, Paying.capture, Paying.write_off, Paying.replace)


@given(seed=st.integers(0, 2**64))
def test_no_tender_pays_more_than_its_amount_or_than_it_holds(seed: int) -> None:
    paying = Paying(Random(seed))
    placed = sum(tender.amount for tender in paying.order.tenders)
    for _ in range(paying.dice.randint(1, 12)):
        paying.dice.choice(ACTS)(paying)

        for tender in paying.order.tenders:
            assert paying.sum(tender, CAPTURE, WRITE_OFF) <= tender.amount, f"{seed=}"
            assert paying.sum(tender, CAPTURE, VOID) <= paying.sum(tender, AUTHORIZE), f"{seed=}"
        assert sum(tender.amount for tender in paying.order.tenders) == placed
        assert paying.outstanding >= 0


def replacing(*amounts: int) -> tuple[Order, list[UUID]]:
    """Cards of these amounts, of which a new one replaces the first."""
    cards = [Tender(id=uuid4(), type=TenderType.CARD, amount=amount, position=n) for n, amount in enumerate(amounts, 1)]
    new = Tender(id=uuid4(), type=TenderType.CARD, amount=cards[0].amount, position=len(cards) + 1)
    cards[0].amount, cards[0].replaced_by_id = 0, new.id
    return Order(tenders=[*cards, new]), [new.id, *(card.id for card in cards[1:])]


def test_a_new_card_takes_the_place_of_the_one_that_it_replaces() -> None:
    order, ids = replacing(30, 20)

    assert [(tender.id, share) for tender, share in shares(order, [], 40)] == [(ids[0], 30), (ids[1], 10)]
