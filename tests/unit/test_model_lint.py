"""Names, groups and errors in models: each test draws one mistake."""

from pathlib import Path

import pytest

from order_api.camunda.lint import Finding
from tests.unit.small_models import DECIDES, OFFERED, TIMER, boundary, caught, external, findings, model, problems

AUTHORIZE = external("task_authorize", "authorize-payment")
PERSON = f'<bpmn:userTask id="usertask_review"{OFFERED}>{DECIDES}</bpmn:userTask>' + boundary(
    "event_late", "usertask_review", TIMER
)


def test_a_finding_names_file_element_problem_and_remedy(tmp_path: Path) -> None:
    found = findings(tmp_path, order_bpmn=model(external("task_tell", "notify-custommer")))

    assert found == [
        Finding(
            "order.bpmn",
            "task_tell",
            "No worker knows the topic 'notify-custommer'.",
            "Did you mean 'notify-customer'?",
        )
    ]


def test_a_model_without_a_mistake_has_no_finding(tmp_path: Path) -> None:
    assert (
        problems(tmp_path, order_bpmn=model(AUTHORIZE + caught("event_declined", "task_authorize", "e_declined"))) == []
    )


def test_a_file_that_cannot_be_read_is_found(tmp_path: Path) -> None:
    assert findings(tmp_path, order_bpmn="<bpmn")[0].file == "order.bpmn"


def test_a_service_task_that_is_not_external_is_found(tmp_path: Path) -> None:
    assert problems(tmp_path, order_bpmn=model('<bpmn:serviceTask id="task_a"/>')) == [
        ("task_a", "No worker handles this task.")
    ]


def test_an_unknown_property_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model(external("task_a", "update-status", oder_status="on_hold")))

    assert found == [("task_a", "No worker reads the property 'oder-status'.")]


def test_an_unknown_notice_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model(external("task_a", "notify-customer", notice="order_eaten")))

    assert found == [("task_a", "There is no notice 'order_eaten'.")]


def test_a_mail_without_a_notice_is_found(tmp_path: Path) -> None:
    assert problems(tmp_path, order_bpmn=model(external("task_a", "notify-customer"))) == [
        ("task_a", "It names no notice.")
    ]


def test_a_recorded_decision_names_a_user_task_of_the_model(tmp_path: Path) -> None:
    body = (
        PERSON
        + external("task_a", "record-decision", decision_of="usertask_reviews")
        + external("task_b", "record-decision")
    )

    found = problems(tmp_path, order_bpmn=model(body))

    assert found == [
        ("task_a", "There is no user task 'usertask_reviews' here."),
        ("task_b", "The property 'decision-of' is missing."),
    ]


def test_a_task_without_candidates_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model(PERSON.replace(OFFERED, "")))

    assert found == [("usertask_review", "It has no candidate group.")]


def test_a_group_whose_people_have_no_queue_is_found(tmp_path: Path) -> None:
    offered = PERSON.replace("csr-admin", "csr-admin,csr-asociate,operator")

    assert problems(tmp_path, order_bpmn=model(offered)) == [
        ("usertask_review", "The group 'csr-asociate' has no queue."),
        ("usertask_review", "The group 'operator' has no queue."),
    ]


@pytest.mark.parametrize("groups", ["store-operator, csr-associate", "${group}", "csr-admin,${group}"])
def test_a_task_that_is_offered_to_groups_with_queues_has_no_finding(tmp_path: Path, groups: str) -> None:
    assert problems(tmp_path, order_bpmn=model(PERSON.replace("csr-admin", groups))) == []


def test_an_unknown_message_is_found(tmp_path: Path) -> None:
    wait = '<bpmn:receiveTask id="wait_a" messageRef="m_lost"/>' + boundary("event_late", "wait_a", TIMER)

    assert problems(tmp_path, order_bpmn=model(wait)) == [
        ("wait_a", "No part of the service sends the message 'item-lost'.")
    ]


def test_an_error_that_nothing_catches_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, order_bpmn=model(AUTHORIZE))

    assert found == [
        ("task_authorize", "The worker of 'authorize-payment' may throw 'payment_declined' and nothing catches it.")
    ]


def test_an_event_without_a_code_catches_every_error(tmp_path: Path) -> None:
    event = boundary("event_any", "task_authorize", "<bpmn:errorEventDefinition/>")

    assert problems(tmp_path, order_bpmn=model(AUTHORIZE + event)) == []


def test_an_event_for_an_error_that_no_task_throws_is_found(tmp_path: Path) -> None:
    body = (
        AUTHORIZE
        + caught("event_declined", "task_authorize", "e_declined")
        + caught("event_lost", "task_authorize", "e_lost")
    )

    assert problems(tmp_path, order_bpmn=model(body)) == [
        ("event_lost", "Nothing in 'task_authorize' throws 'item_lost'.")
    ]


def test_an_error_end_inside_a_sub_process_throws(tmp_path: Path) -> None:
    end = '<bpmn:endEvent id="end_lost"><bpmn:errorEventDefinition errorRef="e_lost"/></bpmn:endEvent>'
    body = f'<bpmn:subProcess id="sub_a">{end}</bpmn:subProcess>' + caught("event_lost", "sub_a", "e_lost")

    assert problems(tmp_path, order_bpmn=model(body)) == []
