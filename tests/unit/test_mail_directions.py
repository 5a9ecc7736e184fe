"""A text that runs from right to left moves no words around it."""

from order_api.notifications.notices import Notice
from order_api.notifications.render import render


def test_a_text_from_right_to_left_is_isolated_and_others_are_as_they_were() -> None:
    order = {"number": "N-1", "customer_name": "שרה"}
    items = [(2, {"name": "abc\u202edef"}), (1, {"name": "Mug"})]

    text = render(Notice.ORDER_CONFIRMED, {"order": order, "items": items, "due": "10.00 USD"})

    assert "Hello\u2068 שרה\u2069," in text
    assert "2 x \u2068abc\u202edef\u2069\n" in text
    assert "1 x Mug\n" in text
