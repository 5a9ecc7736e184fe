"""Runs after all tests of this folder: the engine has passed every node of our models."""

import pytest

from order_api.camunda.model_files import identity
from tests.contract.our_models import folder
from tests.fixtures.shop import Shop


@pytest.mark.looks_back
@pytest.mark.usefixtures("whole_layer")
def test_every_node_of_our_models_was_walked_through_on_the_engine(shop: Shop) -> None:
    drawn = {
        (identity(process), identity(node))
        for model in folder().models
        for process in model.every("process")
        for node in model.flow_nodes()
    }

    walked = {(a["processDefinitionKey"], a["activityId"]) for a in shop.engine("GET", "/history/activity-instance")}

    assert sorted(drawn - walked) == []
