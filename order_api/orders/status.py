"""Models define the statuses. Python knows only their categories, and which category may follow which."""

from order_api.words import Category

INITIAL_STATUS = "submitted"


ORDER_STATUSES: dict[str, Category] = {
    "submitted": Category.OPEN,
    "on_hold": Category.OPEN,
    "ready_to_edit": Category.OPEN,
    "freeze_edit": Category.OPEN,
    "ready_to_ship": Category.FULFILLING,
    "submitted_to_fulfillment": Category.FULFILLING,
    "partially_shipped": Category.FULFILLING,
    "shipped": Category.FULFILLING,
    "partially_delivered": Category.FULFILLING,
    "delivered": Category.FULFILLING,
    "completed": Category.DONE,
    "canceled": Category.CANCELED,
}

ITEM_STATUSES: dict[str, Category] = {
    "submitted": Category.OPEN,
    "backordered": Category.OPEN,
    "reserved": Category.OPEN,
    "ready_to_ship": Category.FULFILLING,
    "submitted_to_fulfillment": Category.FULFILLING,
    "unable_to_ship": Category.FULFILLING,
    "shipped": Category.FULFILLING,
    "unable_to_deliver": Category.FULFILLING,
    "ready_for_pickup": Category.FULFILLING,
    "picked_up": Category.DONE,
    "delivered": Category.DONE,
    "return_submitted": Category.DONE,
    "returned": Category.RETURNED,
    "canceled": Category.CANCELED,
}

FINAL = frozenset({Category.CANCELED, Category.RETURNED})


def may_follow(before: Category, after: Category) -> bool:
    """Canceled and returned are final; done may only become returned."""
    if before in FINAL:
        return False
    return before != Category.DONE or after in (Category.DONE, Category.RETURNED)


def category_of(status: str, categories: dict[str, Category], stated: str | None) -> Category:
    """A default status has a fixed category. For a designer's own status the model states it; otherwise it is open."""
    return categories.get(status) or Category(stated or Category.OPEN)
