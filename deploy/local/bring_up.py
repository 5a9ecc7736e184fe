"""Starts the programs in order: each step waits only for what it needs."""

import subprocess
from collections.abc import Mapping

from deploy.local import external_database, steps
from deploy.local.engine import probe_url
from deploy.local.installation import Installation
from deploy.local.places import CHECKOUT
from deploy.local.problems import LocalProblem
from deploy.local.programs import Program, our_programs, setup_command
from deploy.local.supervision import Supervision, last_words
from deploy.local.waiting import wait_until
from deploy.local.web import answers, is_fine

ENGINE_PATIENCE = 600.0
PATIENCE = 300.0
"""Seconds. They only end the wait for a program that runs and never answers: one that has died ends the start at once,
and a busy machine may take minutes."""


def bring_up(supervision: Supervision, installation: Installation, environment: Mapping[str, str]) -> None:
    supervision.run("mail")
    _bring_up_database(supervision, installation, environment)
    if installation.engine_url is None:
        supervision.run("engine")
    # Prepares our own database while the engine starts.
    _set_up("migrate", "Orders database is up to date", installation, environment)
    _seed(installation, environment)
    with steps.step(f"Workflow engine answers on {environment['ENGINE_URL']}"):
        _wait_for_engine(supervision, installation, environment["ENGINE_URL"])
    _set_up("deploy", "Processes, decisions and forms are deployed", installation, environment)
    with steps.step("API, workers, relay and warehouse run"):
        _start_ours(supervision, environment["API_URL"], our_programs(installation))


def _bring_up_database(supervision: Supervision, installation: Installation, environment: Mapping[str, str]) -> None:
    if installation.database_url is not None:
        if installation.engine_url is None:
            external_database.ensure_engine_database(environment)
        return
    postgres, credentials = installation.postgres(), installation.credentials
    with steps.step(f"PostgreSQL answers on 127.0.0.1:{postgres.port}"):
        for healed in postgres.prepare():
            steps.say(f"    {healed}")
        supervision.run("postgres")
        postgres.wait_until_ready()
        postgres.ensure_database("orders", credentials.orders_database_password)
        postgres.ensure_database("engine", credentials.engine_database_password)


def _wait_for_engine(supervision: Supervision, installation: Installation, url: str) -> None:
    def is_ready() -> bool:
        if installation.engine_url is None:
            supervision.require_alive("engine")
        return is_fine(probe_url(url))

    late = f"The workflow engine does not answer on {url}: see {installation.log('engine')}."
    wait_until(is_ready, ENGINE_PATIENCE, late, pause=0.2)


def _seed(installation: Installation, environment: Mapping[str, str]) -> None:
    """Loads the demo data; into an external database only if that is empty."""
    if installation.database_url is None:
        _set_up("seed-demo", "Demo data is loaded", installation, environment)
        return
    _set_up("seed-demo", "Demo data is loaded if the database was empty", installation, environment, "--if-empty")
    steps.say(f"    {installation.log('setup-seed-demo').read_text().strip()}")


def _set_up(name: str, what: str, installation: Installation, environment: Mapping[str, str], *options: str) -> None:
    log = installation.log(f"setup-{name}")
    with steps.step(what), open(log, "wb") as writer:
        done = subprocess.run(
            [*setup_command(name), *options],
            env=environment,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=subprocess.STDOUT,
        )
        if done.returncode != 0:
            raise LocalProblem(f"The set-up command 'order-service {name}' failed{last_words(log)}")


def _start_ours(supervision: Supervision, api_url: str, programs: list[Program]) -> None:
    for program in programs:
        supervision.run(program.name)

    def are_up() -> bool:
        for program in programs:
            supervision.require_alive(program.name)
        states = supervision.states()
        return all(states[program.name] == "RUNNING" for program in programs) and answers(api_url)

    late = f"The API does not answer on {api_url}: see the log of 'api'."
    wait_until(are_up, PATIENCE, late, pause=0.1)
