"""The capture order of tenders, and their names in sentences."""

from order_api.orders.models import Tender


def test_a_tender_of_another_package_is_captured_with_the_cards_in_the_order_they_were_sent() -> None:
    sent = ["invoice", "wallet", "card", "gift_card", "store_credit", "shells"]
    tenders = [Tender(type=word, position=position) for position, word in enumerate(sent)]

    captured = sorted(tenders, key=lambda tender: tender.capture_rank)

    assert [t.type for t in captured] == ["store_credit", "gift_card", "wallet", "card", "shells", "invoice"]


def test_a_sentence_calls_a_tender_by_words() -> None:
    assert Tender(type="gift_card").name == "gift card"
