"""What every inventory adapter promises (integrations/inventory/port.py), seen through its port alone.

Subclass it with a fixture `inventory` that adds the keys it is told to have allocated to the list `allocated`.
"""

from uuid import uuid4

import pytest

from order_api.reservations.port import Inventory, ReceiptReferenceUsed, StockAnswer, StockReceipt

HELD, BACKORDERED, REFUSED = StockAnswer.HELD, StockAnswer.BACKORDERED, StockAnswer.REFUSED


def receipt(sku: str, quantity: int, reference: str = "") -> StockReceipt:
    return StockReceipt(reference or f"R-{uuid4()}", sku, "main", "A", quantity)


class InventoryPromises:
    @pytest.fixture
    def sku(self) -> str:
        return f"SKU-{uuid4()}"

    def test_stock_that_is_there_is_held_and_found(self, inventory: Inventory, sku: str) -> None:
        key = uuid4()
        inventory.receive(receipt(sku, 2))

        assert inventory.hold(key, sku, 2) == HELD == inventory.find(key)

    def test_a_hold_takes_the_whole_quantity_or_waits_for_it(self, inventory: Inventory, sku: str) -> None:
        key = uuid4()
        inventory.receive(receipt(sku, 1))

        assert inventory.hold(key, sku, 2) == BACKORDERED == inventory.find(key)

    def test_a_hold_that_never_arrived_is_not_found(self, inventory: Inventory) -> None:
        assert inventory.find(uuid4()) is None

    def test_a_hold_asked_twice_is_made_once(self, inventory: Inventory, sku: str) -> None:
        key = uuid4()
        inventory.receive(receipt(sku, 4))

        assert [inventory.hold(key, sku, 2) for _ in range(2)] == [HELD, HELD]
        assert inventory.hold(uuid4(), sku, 2) == HELD

    def test_a_receipt_serves_the_oldest_first_and_tells(
        self, inventory: Inventory, sku: str, allocated: list[object]
    ) -> None:
        first, second = uuid4(), uuid4()
        inventory.hold(first, sku, 2)
        inventory.hold(second, sku, 2)

        inventory.receive(receipt(sku, 3))

        assert (inventory.find(first), inventory.find(second)) == (HELD, BACKORDERED)
        assert allocated == [first]

    def test_a_receipt_told_twice_counts_once(self, inventory: Inventory, sku: str) -> None:
        arrived = receipt(sku, 1)
        inventory.receive(arrived)
        inventory.receive(arrived)

        assert [inventory.hold(uuid4(), sku, 1) for _ in range(2)] == [HELD, BACKORDERED]

    def test_a_reference_that_brought_another_quantity_is_refused(self, inventory: Inventory, sku: str) -> None:
        arrived = receipt(sku, 1)
        inventory.receive(arrived)

        with pytest.raises(ReceiptReferenceUsed):
            inventory.receive(receipt(sku, 2, arrived.reference))

    def test_what_is_released_twice_is_given_back_once(self, inventory: Inventory, sku: str) -> None:
        key = uuid4()
        inventory.receive(receipt(sku, 2))
        inventory.hold(key, sku, 2)

        inventory.release(key, sku, 0)
        inventory.release(key, sku, 0)

        assert inventory.find(key) is None
        assert [inventory.hold(uuid4(), sku, 2) for _ in range(2)] == [HELD, BACKORDERED]

    def test_a_hold_that_arrives_after_its_release_comes_to_nothing(self, inventory: Inventory, sku: str) -> None:
        key = uuid4()
        inventory.receive(receipt(sku, 2))

        inventory.release(key, sku, 0)

        assert inventory.hold(key, sku, 2) == REFUSED
        assert inventory.hold(uuid4(), sku, 2) == HELD

    def test_a_shipment_told_twice_leaves_once(self, inventory: Inventory, sku: str) -> None:
        key, shipment = uuid4(), uuid4()
        inventory.receive(receipt(sku, 3))
        inventory.hold(key, sku, 2)

        inventory.take(key, shipment, 1)
        inventory.take(key, shipment, 1)
        inventory.release(key, sku, 1)

        assert [inventory.hold(uuid4(), sku, quantity) for quantity in (2, 1)] == [HELD, BACKORDERED]
