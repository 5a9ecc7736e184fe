"""The process of an order is lost and started anew at each wait of each model: none is forgotten."""

from order_api.camunda.model_files import identity
from tests.contract.our_models import every
from tests.factories.waits import STORIES


def test_a_story_is_told_of_each_wait() -> None:
    waits = {identity(wait) for wait in every("userTask", "receiveTask", "intermediateCatchEvent")}

    assert waits == {story.activity for story in STORIES.values()}
