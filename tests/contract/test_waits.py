"""The tests that lose and restart the process of an order or refund cover each wait of each model."""

from order_api.camunda.model_files import identity
from tests.contract.our_models import every
from tests.factories.refund_waits import REFUND_STORIES
from tests.factories.return_waits import RETURN_STORIES
from tests.factories.waits import STORIES


def test_each_wait_has_a_story() -> None:
    waits = {identity(wait) for wait in every("userTask", "receiveTask", "intermediateCatchEvent")}

    of_refunds = {story.activity for story in REFUND_STORIES.values()}
    assert waits == {story.activity for story in STORIES.values()} | of_refunds | {
        story.activity for story in RETURN_STORIES.values()
    }
