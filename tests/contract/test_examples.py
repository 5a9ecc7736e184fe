"""The API pages are true: their examples are accepted unchanged, and the pages load nothing from outside."""

import json
import re
from pathlib import Path
from uuid import uuid4

import pytest

from order_api.placement.examples import FIRST_ORDER, PLACE_ORDER
from tests.factories.orders import Json
from tests.fixtures.service import Client

SAMPLE = Path(__file__).parents[2] / "deploy" / "samples" / "first_order.json"


@pytest.fixture
def document(channel: Client) -> Json:
    return dict(channel.get("/openapi.json").get_json())


def examples_of(document: Json) -> dict[tuple[str, str], Json]:
    """Every request example of the document, by path and name."""
    contents = {
        p: o["post"]["requestBody"]["content"]
        for p, o in document["paths"].items()
        if "requestBody" in o.get("post", {})
    }
    return {
        (path, name): example["value"]
        for path, content in contents.items()
        for name, example in content["application/json"].get("examples", {}).items()
    }


def test_the_document_shows_the_examples_of_placing_an_order(document: Json) -> None:
    assert set(examples_of(document)) == {("/v1/orders", name) for name in PLACE_ORDER}


@pytest.mark.parametrize("name", PLACE_ORDER)
def test_an_example_is_accepted_as_it_stands(channel: Client, document: Json, name: str) -> None:
    example = examples_of(document)["/v1/orders", name]

    answer = channel.post("/v1/orders", {**example, "collection": channel.company.key, "external_id": str(uuid4())})

    assert answer.status_code == 201, answer.text
    assert answer.get_json()["totals"] == example["totals"]


def test_the_first_order_of_the_readme_is_the_first_example() -> None:
    assert json.loads(SAMPLE.read_text()) == FIRST_ORDER


def test_the_page_to_try_the_api_loads_nothing_from_elsewhere(channel: Client) -> None:
    page = channel.get("/docs")

    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert page.status_code == 200
    assert len(loaded) >= 3
    assert {channel.get(address).status_code for address in loaded} == {200}
    assert "://" not in " ".join(loaded)


def test_no_file_outside_the_page_is_handed_out(channel: Client) -> None:
    assert channel.get("/docs-files/../__init__.py").status_code == 404
    assert channel.get("/docs-files/%2e%2e/__init__.py").status_code == 404


def test_a_cancellation_may_name_the_version_it_is_about(document: Json) -> None:
    parameters = document["paths"]["/v1/orders/{order_id}/cancellations"]["post"]["parameters"]

    assert {p["name"] for p in parameters if p["in"] == "header"} == {"Idempotency-Key", "If-Match"}


def test_every_operation_says_what_it_is_for(document: Json) -> None:
    operations = [
        operation for path in document["paths"].values() for operation in path.values() if isinstance(operation, dict)
    ]

    assert [operation for operation in operations if not operation.get("summary")] == []
