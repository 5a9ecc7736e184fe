"""Every field and parameter of the API has a sentence."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask


@pytest.fixture(scope="module")
def document(app: Flask) -> Any:
    return app.test_client().get("/openapi.json").get_json()


def fields_and_parameters(document: Any) -> Iterator[tuple[str, str]]:
    """Each with its description."""
    for schema, content in document["components"]["schemas"].items():
        for field, about in content.get("properties", {}).items():
            yield f"{schema}.{field}", about.get("description", "")
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for parameter in operation if isinstance(operation, list) else operation.get("parameters", []):
                yield f"{path}: {parameter['name']}", parameter.get("description", "")


def test_each_field_and_parameter_has_a_sentence(document: Any) -> None:
    described = dict(fields_and_parameters(document))

    assert len(described) > 300
    assert [name for name, sentence in described.items() if not sentence.endswith(".")] == []


def test_each_field_with_a_pattern_explains_it_in_a_second_sentence(document: Any) -> None:
    patterns = {
        f"{schema}.{field}": about["description"]
        for schema, content in document["components"]["schemas"].items()
        for field, about in content.get("properties", {}).items()
        if "pattern" in about
    }

    assert len(patterns) > 50
    assert [name for name, sentences in patterns.items() if sentences.count(". ") < 1] == []


def test_each_operation_and_tag_says_what_it_does(document: Any) -> None:
    operations = [o for path in document["paths"].values() for o in path.values() if isinstance(o, dict)]

    assert [o for o in operations if not o.get("summary")] == []
    assert [tag for tag in document["tags"] if not tag.get("description")] == []


def test_authentication_is_explained_at_the_top(document: Any) -> None:
    assert "Authorization: Bearer" in document["info"]["description"]
