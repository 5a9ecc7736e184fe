"""`order-service` when a demo becomes a production system: the demo's published credentials stop working."""

from collections.abc import Iterator

import pytest
import requests

from deploy.local.engine import LocalEngine
from tests.commands.test_commands import typed
from tests.fixtures.engines import IS_PLAIN
from tests.fixtures.shop import Shop
from tests.fixtures.system import CALL_TIMEOUT

DEMO_IS_REFUSED = "Error: Demo data is refused when ORDER_SERVICE_ENV is production: unset DEMO_PASSWORD_*.\n"


def test_demo_data_is_refused_in_production(shop: Shop) -> None:
    refused = typed(shop, "seed-demo", ORDER_SERVICE_ENV="production", ENGINE_PASSWORD="of-our-own")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == DEMO_IS_REFUSED


PRODUCTION = {"ORDER_SERVICE_ENV": "production"}


def test_demo_people_are_not_made_in_a_production_engine(shop: Shop) -> None:
    shop.engine("DELETE", "/user/stan-store")

    refused = typed(shop, "deploy", **PRODUCTION)

    assert (refused.returncode, refused.stderr) == (1, DEMO_IS_REFUSED)
    assert shop.engine("GET", "/user", id="stan-store") == []
    shop.system.command("deploy")


NO_DEMO = {"DEMO_PASSWORD_CSR": ""}


def test_a_production_system_without_demo_passwords_deploys(shop: Shop) -> None:
    deployed = typed(shop, "deploy", **PRODUCTION, **NO_DEMO)

    assert (deployed.returncode, deployed.stdout) == (0, "The engine has these models already.\n")


@pytest.fixture
def demo_people(shop: Shop) -> Iterator[None]:
    """Two of the demo's people are still in the engine, because only the settings were changed."""
    for user, password in {"otto-operator": "demo", "sue-supervisor": "changeme"}.items():
        give_password(shop, user, password)
    yield
    for user in ("otto-operator", "sue-supervisor"):
        shop.engine("DELETE", f"/user/{user}")
    shop.system.command("deploy")


def give_password(shop: Shop, user: str, password: str) -> None:
    shop.engine("DELETE", f"/user/{user}")
    body = {"profile": {"id": user, "firstName": "", "lastName": ""}, "credentials": {"password": password}}
    shop.engine("POST", "/user/create", body)


@pytest.mark.usefixtures("demo_people")
def test_a_production_system_does_not_deploy_while_a_person_has_a_demo_password(shop: Shop) -> None:
    refused = typed(shop, "deploy", **PRODUCTION, **NO_DEMO)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "Error: Not deployed, because the passwords of these engine users are public: otto-operator,"
        " sue-supervisor. Change them in Camunda's Admin, or delete the users there, and deploy again.\n"
    )


@pytest.mark.usefixtures("demo_people")
def test_a_demo_deploys_with_demo_passwords(shop: Shop) -> None:
    assert shop.system.command("deploy") == "The engine has these models already.\n"


def test_no_person_is_locked_out_because_a_deployment_tried_demo_passwords(shop: Shop) -> None:
    typed(shop, "deploy", **PRODUCTION, **NO_DEMO)

    assert shop.engine("GET", "/user", user="carla-csr", id="carla-csr")


@pytest.fixture
def unlocked_afterwards(engine: LocalEngine) -> Iterator[None]:
    """An engine without our additions locks the service for a while after a wrong password."""
    yield
    if IS_PLAIN:
        admin = ("admin", engine.admin_password)
        requests.post(f"{engine.url}/user/{engine.user}/unlock", auth=admin, timeout=CALL_TIMEOUT).raise_for_status()


@pytest.mark.usefixtures("unlocked_afterwards")
def test_an_engine_that_refuses_our_password_is_reported_in_one_sentence(shop: Shop) -> None:
    refused = typed(shop, "deploy", **{**PRODUCTION, **NO_DEMO, "ENGINE_PASSWORD": "of-the-new-settings"})

    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: The engine refuses ENGINE_PASSWORD for ENGINE_USER:")
