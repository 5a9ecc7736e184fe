"""What a customer reads about money that goes back: each means of payment, how much, and when it should be there."""

from datetime import date
from uuid import uuid4

from order_api.notifications.notices import Notice
from order_api.notifications.refund_mail import refund_variables
from order_api.notifications.render import render
from order_api.orders.models import Order, Tender
from order_api.refunds.models import Destination
from order_api.words import TenderType


def test_the_mail_names_each_means_of_payment_its_amount_and_its_day() -> None:
    card, invoice = (Tender(id=uuid4(), type=type_) for type_ in (TenderType.CARD, TenderType.INVOICE))
    order = Order(number="N-1", currency="USD", tenders=[card, invoice], customer_name="Mary")
    rows = [
        (card.id, Destination.ORIGINAL, 19_70, date(2026, 12, 5)),
        (invoice.id, Destination.ORIGINAL, 3_00, None),
        (card.id, Destination.OUTSIDE, 1_00, None),
    ]

    text = render(Notice.REFUND_ON_ITS_WAY, refund_variables(order, rows, 50_00))

    assert "20.70 USD to be paid back for your order N-1" in text
    assert "  19.70 USD to your card, which you should have by 5 December 2026" in text
    assert "  3.00 USD off your invoice\n" in text
    assert "  1.00 USD by bank transfer or in cash" in text
    assert "Your order now costs 50.00 USD." in text
