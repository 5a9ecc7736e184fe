"""What a person needs to know once everything is up."""

from deploy.local.installation import Installation
from deploy.local.places import CHECKOUT, FIRST_ORDER

CONSOLE = "/console/"
DOCUMENTATION = "/docs"
ORDERS = "/v1/orders"


def welcome(installation: Installation, environment: dict[str, str]) -> str:
    return "\n".join(
        [*_addresses(installation, environment), "", *_people(environment), "", *_first_order(environment), ""]
    )


def _addresses(installation: Installation, environment: dict[str, str]) -> list[str]:
    engine = environment["ENGINE_URL"].removesuffix("/engine-rest") + "/camunda/app"
    rows = {
        "Console": environment["API_URL"] + CONSOLE,
        "API pages": environment["API_URL"] + DOCUMENTATION,
        "Tasklist": f"{engine}/tasklist/default/",
        "Cockpit": f"{engine}/cockpit/default/",
        "Mails sent": str(installation.mail / "new"),
        "Logs": str(installation.folder / "log"),
        "Programs": f"supervisorctl -c {installation.folder / 'supervisord.conf'} status",
    }
    return [f"  {name:<11}{value}" for name, value in rows.items()]


def _people(environment: dict[str, str]) -> list[str]:
    rows = [
        ("carla-csr", "DEMO_PASSWORD_CSR", "customer service"),
        ("stan-store", "DEMO_PASSWORD_STORE", "store"),
        ("sue-supervisor", "DEMO_PASSWORD_SUPERVISOR", "approves"),
        ("otto-operator", "DEMO_PASSWORD_OPERATOR", "operates"),
        (environment["ENGINE_USER"], "ENGINE_PASSWORD", "Cockpit, all rights in the engine"),
    ]
    return [f"  {'User':<16}{'Password':<18}"] + [
        f"  {user:<16}{environment[name]:<18}{role}" for user, name, role in rows
    ]


def _first_order(environment: dict[str, str]) -> list[str]:
    return [
        "  A first order:",
        f"    curl -sS {environment['API_URL']}{ORDERS} \\",
        f"      -H 'Authorization: Bearer {environment['DEMO_API_KEY']}' \\",
        "      -H 'Content-Type: application/json' -H 'Idempotency-Key: first-order' \\",
        f"      -d @{FIRST_ORDER.relative_to(CHECKOUT)}",
    ]
