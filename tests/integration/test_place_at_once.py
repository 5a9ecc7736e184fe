"""Many channels place at the same moment: numbers never collide, and one external id is one order."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from order_api.core.database import transaction
from order_api.orders.models import Order
from order_api.placement.number import NumbersExhausted, draw_number
from order_api.stores.properties import CollectionProperties
from tests.factories.companies import Company, create_company
from tests.factories.orders import Json
from tests.factories.stored_orders import stored_order
from tests.fixtures.service import Client

Result = TypeVar("Result")
ALPHABET = "ACDEFGHJKL"


def at_once(times: int, act: Callable[[int], Result]) -> list[Result]:
    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(act, range(times)))


def test_fifty_creates_at_once_give_fifty_numbers(channel: Client) -> None:
    orders = at_once(50, lambda _: channel.place())

    assert len({order["number"] for order in orders}) == 50
    assert len({order["id"] for order in orders}) == 50


def test_short_numbers_that_collide_are_drawn_again(app: Flask) -> None:
    company = create_company(order_number_length=4, order_number_alphabet=ALPHABET)
    shop = Client(app, company, company.channel_key)
    take_numbers(company, ("".join(letters) for letters in product(ALPHABET[:5], ALPHABET, ALPHABET, ALPHABET)))

    orders = at_once(30, lambda _: shop.place())

    assert len({order["number"] for order in orders}) == 30
    assert {order["number"][0] for order in orders} <= set(ALPHABET[5:])


def test_a_collection_whose_numbers_are_used_up_says_so(company: Company) -> None:
    take_numbers(company, iter(ALPHABET))

    with pytest.raises(NumbersExhausted, match="1 characters are too few"), transaction() as session:
        draw_number(session, CollectionProperties(order_number_length=1, order_number_alphabet=ALPHABET))


def take_numbers(company: Company, numbers: Iterator[str]) -> None:
    with transaction() as session:
        session.execute(insert(Order), [stored_order(company, number=number) for number in numbers])


def test_twenty_times_the_same_external_id_at_once_is_one_order(channel: Client) -> None:
    body = channel.body()

    answers = at_once(20, lambda _: channel.post("/v1/orders", body))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    placed = next(a.get_json()["id"] for a in answers if a.status_code == 201)
    known = {a.get_json()["location"] for a in answers if a.status_code == 409}
    assert known == {f"http://orders.example/v1/orders/{placed}"}
    assert count(body) == 1


def test_twenty_times_the_same_key_at_once_is_one_order(channel: Client) -> None:
    body = channel.body()

    answers = at_once(20, lambda _: channel.post("/v1/orders", body, Idempotency_Key=body["external_id"]))

    assert {a.status_code for a in answers} <= {201, 409}
    assert len({a.data for a in answers if a.status_code == 201}) == 1
    assert count(body) == 1


def count(body: Json) -> int:
    with transaction() as session:
        return session.scalar(select(func.count()).where(Order.external_id == body["external_id"])) or 0
