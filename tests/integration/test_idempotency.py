"""`Idempotency-Key`: repeats the first answer byte for byte, and no key stays locked forever."""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from sqlalchemy import func, insert, select, update
from werkzeug.test import TestResponse

from order_api.access.authenticate import digest_of
from order_api.access.idempotency import KEY_LIFETIME, forget_old
from order_api.access.models import ApiKey, IdempotencyKey
from order_api.core import clock
from order_api.core.database import transaction
from order_api.orders.models import Order
from order_api.words import Role
from tests.factories.companies import create_api_key, create_company
from tests.factories.orders import Json
from tests.factories.others import transaction_of_another
from tests.factories.stored_orders import stored_order
from tests.fixtures.service import Client
from tests.fixtures.system import CALL_TIMEOUT, System, wait_until


@pytest.fixture
def key() -> str:
    return f"key-{uuid4()}"


def place(client: Client, body: Json, key: str) -> TestResponse:
    return client.post("/v1/orders", body, Idempotency_Key=key)


def orders_with(external_id: str) -> int:
    with transaction() as session:
        return session.scalar(select(func.count()).where(Order.external_id == external_id)) or 0


@contextmanager
def held_up(client: Client, external_id: str) -> Iterator[None]:
    """Another transaction is about to place this order and rolls back; until then, placing it waits."""
    with transaction_of_another() as session:
        session.execute(insert(Order), [stored_order(client.company, external_id=external_id)])
        yield
        session.rollback()


def wait_until_running() -> None:
    wait_until(is_held_up, what="the first request inside")


def is_held_up() -> bool:
    """Whether a transaction waits for a lock, such as the one of `held_up`."""
    with transaction() as session:
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        return bool(session.connection().exec_driver_sql(waiting).scalar())


def test_the_same_key_and_body_get_the_same_answer_byte_for_byte(channel: Client, key: str) -> None:
    body = channel.body()

    first, second = place(channel, body, key), place(channel, body, key)

    assert first.status_code == second.status_code == 201
    assert first.data == second.data
    assert [first.headers[name] for name in ("Location", "ETag", "Content-Type")] == [
        second.headers[name] for name in ("Location", "ETag", "Content-Type")
    ]
    assert orders_with(body["external_id"]) == 1


def test_the_answer_stays_the_same_when_the_order_has_changed_since(channel: Client, key: str) -> None:
    body = channel.body()
    first = place(channel, body, key)
    channel.post(f"{first.headers['Location']}/notes", {"text": "changed"})

    assert place(channel, body, key).data == first.data


def test_a_repeated_request_gets_its_first_answer_although_it_names_an_outdated_version(
    channel: Client, key: str
) -> None:
    order = channel.place()
    path, seen = f"/v1/orders/{order['id']}/notes", f'"{order["version"]}"'

    first, second = (channel.post(path, {"text": "hello"}, Idempotency_Key=key, If_Match=seen) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data


def test_the_same_key_with_another_body_is_refused(channel: Client, key: str) -> None:
    place(channel, channel.body(), key)

    answer = place(channel, channel.body(), key)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_reused")


def test_the_same_key_with_equal_values_written_otherwise_is_a_repetition(channel: Client, key: str) -> None:
    body = channel.body()
    first = place(channel, body, key)
    price = body["items"][0]["unit_price"]
    otherwise = {**dict(reversed(body.items())), "items": [{**body["items"][0], "unit_price": f"{price}0"}]}
    text = json.dumps({**otherwise, "items": [*otherwise["items"], *body["items"][1:]]}, indent=3, ensure_ascii=False)

    again = channel.call(
        "POST", "/v1/orders", data=text.encode(), content_type="application/json", headers={"Idempotency-Key": key}
    )

    assert (first.status_code, again.status_code, again.data) == (201, 201, first.data)


def test_the_same_key_at_another_address_is_refused(channel: Client, key: str) -> None:
    first, second = channel.place()["id"], channel.place()["id"]
    channel.post(f"/v1/orders/{first}/notes", {"text": "hello"}, Idempotency_Key=key)

    answer = channel.post(f"/v1/orders/{second}/notes", {"text": "hello"}, Idempotency_Key=key)

    assert answer.status_code == 422


def test_another_caller_may_have_the_same_key(channel: Client, stranger: Client, key: str) -> None:
    assert place(channel, channel.body(), key).status_code == 201
    assert place(stranger, stranger.body(), key).status_code == 201


def test_a_refused_request_leaves_its_key_free(channel: Client, key: str) -> None:
    refused = place(channel, {**channel.body(), "tenders": []}, key)

    corrected = place(channel, channel.body(), key)

    assert (refused.status_code, corrected.status_code) == (422, 201)


@pytest.mark.parametrize("invalid", ["", "x" * 201])
def test_a_key_is_neither_empty_nor_endless(channel: Client, invalid: str) -> None:
    answer = place(channel, channel.body(), invalid)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_invalid")


def test_a_second_request_is_refused_while_the_first_is_running(channel: Client, key: str) -> None:
    body = channel.body()
    with ThreadPoolExecutor() as threads:
        with held_up(channel, body["external_id"]):
            first: Future[TestResponse] = threads.submit(place, channel, body, key)
            wait_until_running()

            second = place(channel, body, key)

        assert (second.status_code, second.get_json()["code"]) == (409, "request_still_running")
        assert first.result().status_code == 201
        assert place(channel, body, key).data == first.result().data


def test_a_server_killed_in_the_middle_of_a_request_leaves_the_key_free(
    channel: Client, server: System, key: str
) -> None:
    body = channel.body()
    headers = {"Authorization": f"Bearer {channel.credential}", "Idempotency-Key": key}
    with ThreadPoolExecutor() as threads:
        with held_up(channel, body["external_id"]):
            lost = threads.submit(
                requests.post, f"{server.url}/v1/orders", json=body, headers=headers, timeout=CALL_TIMEOUT
            )
            wait_until_running()

            server.kill("api")

        assert isinstance(lost.exception(), requests.ConnectionError)
        answer = wait_until(lambda: answered(place(channel, body, key)), what="the key to be free")

    assert answer.status_code == 201
    assert orders_with(body["external_id"]) == 1


def answered(answer: TestResponse) -> TestResponse | None:
    return None if answer.status_code == 409 else answer


def test_after_thirty_days_a_key_is_new_again(channel: Client, key: str) -> None:
    place(channel, channel.body(), key)
    grow_old(key, KEY_LIFETIME + timedelta(minutes=1))

    assert place(channel, channel.body(), key).status_code == 201


def test_before_thirty_days_a_key_is_kept(channel: Client, key: str) -> None:
    place(channel, channel.body(), key)
    grow_old(key, KEY_LIFETIME - timedelta(minutes=1))
    with transaction() as session:
        forget_old(session)

    assert place(channel, channel.body(), key).status_code == 422


def test_old_keys_are_forgotten_for_good(channel: Client, key: str) -> None:
    place(channel, channel.body(), key)
    grow_old(key, KEY_LIFETIME + timedelta(minutes=1))

    with transaction() as session:
        forget_old(session)

    with transaction() as session:
        assert session.scalar(select(func.count()).where(IdempotencyKey.key == key)) == 0


def grow_old(key: str, age: timedelta) -> None:
    with transaction() as session:
        session.execute(update(IdempotencyKey).where(IdempotencyKey.key == key).values(created_at=clock.now() - age))


def test_a_known_external_id_under_another_key_is_answered_with_the_address_of_that_order(channel: Client) -> None:
    body = channel.body()
    first = place(channel, body, f"key-{uuid4()}")

    answer = place(channel, body, f"key-{uuid4()}")

    location = f"http://orders.example/v1/orders/{first.get_json()['id']}"
    assert (answer.status_code, answer.get_json()["code"]) == (409, "order_already_placed")
    assert answer.headers["Location"] == answer.get_json()["location"] == location


def test_without_a_key_a_known_external_id_is_refused_too(channel: Client) -> None:
    body = channel.body()
    channel.post("/v1/orders", body)

    assert channel.post("/v1/orders", body).status_code == 409


def test_the_answers_of_a_key_with_the_same_name_in_another_collection_stay_there(channel: Client, key: str) -> None:
    other = create_company()
    namesake = Client(channel.app, other, create_api_key(other.id, Role.CHANNEL, "web"))
    name_alike(channel, namesake)
    body = channel.body()
    order = place(channel, body, key)

    answer = place(namesake, body, key)

    assert order.status_code == 201
    assert (answer.status_code, answer.get_json()["code"]) == (404, "collection_not_found")


def test_the_answers_of_a_key_with_the_same_name_in_another_channel_stay_there(channel: Client, key: str) -> None:
    shop_floor = create_api_key(channel.company.id, Role.CHANNEL, "pos")
    namesake = Client(channel.app, channel.company, shop_floor)
    name_alike(channel, namesake)
    body = channel.body()
    order = place(channel, body, key)

    answer = place(namesake, body, key)

    assert order.status_code == 201
    assert (answer.status_code, answer.get_json()["code"]) == (422, "channel_not_allowed")


def test_a_colon_in_the_name_of_a_key_does_not_make_its_end_a_channel(channel: Client, key: str) -> None:
    namesake = Client(channel.app, channel.company, create_api_key(channel.company.id, Role.CHANNEL))
    name = f"channel-{uuid4()}"
    rename(channel, name)
    rename(namesake, f"{name}:web")
    body = channel.body()
    order = place(channel, body, key)

    answer = place(namesake, body, key)

    assert order.status_code == 201
    assert (answer.status_code, answer.get_json()["code"]) == (409, "order_already_placed")


def name_alike(*clients: Client) -> None:
    name = f"channel-{uuid4()}"
    for client in clients:
        rename(client, name)


def rename(client: Client, name: str) -> None:
    with transaction() as session:
        session.execute(update(ApiKey).where(ApiKey.digest == digest_of(client.credential or "")).values(name=name))
