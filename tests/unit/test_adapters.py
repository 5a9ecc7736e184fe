"""Adapters are found by the entry points of the installed packages: ours and others."""

import importlib

import pytest

from order_api.core.settings import settings
from order_api.integrations.adapters import AdapterAmbiguous, AdapterNotInstalled, Port, adapter, keys
from order_api.integrations.fraud.registry import screener
from order_api.integrations.mail.registry import carrier
from order_api.integrations.payment import tender_types
from tests.fixtures.packages import Install


@pytest.mark.parametrize(
    ("port", "builtin"),
    [
        (Port.PAYMENT, ("card", "invoice")),
        (Port.FULFILLMENT, ("main",)),
        (Port.MAIL, ("smtp",)),
        (Port.FRAUD, ("rules",)),
    ],
)
def test_the_builtins_register_as_a_package_beside_ours_would(port: Port, builtin: tuple[str, ...]) -> None:
    assert keys(port) == builtin


def test_a_process_makes_one_adapter_of_each_key() -> None:
    assert adapter(Port.PAYMENT, "card") is adapter(Port.PAYMENT, "card")


def test_a_key_that_no_package_registers_is_refused_with_those_that_are_known() -> None:
    known = r"No adapter is registered as 'shells' in order_service.payment. Registered: card, invoice."

    with pytest.raises(AdapterNotInstalled, match=known):
        adapter(Port.PAYMENT, "shells")


def test_a_package_beside_ours_adds_an_adapter(installed: Install) -> None:
    installed("sea_shells", payment="shells")

    assert keys(Port.PAYMENT) == ("card", "invoice", "shells")
    assert adapter(Port.PAYMENT, "shells").__class__.__module__ == "sea_shells"


def test_a_package_beside_ours_replaces_a_builtin(installed: Install) -> None:
    installed("real_cards", payment="card")

    assert adapter(Port.PAYMENT, "card").__class__.__module__ == "real_cards"
    assert keys(Port.PAYMENT) == ("card", "invoice")


def test_two_packages_beside_ours_under_one_key_are_refused_by_name(installed: Install) -> None:
    installed("clams", payment="shells")
    installed("mussels", payment="shells")

    with pytest.raises(AdapterAmbiguous, match="clams:Adapter and mussels:Adapter are both registered as 'shells'"):
        adapter(Port.PAYMENT, "shells")


def test_an_adapter_of_one_port_is_not_one_of_another(installed: Install) -> None:
    installed("pigeons", mail="pigeon")

    with pytest.raises(AdapterNotInstalled):
        adapter(Port.FRAUD, "pigeon")


def test_a_setting_names_who_sends_mails_and_who_scores_orders(
    given_settings: pytest.MonkeyPatch, installed: Install
) -> None:
    installed("others", mail="pigeon", fraud="oracle")
    given_settings.setenv("MAIL_CARRIER", "pigeon")
    given_settings.setenv("FRAUD_SCREENER", "oracle")
    settings.cache_clear()

    assert [carrier().__class__.__module__, screener().__class__.__module__] == ["others", "others"]


@pytest.mark.parametrize("role", ["payment", "fulfillment", "mail", "fraud"])
def test_a_port_speaks_in_plain_values(role: str) -> None:
    """A port uses only its own types and Python's: no session, no table, no object of a slice."""
    port = importlib.import_module(f"order_api.integrations.{role}.port")

    origins = {getattr(word, "__module__", "") for word in vars(port).values()} - {port.__name__}

    assert [origin for origin in origins if origin.startswith(("sqlalchemy", "order_api"))] == []


# Tender types are builtin words and keys of adapters.


def test_a_tender_type_is_known_by_its_word_and_carried_out_by_its_adapter() -> None:
    assert tender_types.known_types() == ("store_credit", "gift_card", "card", "invoice")
    assert tender_types.supported_types() == ("card", "invoice")


def test_a_package_adds_a_tender_type_after_the_builtin_ones(installed: Install) -> None:
    installed("sea_shells", payment="shells")

    assert tender_types.known_types() == ("store_credit", "gift_card", "card", "invoice", "shells")
    assert tender_types.supported_types() == ("card", "invoice", "shells")


def test_a_package_may_carry_out_a_builtin_word(installed: Install) -> None:
    installed("gifts", payment="gift_card")

    assert tender_types.known_types() == ("store_credit", "gift_card", "card", "invoice")
    assert tender_types.supported_types() == ("gift_card", "card", "invoice")


def test_every_type_with_an_adapter_but_the_invoice_may_replace_a_declined_one(installed: Install) -> None:
    installed("sea_shells", payment="shells")

    assert tender_types.token_types() == ("card", "shells")


def test_an_adapter_says_whether_its_tenders_carry_a_token(installed: Install) -> None:
    installed("sea_shells", payment="shells")
    installed("barter", "class Adapter:\n    needs_token = False\n", payment="barter")

    assert tender_types.token_types() == ("card", "shells")


def test_asking_whether_a_token_is_needed_makes_no_adapter(installed: Install) -> None:
    """An adapter whose secret is missing must not keep the service from starting."""
    code = "class Adapter:\n    needs_token = True\n    def __init__(self):\n        raise RuntimeError('no secret')\n"
    installed("forgetful", code, payment="forgetful")

    assert tender_types.token_types() == ("card", "forgetful")


@pytest.mark.parametrize("key", ["Shells", "sea-shells", "2shells", "s" * 41])
def test_a_tender_type_that_the_database_would_refuse_is_named(installed: Install, key: str) -> None:
    installed("sea_shells", payment=key)

    with pytest.raises(tender_types.TenderTypeInvalid, match=f"The tender type '{key}' in order_service.payment"):
        tender_types.known_types()
