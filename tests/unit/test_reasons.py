"""The reasons that a collection offers: code, words, whose fault, and for which acts."""

from typing import Any

import pytest

from order_api.stores.reasons import (
    Act,
    Fault,
    OfferedReason,
    ReasonNotOffered,
    parse_reasons,
    reasons_for,
    refuse_unoffered_reason,
)

LATE = {"code": "late", "words": "Late", "fault": "carrier", "acts": ["refund"]}
OFFERED = OfferedReason("late", "Late", Fault.CARRIER, (Act.REFUND,))
FOR_NO_REFUND = OfferedReason("for_other_acts", "For other acts", Fault.NONE, ())


def test_a_list_of_reasons_is_read() -> None:
    assert parse_reasons([LATE]) == (OFFERED,)


@pytest.mark.parametrize(
    ("stored", "wrong"),
    [
        ([], "must be a list of one or more"),
        ("late", "must be a list of one or more"),
        ([LATE, LATE], "must not repeat a code"),
        ([{**LATE, "color": "red"}], "needs code, words, fault and acts, and nothing else"),
        ([{"code": "late"}], "needs code, words, fault and acts, and nothing else"),
        (["late"], "needs code, words, fault and acts, and nothing else"),
        ([{**LATE, "code": "Too late!"}], "The code of a reason must match"),
        ([{**LATE, "words": "  "}], "The words of the reason 'late' need 1 to 80 characters"),
        ([{**LATE, "words": "w" * 81}], "The words of the reason 'late' need 1 to 80 characters"),
        ([{**LATE, "fault": "weather"}], "The fault of the reason 'late' must be one of"),
        ([{**LATE, "acts": []}], "The acts of the reason 'late' must list one or more"),
        ([{**LATE, "acts": ["dance"]}], "The acts of the reason 'late' must list one or more"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_and_says_why(stored: Any, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        parse_reasons(stored)


def test_an_act_offers_only_its_own_reasons() -> None:
    assert reasons_for([FOR_NO_REFUND, OFFERED], Act.REFUND) == [OFFERED]

    with pytest.raises(ReasonNotOffered) as refused:
        refuse_unoffered_reason([FOR_NO_REFUND, OFFERED], Act.REFUND, "for_other_acts")
    assert refused.value.errors[0]["expected"] == ["late"]
