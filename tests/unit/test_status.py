"""Python knows the category of a status and one rule: canceled and returned are final, done leads only to returned."""

import pytest

from order_api.orders.status import ITEM_STATUSES, ORDER_STATUSES, category_of, may_follow
from order_api.words import Category

OPEN, FULFILLING, DONE = Category.OPEN, Category.FULFILLING, Category.DONE
CANCELED, RETURNED = Category.CANCELED, Category.RETURNED


@pytest.mark.parametrize("final", [CANCELED, RETURNED])
@pytest.mark.parametrize("after", list(Category))
def test_nothing_follows_a_final_status(final: Category, after: Category) -> None:
    assert not may_follow(final, after)


@pytest.mark.parametrize(
    ("after", "allowed"), [(OPEN, False), (FULFILLING, False), (CANCELED, False), (RETURNED, True)]
)
def test_done_leads_to_no_other_category_than_returned(after: Category, allowed: bool) -> None:
    assert may_follow(DONE, after) is allowed


def test_a_done_item_may_change_to_another_done_status() -> None:
    assert may_follow(DONE, DONE)


@pytest.mark.parametrize("before", [OPEN, FULFILLING])
@pytest.mark.parametrize("after", list(Category))
def test_before_the_end_the_model_decides_what_follows(before: Category, after: Category) -> None:
    assert may_follow(before, after)


def test_a_default_status_keeps_its_category_against_the_model() -> None:
    assert category_of("canceled", ORDER_STATUSES, "open") == CANCELED


@pytest.mark.parametrize(("stated", "category"), [("fulfilling", FULFILLING), (None, OPEN)])
def test_a_designers_status_has_its_stated_category_or_open(stated: str | None, category: Category) -> None:
    assert category_of("gift_wrapping", ITEM_STATUSES, stated) == category


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(ValueError, match="wrapped"):
        category_of("gift_wrapping", ITEM_STATUSES, "wrapped")
