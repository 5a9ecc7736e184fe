"""Ambiguous or broken bodies: each answer names the problem, and nothing is stored."""

import gzip
import time
from typing import Any

import pytest

from tests.factories.orders import line
from tests.fixtures.service import Client, refusal


@pytest.mark.parametrize("sent", [b"{", b"{'a': 1}", b"\xff\xfe", b"", b'{"a": 1} b', b"1" * 5_000])
def test_what_is_no_json_is_refused(channel: Client, sent: bytes) -> None:
    answer = channel.call("POST", "/v1/orders", data=sent, content_type="application/json")

    assert (answer.status_code, refusal(answer)["code"]) == (400, "json_unreadable")


@pytest.mark.parametrize("sent", [b"[]", b"7", b'"text"', b"null"])
def test_json_that_is_no_object_is_refused(channel: Client, sent: bytes) -> None:
    answer = channel.call("POST", "/v1/orders", data=sent, content_type="application/json")

    assert (answer.status_code, refusal(answer)["code"]) == (422, "invalid_content")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_json_does_not_know_is_refused(channel: Client, number: str) -> None:
    sent = f'{{"custom_fields": {{"score": {number}}}}}'.encode()

    answer = channel.call("POST", "/v1/orders", data=sent, content_type="application/json")

    assert (answer.status_code, refusal(answer)["code"]) == (400, "json_unreadable")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", None])
def test_another_media_type_than_json_is_refused(channel: Client, content_type: str | None) -> None:
    answer = channel.call("POST", "/v1/orders", data=b"{}", content_type=content_type)

    assert (answer.status_code, refusal(answer)["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (lambda text: {"external_id": text}, "external_id"),
        (lambda text: {"items": [line(name=text)]}, "items.0.name"),
        (lambda text: {"custom_fields": {"deep": [{"er": text}]}}, "custom_fields.deep.0.er"),
        (lambda text: {"custom_fields": {text: 1}}, "custom_fields"),
    ],
)
def test_text_that_cannot_be_stored_is_refused_by_its_path(
    channel: Client, text: str, changes: Any, field: str
) -> None:
    problem = refusal(channel.post("/v1/orders", channel.body(**changes(text))))

    assert (problem["status"], problem["code"]) == (422, "text_not_storable")
    assert problem["errors"][0]["field"] == field


def test_deeply_nested_json_is_refused(channel: Client) -> None:
    sent = b'{"custom_fields":' + b'{"a":' * 40_000 + b"1" + b"}" * 40_001

    answer = channel.call("POST", "/v1/orders", data=sent, content_type="application/json")

    assert (answer.status_code, refusal(answer)["code"]) == (400, "json_unreadable")


@pytest.mark.parametrize(
    "sent",
    [
        b'{"external_id": "A1", "external_id": "A2"}',
        b'{"items": [{"sku": "A", "quantity": 1, "quantity": 2}]}',
        b'{"custom_fields": {"gift": {"text": "a", "text": "a"}}}',
    ],
)
def test_a_name_that_appears_twice_is_refused(channel: Client, sent: bytes) -> None:
    answer = channel.call("POST", "/v1/orders", data=sent, content_type="application/json")

    problem = refusal(answer)
    assert (answer.status_code, problem["code"]) == (400, "json_unreadable")
    assert "appears twice" in problem["detail"]


@pytest.mark.parametrize("charset", ["utf-16", "utf-32", "iso-8859-1"])
def test_another_charset_than_utf_8_is_refused(channel: Client, charset: str) -> None:
    sent = '{"text": "Grüße"}'.encode(charset)

    announced = channel.call("POST", "/v1/orders", data=sent, content_type=f"application/json; charset={charset}")
    unannounced = channel.call("POST", "/v1/orders", data=sent, content_type="application/json")

    assert (announced.status_code, refusal(announced)["code"]) == (415, "unsupported_media_type")
    assert (unannounced.status_code, refusal(unannounced)["code"]) == (400, "json_unreadable")


def test_a_compressed_body_is_refused(channel: Client) -> None:
    headers = {"Content-Encoding": "gzip"}

    answer = channel.call(
        "POST", "/v1/orders", data=gzip.compress(b"{}"), content_type="application/json", headers=headers
    )

    assert (answer.status_code, refusal(answer)["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "text", ["", " ", "\u00a0\u3000", "\t", "two\nlines", "line\u2028end", "\x1b[31mred", "\x7f", "\x85"]
)
def test_a_one_line_field_refuses_blanks_line_breaks_and_control_characters(channel: Client, text: str) -> None:
    problem = refusal(channel.post("/v1/orders", channel.body(items=[line(name=text)])))

    assert (problem["status"], problem["code"]) == (422, "invalid_content")
    assert {error["field"] for error in problem["errors"]} == {"items.0.name"}


@pytest.mark.parametrize("text", ["", " \n\t", "a\x1bb", "a\x85b"])
def test_a_note_refuses_blanks_and_control_characters(channel: Client, text: str) -> None:
    order = channel.place()

    answers = [
        channel.post("/v1/orders", channel.body(note=text)),
        channel.post(f"/v1/orders/{order['id']}/notes", {"text": text}),
    ]

    assert [(a.status_code, refusal(a)["errors"][0]["field"]) for a in answers] == [(422, "note"), (422, "text")]


def test_text_in_any_language_is_stored_unchanged(channel: Client) -> None:
    note = "Bitte klingeln!\r\n\tHinterhaus, 2. Stock\u2029\u4f60\u597d \U0001f44d"
    name = "  Zo\u00eb\u00a0O\u2019Neill-\u0141ukasz \u0645\u0631\u062d\u0628\u0627 "

    order = channel.place(line(name=name), note=note)

    assert (order["notes"][0]["text"], order["items"][0]["name"]) == (note, name)


def test_blanks_sixteen_times_as_long_take_about_sixteen_times_as_long_to_refuse(channel: Client) -> None:
    """Matching the form of a text takes one pass; with backtracking it would take 256 times as long."""
    short, long = (channel.body(items=[line(name=blank(length))]) for length in (28_000, 16 * 28_000))

    ratio = seconds_to_refuse(channel, long) / seconds_to_refuse(channel, short)

    assert ratio < 3 * 16


def blank(length: int) -> str:
    return " " * length + "\n" + "a" * length


def seconds_to_refuse(channel: Client, body: dict[str, Any]) -> float:
    """CPU time, best of three, to reduce the influence of other load."""

    def once() -> float:
        began = time.process_time()
        assert refusal(channel.post("/v1/orders", body))["status"] == 422
        return time.process_time() - began

    return min(once() for _ in range(3))
