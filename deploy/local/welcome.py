"""The addresses, users and keys that a person needs once everything is up."""

import shlex
import sys
from pathlib import Path

from deploy.local.installation import Installation
from deploy.local.places import CHECKOUT, FIRST_ORDER

CONSOLE = "/console/"
DOCUMENTATION = "/docs"
ORDERS = "/v1/orders"
_SUPERVISORCTL = str(Path(sys.executable).with_name("supervisorctl"))


def welcome(installation: Installation, environment: dict[str, str]) -> str:
    parts = [
        _addresses(installation, environment),
        _people(installation, environment),
        _keys(environment),
        _first_order(environment),
    ]
    return "\n".join(line for part in parts for line in [*part, ""])


def _addresses(installation: Installation, environment: dict[str, str]) -> list[str]:
    engine = environment["ENGINE_URL"].removesuffix("/engine-rest") + "/camunda/app"
    rows = {
        "Console": environment["API_URL"] + CONSOLE,
        "API pages": environment["API_URL"] + DOCUMENTATION,
        "Tasklist": f"{engine}/tasklist/default/",
        "Cockpit": f"{engine}/cockpit/default/",
        "Mails sent": str(installation.mail / "new"),
        "Logs": str(installation.folder / "log"),
        "Programs": shlex.join([_SUPERVISORCTL, "-c", str(installation.folder / "supervisord.conf"), "status"]),
        "Commands": f"{shlex.quote(str(installation.command))} --help",
    }
    return [f"  {name:<11}{value}" for name, value in rows.items()]


def _people(installation: Installation, environment: dict[str, str]) -> list[str]:
    rows = [
        ("carla-csr", "DEMO_PASSWORD_CSR", "customer service"),
        ("stan-store", "DEMO_PASSWORD_STORE", "store"),
        ("sue-supervisor", "DEMO_PASSWORD_SUPERVISOR", "supervisor of customer service"),
        ("otto-operator", "DEMO_PASSWORD_OPERATOR", "operator"),
    ]
    if installation.engine_url is None:
        rows.append((environment["ENGINE_ADMIN_USER"], "ENGINE_ADMIN_PASSWORD", "administrator of the engine"))
    return [f"  {'User':<16}{'Password':<18}Role"] + [
        f"  {user:<16}{environment[name]:<18}{role}" for user, name, role in rows
    ]


def _keys(environment: dict[str, str]) -> list[str]:
    rows = [("web shop", "DEMO_API_KEY"), ("warehouse", "DEMO_WAREHOUSE_KEY")]
    return [f"  {'Program':<16}API key"] + [f"  {program:<16}{environment[name]}" for program, name in rows]


def _first_order(environment: dict[str, str]) -> list[str]:
    return [
        "  A first order:",
        f"    curl -sS {environment['API_URL']}{ORDERS} \\",
        f"      -H 'Authorization: Bearer {environment['DEMO_API_KEY']}' \\",
        "      -H 'Content-Type: application/json' -H 'Idempotency-Key: first-order' \\",
        f"      -d @{FIRST_ORDER.relative_to(CHECKOUT)}",
    ]
