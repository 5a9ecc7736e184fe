"""The allowed and the refused properties of a collection."""

import pytest

from order_api.stores.models import OrderCollection
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


def test_properties_are_refused_where_they_are_set() -> None:
    collection = OrderCollection(key="shop", name="Shop", stored_properties={"edit_window": "PT5M"})

    with pytest.raises(CollectionPropertyInvalid, match="tolerance"):
        collection.stored_properties = {"tolerance": "1"}

    assert collection.properties.edit_window == "PT5M"


NO_DURATIONS = ["30 minutes", "", 30, None, ["PT5M"], "P", "PT", "P1DT", "pt5m", "PT5M\n", "PT٥M"]
OF_ISO_ONLY = ["PT0.5H", "P1.5D", "P2W3D", "P1WT1H", "-PT5M", "P-1D", "+PT5M", "PT5,5S", "PT.5S", "PT99999999999H"]


@pytest.mark.parametrize("value", [*NO_DURATIONS, *OF_ISO_ONLY])
def test_a_duration_a_process_would_stumble_over_is_refused(value: object) -> None:
    with pytest.raises(CollectionPropertyInvalid, match="edit_window must be an ISO 8601 duration"):
        CollectionProperties.from_json({"edit_window": value})


@pytest.mark.parametrize("value", ["PT0S", "PT15S", "PT1.5S", "P1D", "P1DT12H", "P1Y2M3DT4H5M6.789S", "P2W", "PT48H"])
def test_a_duration_that_the_engine_takes_is_taken(value: str) -> None:
    assert CollectionProperties.from_json({"edit_window": value}).edit_window == value


@pytest.mark.parametrize("name", ["fulfillment_types", "tender_types"])
@pytest.mark.parametrize("value", ["card", [], ["digital"], ["gift_card"], [1], None, {"card": True}])
def test_a_collection_offers_only_what_is_carried_out(name: str, value: object) -> None:
    with pytest.raises(CollectionPropertyInvalid, match=f"{name} must list one or more of"):
        CollectionProperties.from_json({name: value})


@pytest.mark.parametrize("value", [-1, 101, "1", 1.5, True, None])
def test_a_tolerance_is_a_whole_number_of_minor_units(value: object) -> None:
    with pytest.raises(CollectionPropertyInvalid, match="tolerance must be a whole number"):
        CollectionProperties.from_json({"tolerance": value})


@pytest.mark.parametrize("value", ["0123456789-", "ÄÖÜ0123456789", "01234 56789", "", 1234567890, ["A", "B"], None])
def test_order_numbers_consist_of_letters_and_digits(value: object) -> None:
    with pytest.raises(CollectionPropertyInvalid, match="ASCII letters and digits"):
        CollectionProperties.from_json({"order_number_alphabet": value})


@pytest.mark.parametrize("value", ["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "UTC"])
def test_a_time_zone_is_known_by_its_name(value: str) -> None:
    assert CollectionProperties.from_json({"time_zone": value}).time_zone == value


@pytest.mark.parametrize("value", ["CET+1", "Berlin", "", "../../etc/passwd", "+01:00", 1, None])
def test_an_unknown_time_zone_is_refused(value: object) -> None:
    with pytest.raises(CollectionPropertyInvalid, match="time_zone must be a name like Europe/Berlin"):
        CollectionProperties.from_json({"time_zone": value})


def test_an_alphabet_that_repeats_a_character_is_refused() -> None:
    """The repeated character would be drawn twice as often."""
    with pytest.raises(CollectionPropertyInvalid, match="must not repeat a character"):
        CollectionProperties.from_json({"order_number_alphabet": "00123456789"})


@pytest.mark.parametrize(
    "changes",
    [
        {"order_number_length": 3},
        {"order_number_length": 41},
        {"order_number_length": "14"},
        {"order_number_length": 14.0},
        {"order_number_length": True},
        {"order_number_alphabet": "123456789"},
    ],
)
def test_order_numbers_that_are_easy_to_guess_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(CollectionPropertyInvalid, match="4 to 40 characters out of at least 10"):
        CollectionProperties.from_json(changes)


def test_every_waiting_time_is_named() -> None:
    assert CollectionProperties(edit_window="PT0S").durations() == {
        "edit_window": "PT0S",
        "review_time_limit": "P1D",
        "payment_time_limit": "P3D",
        "backorder_time_limit": "P14D",
        "shipment_time_limit": "P3D",
        "delivery_time_limit": "P10D",
        "refund_time_limit": "P3D",
        "gateway_answer_limit": "PT1H",
        "return_time_limit": "P30D",
        "return_reminder_window": "P5D",
        "inspection_time_limit": "P2D",
    }


@pytest.mark.parametrize("name", ["return_process", "return_policy"])
@pytest.mark.parametrize("key", ["", "two words", 7, None, "a" * 101, "order/return"])
def test_a_key_of_a_model_is_one_that_the_engine_knows(name: str, key: object) -> None:
    with pytest.raises(CollectionPropertyInvalid, match=f"{name} must be the key of a model"):
        CollectionProperties.from_json({name: key})
