"""The chaos tests work every queue of the models, and only with answers that the forms offer."""

from itertools import islice

from order_api.camunda.model_files import identity
from tests.chaos.colleagues import DECISIONS, WITHOUT_DECISION
from tests.contract.our_models import every, offered_in


def test_every_queue_of_our_models_is_worked() -> None:
    assert set(DECISIONS) | WITHOUT_DECISION == {identity(task) for task in every("userTask")}


def test_every_decision_is_one_that_the_form_offers() -> None:
    unknown = {queue: set(islice(decisions, 4)) - offered_in(queue) for queue, decisions in DECISIONS.items()}

    assert not any(unknown.values()), unknown
