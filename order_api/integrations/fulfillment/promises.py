"""What every fulfillment adapter promises (integrations/fulfillment/port.py).

Subclass `FulfillmentVendorPromises` with a fixture `vendor` and a method `let_leave`.
"""

from abc import ABC, abstractmethod
from uuid import UUID, uuid4

from order_api.integrations.fulfillment.port import (
    Destination,
    FulfillmentAnswer,
    FulfillmentRequest,
    FulfillmentVendor,
    Recall,
    RequestedItem,
)

ACCEPTED, CANCELED = FulfillmentAnswer.ACCEPTED, FulfillmentAnswer.CANCELED


def request(order_id: UUID | None = None, *quantities: int) -> FulfillmentRequest:
    """A request with one item per quantity; without quantities, one item of two units."""
    key = uuid4()
    return FulfillmentRequest(
        key=key,
        order_id=order_id or uuid4(),
        order_number=key.hex[:14].upper(),
        recipient="Ada Lovelace",
        phone="+1 270 555 0100",
        destination=Destination("1 Analytical Row", "Henderson", "US", region="KY", postal_code="42420"),
        method="standard",
        items=tuple(RequestedItem(uuid4(), "1", "SHIRT", "Shirt, blue", quantity) for quantity in quantities or (2,)),
    )


def units(*requests: FulfillmentRequest) -> dict[UUID, int]:
    """The content of a parcel that holds these requests in full."""
    return {item.item_id: item.quantity for asked in requests for item in asked.items}


class FulfillmentVendorPromises(ABC):
    @abstractmethod
    def let_leave(self, order_id: UUID) -> None:
        """Makes the goods of an order leave the vendor."""

    def test_a_request_is_accepted_and_found(self, vendor: FulfillmentVendor) -> None:
        asked = request()

        assert vendor.send(asked) == ACCEPTED == vendor.find(asked.key)

    def test_a_repeated_request_ships_once(self, vendor: FulfillmentVendor) -> None:
        asked = request()
        vendor.send(asked)
        vendor.send(asked)
        self.let_leave(asked.order_id)

        recall = vendor.recall(asked.key)

        assert recall.parcel is not None
        assert recall.parcel.quantities == units(asked)

    def test_a_request_that_never_arrived_is_not_found(self, vendor: FulfillmentVendor) -> None:
        assert vendor.find(uuid4()) is None

    def test_what_has_not_left_is_recalled(self, vendor: FulfillmentVendor) -> None:
        asked = request()
        vendor.send(asked)

        assert vendor.recall(asked.key) == Recall()
        assert vendor.find(asked.key) == CANCELED

    def test_what_was_recalled_does_not_leave(self, vendor: FulfillmentVendor) -> None:
        asked = request()
        vendor.send(asked)
        vendor.recall(asked.key)

        self.let_leave(asked.order_id)

        assert vendor.recall(asked.key) == Recall()

    def test_goods_that_left_cannot_be_recalled_and_recall_names_the_parcel(self, vendor: FulfillmentVendor) -> None:
        asked = request()
        vendor.send(asked)
        self.let_leave(asked.order_id)

        recall = vendor.recall(asked.key)

        assert recall.parcel is not None
        assert recall.parcel.tracking_number

    def test_what_has_left_is_still_found_as_accepted(self, vendor: FulfillmentVendor) -> None:
        asked = request()
        vendor.send(asked)

        self.let_leave(asked.order_id)

        assert vendor.find(asked.key) == ACCEPTED == vendor.send(asked)

    def test_recalling_twice_gives_the_same_answer(self, vendor: FulfillmentVendor) -> None:
        asked = request()
        vendor.send(asked)
        self.let_leave(asked.order_id)

        assert vendor.recall(asked.key) == vendor.recall(asked.key)

    def test_a_request_that_arrives_after_its_recall_is_not_sent(self, vendor: FulfillmentVendor) -> None:
        asked = request()

        recalled = vendor.recall(asked.key)

        assert recalled == Recall()
        assert vendor.send(asked) == CANCELED

    def test_what_leaves_together_is_one_parcel(self, vendor: FulfillmentVendor) -> None:
        order_id = uuid4()
        first, second = request(order_id, 2), request(order_id, 3)
        vendor.send(first)
        vendor.send(second)
        self.let_leave(order_id)

        recalls = [vendor.recall(asked.key) for asked in (first, second)]

        assert recalls[0] == recalls[1]
        assert recalls[0].parcel is not None
        assert recalls[0].parcel.quantities == units(first, second)

    def test_the_items_of_a_request_leave_together(self, vendor: FulfillmentVendor) -> None:
        asked = request(None, 2, 3)
        vendor.send(asked)
        self.let_leave(asked.order_id)

        recall = vendor.recall(asked.key)

        assert recall.parcel is not None
        assert recall.parcel.quantities == units(asked)
