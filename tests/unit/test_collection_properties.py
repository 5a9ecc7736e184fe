"""What a collection may decide, and what it may not."""

import pytest

from order_api.stores.properties import CollectionProperties, CollectionPropertyInvalid


def test_without_properties_a_collection_is_a_shop_that_sends_parcels() -> None:
    properties = CollectionProperties.from_json({})

    assert properties.order_number_length == 14
    assert properties.fulfillment_types == ("ship_to_home",)
    assert properties.tender_types == ("card", "invoice")
    assert properties.tolerance == 0


def test_stored_lists_become_tuples() -> None:
    assert CollectionProperties.from_json({"tender_types": ["card"]}).tender_types == ("card",)


def test_an_unknown_property_is_refused_by_name() -> None:
    with pytest.raises(CollectionPropertyInvalid, match="'edit_windou'"):
        CollectionProperties.from_json({"edit_windou": "PT5M"})


@pytest.mark.parametrize("value", ["30 minutes", "", 30, None])
def test_a_duration_a_process_would_stumble_over_is_refused(value: object) -> None:
    with pytest.raises(CollectionPropertyInvalid, match="edit_window must be an ISO 8601 duration"):
        CollectionProperties.from_json({"edit_window": value})


@pytest.mark.parametrize(
    "changes", [{"order_number_length": 3}, {"order_number_length": 41}, {"order_number_alphabet": "123456789"}]
)
def test_order_numbers_that_anybody_could_guess_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(CollectionPropertyInvalid, match="4 to 40 characters out of at least 10"):
        CollectionProperties.from_json(changes)


def test_the_waiting_times_are_handed_to_the_flow_by_name() -> None:
    assert CollectionProperties(edit_window="PT0S").durations() == {
        "edit_window": "PT0S",
        "review_time_limit": "P1D",
        "payment_time_limit": "P3D",
        "backorder_time_limit": "P14D",
        "shipment_time_limit": "P3D",
        "delivery_time_limit": "P10D",
    }
