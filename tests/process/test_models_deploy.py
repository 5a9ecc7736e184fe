"""Our models on a real engine: deployed once, never over a designer's work unless forced."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from order_api.camunda.deployment import Deployed, DesignerVersionIsNewer, deploy, fetch
from order_api.camunda.engine import session, url
from order_api.camunda.names import Decision, Process

MODELS = Path(__file__).parents[2] / "bpmn_models"
ITEM_FLOW = MODELS / "processes" / "item-ship-to-home.bpmn"

pytestmark = pytest.mark.usefixtures("connected")


@pytest.fixture
def deployed() -> Iterator[Deployed]:
    """Makes our models the latest before and after each test."""
    yield deploy(MODELS, nullcontext(), force=True)
    deploy(MODELS, nullcontext(), force=True)


def by_a_designer(file_name: str = "item-ship-to-home.bpmn") -> str:
    """Deploys like Camunda Modeler."""
    data = {"deployment-name": "my experiment", "deployment-source": "Camunda Modeler"}
    answer = session().post(url("/deployment/create"), data=data, files={"m": (file_name, ITEM_FLOW.read_bytes())})
    return str(answer.json()["id"])


def test_every_process_and_decision_is_deployed_together(deployed: Deployed) -> None:
    by_a_designer()

    again = deploy(MODELS, nullcontext(), force=True)

    assert set(again.new_versions) == {*Process, *Decision}
    assert again.deployment_id != deployed.deployment_id


def test_deploying_the_same_files_again_changes_nothing(deployed: Deployed) -> None:
    again = deploy(MODELS, nullcontext())

    assert again == Deployed(deployed.deployment_id, {})


def test_a_newer_version_of_a_designer_is_not_outranked(deployed: Deployed) -> None:
    foreign = by_a_designer()

    with pytest.raises(DesignerVersionIsNewer, match=r"item-ship-to-home version .* 'my experiment'") as refused:
        deploy(MODELS, nullcontext())

    assert [(version.key, version.deployment_id) for version in refused.value.foreign] == [
        (Process.ITEM_SHIP_TO_HOME, foreign)
    ]


def test_force_makes_ours_the_latest_though_our_files_are_unchanged(deployed: Deployed) -> None:
    by_a_designer()

    forced = deploy(MODELS, nullcontext(), force=True)

    assert forced.deployment_id != deployed.deployment_id
    assert deploy(MODELS, nullcontext()).new_versions == {}


@pytest.mark.usefixtures("deployed")
def test_the_files_of_a_designer_can_be_fetched_and_stay_in_the_folder(tmp_path: Path) -> None:
    foreign = by_a_designer("../../outside.bpmn")

    written = fetch(foreign, tmp_path / "theirs")

    assert written == [tmp_path / "theirs" / "outside.bpmn"]
    assert written[0].read_bytes() == ITEM_FLOW.read_bytes()


def test_the_lock_is_held_while_deploying() -> None:
    class Taken:
        def __enter__(self) -> None:
            raise TimeoutError("Another release deploys.")

        def __exit__(self, *_: object) -> None: ...

    with pytest.raises(TimeoutError, match="Another release"):
        deploy(MODELS, Taken())
