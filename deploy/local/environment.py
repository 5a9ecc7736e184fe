"""The environment variables of the programs of a local run."""

import os
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from deploy.local.engine import engine_url
from deploy.local.installation import Installation
from deploy.local.ports import LOCALHOST
from deploy.local.settings_files import all_settings

# Marks the processes of one run; see `leftovers`.
MARK = "ORDER_SERVICE_RUN"
DRIVER = "postgresql+psycopg"


def environment_of(installation: Installation, outer: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Defaults of the settings files, overridden by the person's variables, then by values that only this run knows."""
    named = all_settings()
    chosen = {name: outer[name] for name in named if outer.get(name)}
    ours = {
        **_addresses(installation),
        **_secrets(installation),
        **_database(installation, outer),
        **_engine(installation, outer),
        # If empty, the service derives it from ENGINE_URL; the value in the settings file is for containers.
        "COCKPIT_URL": outer.get("COCKPIT_URL", ""),
    }
    return {**outer, **named, **chosen, **ours, MARK: str(installation.folder), "PYTHONUNBUFFERED": "1"}


def _addresses(installation: Installation) -> dict[str, str]:
    return {
        "API_URL": f"http://{LOCALHOST}:{installation.ports.api}",
        "SMTP_HOST": LOCALHOST,
        "SMTP_PORT": str(installation.ports.mail),
        "PROMETHEUS_MULTIPROC_DIR": str(installation.metrics),
    }


def _secrets(installation: Installation) -> dict[str, str]:
    credentials = installation.credentials
    return {
        "SECRET_KEY": credentials.secret_key,
        "DEMO_API_KEY": credentials.api_key,
        "DEMO_WAREHOUSE_KEY": credentials.warehouse_key,
        "DEMO_PASSWORD_CSR": credentials.csr_password,
        "DEMO_PASSWORD_STORE": credentials.store_password,
        "DEMO_PASSWORD_SUPERVISOR": credentials.supervisor_password,
        "DEMO_PASSWORD_OPERATOR": credentials.operator_password,
    }


def _database(installation: Installation, outer: Mapping[str, str]) -> dict[str, str]:
    if installation.database_url is None:
        postgres, credentials = installation.postgres(), installation.credentials
        return {
            "DATABASE_URL": postgres.url("orders", "orders", credentials.orders_database_password),
            "ENGINE_DB_URL": postgres.jdbc_url("engine"),
            "ENGINE_DB_USER": "engine",
            "ENGINE_DB_PASSWORD": credentials.engine_database_password,
        }
    server = urlsplit(installation.database_url)
    return {
        "DATABASE_URL": server._replace(scheme=DRIVER).geturl(),
        "ENGINE_DB_URL": outer.get("ENGINE_DB_URL")
        or f"jdbc:postgresql://{server.hostname}:{server.port or 5432}/engine",
        "ENGINE_DB_USER": outer.get("ENGINE_DB_USER") or unquote(server.username or ""),
        "ENGINE_DB_PASSWORD": outer.get("ENGINE_DB_PASSWORD") or unquote(server.password or ""),
    }


def _engine(installation: Installation, outer: Mapping[str, str]) -> dict[str, str]:
    if installation.engine_url is not None:
        return {"ENGINE_URL": installation.engine_url, "ENGINE_USER": outer.get("ENGINE_USER") or "order-service"}
    credentials = installation.credentials
    return {
        "ENGINE_URL": engine_url(installation.ports.engine),
        "ENGINE_USER": "order-service",
        "ENGINE_PASSWORD": credentials.engine_service_secret,
        "ENGINE_SERVICE_SECRET": credentials.engine_service_secret,
        "ENGINE_ADDRESS": LOCALHOST,
        "ENGINE_PORT": str(installation.ports.engine),
        "ENGINE_ADMIN_USER": "admin",
        "ENGINE_ADMIN_PASSWORD": credentials.engine_admin_password,
    }
