"""Demo data: created once, kept in step with the printed passwords, and never added to a company's own data."""

import os
import time
from pathlib import Path

import psycopg
import pytest

from deploy.local.postgres import EmbeddedPostgres
from tests.fixtures.platform import DATABASE_PASSWORD
from tests.fixtures.service import NOWHERE
from tests.fixtures.system import API_KEY, DEMO_PASSWORDS, PASSWORD, WAREHOUSE_KEY, System


class Company:
    """A company's database at the newest schema."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url.replace("+psycopg", "")
        env = {
            "DATABASE_URL": url,
            "ENGINE_URL": NOWHERE,
            "ENGINE_PASSWORD": "unused",
            "SECRET_KEY": "a-secret-key-of-the-tests-long-enough",
            "DEMO_API_KEY": API_KEY,
            "DEMO_WAREHOUSE_KEY": WAREHOUSE_KEY,
            **{f"DEMO_PASSWORD_{who}": PASSWORD for who in DEMO_PASSWORDS},
        }
        self.system = System(env, folder)
        self.system.command("migrate")

    def seed(self, *options: str, **environment: str) -> str:
        self.system.env |= environment
        return self.system.command("seed-demo", *options)

    def sql(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def properties(self) -> list[tuple[object, ...]]:
        return self.sql("SELECT key, stored_properties FROM order_collections")

    def everything(self) -> list[list[tuple[object, ...]]]:
        tables = ("order_collections", "stores", "api_keys", "users", "stock_bins", "stock_receipts")
        return [self.sql(f"SELECT * FROM {table} ORDER BY 1") for table in tables]


@pytest.fixture
def company(postgres: EmbeddedPostgres, tmp_path: Path) -> Company:
    name = f"company_{os.getpid()}_{time.monotonic_ns()}"
    postgres.ensure_database(name, DATABASE_PASSWORD)
    return Company(postgres.url(name, name, DATABASE_PASSWORD), tmp_path)


def test_a_database_that_holds_a_collection_is_left_as_it_is(company: Company) -> None:
    company.sql(
        "INSERT INTO order_collections VALUES (gen_random_uuid(), 'default', 'Ours', '{\"edit_window\": \"PT2H\"}')"
    )
    before = company.everything()

    output = company.seed("--if-empty")

    assert output == "The database already has collections: no demo data was added.\n"
    assert company.everything() == before


def test_an_empty_database_gets_the_demo_data(company: Company) -> None:
    output = company.seed("--if-empty", DEMO_EDIT_WINDOW="PT1M")

    assert output == "The demo data is in place.\n"
    assert company.properties() == [("default", {"edit_window": "PT1M"})]


def test_an_edit_window_set_by_hand_stays(company: Company) -> None:
    company.seed(DEMO_EDIT_WINDOW="PT15S")
    company.sql('UPDATE order_collections SET stored_properties = \'{"edit_window": "PT2H"}\'')

    company.seed(DEMO_EDIT_WINDOW="PT1M")

    assert company.properties() == [("default", {"edit_window": "PT2H"})]


def test_a_second_seed_adds_no_stock_and_sets_the_given_passwords(company: Company) -> None:
    company.seed()
    stock, passwords = (
        company.sql("SELECT sku, on_hand FROM stock_bins"),
        company.sql("SELECT password_hash FROM users"),
    )

    company.seed(DEMO_PASSWORD_CSR="a-new-password")

    assert company.sql("SELECT sku, on_hand FROM stock_bins") == stock
    assert company.sql("SELECT password_hash FROM users") != passwords


def test_a_seed_logs_out_only_people_whose_password_it_changes(company: Company) -> None:
    company.seed()
    company.sql("UPDATE users SET logged_out_at = '2020-01-01T00:00Z'")
    company.seed(DEMO_PASSWORD_CSR="a-new-password")

    logged_out = company.sql("SELECT username FROM users WHERE logged_out_at > '2020-01-01T00:00Z'")

    assert logged_out == [("carla-csr",)]
