"""A log or a metric that cannot be written fails no request."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.factories.companies import Company
from tests.factories.orders import order_body
from tests.fixtures.system import ROOT, System, wait_until


@pytest.fixture(params=["a closed pipe", "a full disk"])
def unheard(request: pytest.FixtureRequest, system_env: dict[str, str], tmp_path: Path) -> Iterator[System]:
    """The API, all of whose output goes nowhere."""
    system = System(system_env, tmp_path)
    if request.param == "a full disk":
        output = os.open("/dev/full", os.O_WRONLY)
    else:
        reads, output = os.pipe()
        os.close(reads)
    command = system._arguments("api")
    process = subprocess.Popen(command, env=system.env, cwd=ROOT, stdout=output, stderr=output)
    os.close(output)
    try:
        wait_until(system._answers, what="an answer of the API")
        yield system
    finally:
        process.terminate()
        process.wait()


def test_an_order_is_placed_and_answered_although_no_line_can_be_logged(unheard: System, company: Company) -> None:
    with closing(requests.Session()) as session:
        session.headers["Authorization"] = f"Bearer {company.channel_key}"
        for _ in range(3):
            answer = session.post(f"{unheard.url}/v1/orders", json=order_body(collection=company.key), timeout=10)
            assert answer.status_code == 201, answer.text
        assert session.get(f"{unheard.url}/v1/orders?cursor=odd", timeout=10).status_code == 422
