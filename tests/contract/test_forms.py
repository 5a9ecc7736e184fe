"""Each task shows people its subject and its time limit."""

import re

import pytest

from order_api.camunda.model_files import BPMN, Xml, camunda, identity
from tests.contract.our_models import every, forms, shown_by, text_of


@pytest.mark.parametrize("form", sorted(forms()))
def test_every_form_shows_the_order_its_total_the_reason_and_a_link_to_it(form: str) -> None:
    shown = shown_by(form)

    assert {"order_number", "total", "currency", "reason", "order_url"} - shown == set()


OF_A_REFUND = {"refund_number", "refund_amount", "reason_words", "asked_by"}
COUNTS_AND_SUMS = {"share_of_order", "granted_today", "granted_in_30_days", "customer_refunds", "customer_refunded"}


@pytest.mark.parametrize(
    ("form", "also"),
    [
        ("refund-approval", COUNTS_AND_SUMS),
        ("refund-refused", set[str]()),
        ("pay-outside", {"refund_open"}),
        ("paid-twice", {"refund_surplus"}),
    ],
)
def test_the_form_about_a_refund_shows_its_amount_who_asked_and_what_to_judge_it_by(form: str, also: set[str]) -> None:
    shown = shown_by(form)

    assert (OF_A_REFUND | also) - shown == set()


@pytest.mark.parametrize(
    ("form", "also"),
    [
        ("return-approval", set[str]()),
        ("inspection", {"return_to_judge"}),
        ("return-differs", {"return_unknown"}),
        ("return-not-arrived", set[str]()),
    ],
)
def test_the_form_about_a_return_shows_its_number_its_units_and_their_reason(form: str, also: set[str]) -> None:
    shown = shown_by(form)

    assert ({"return_number", "return_url", "return_units", "reason_words", "asked_by"} | also) - shown == set()


@pytest.mark.parametrize("form", sorted(forms()))
def test_no_timer_or_gateway_reads_what_a_person_types_but_for_the_decision(form: str) -> None:
    typed = {part["key"] for part in forms()[form]["components"] if "key" in part and not part.get("disabled")}
    read = " ".join(text_of(part) for kind in ("timeDuration", "conditionExpression") for part in every(kind))

    assert typed & set(re.findall(r"\w+", read)) <= {"decision"}


def limit_of(task: Xml) -> str:
    [timer] = [
        timer
        for event in every("boundaryEvent")
        if event.get("attachedToRef") == identity(task)
        for timer in event.iter(f"{BPMN}timeDuration", f"{BPMN}timeDate")
    ]
    return text_of(timer)


@pytest.mark.parametrize("task", every("userTask"), ids=identity)
def test_a_card_in_tasklist_is_due_when_the_timer_says_that_it_has_waited_too_long(task: Xml) -> None:
    assert camunda(task, "dueDate") == limit_of(task)
