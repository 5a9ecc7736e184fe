"""Plain SMTP keeps the promises of the e-mail port."""

from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from deploy.local.ports import free_port
from order_api.core.settings import settings
from order_api.integrations.email.port import EmailCarrier
from order_api.integrations.email.registry import carrier as configured
from order_api.integrations.email.smtp import SmtpCarrier
from tests.fixtures.system import Mailbox, mail_catcher
from tests.integration.email_carrier_promises import EmailCarrierPromises


class Full:
    """A server that takes no mail."""

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
        return "452 The disk is full"


@pytest.fixture
def caught(system_env: dict[str, str]) -> Iterator[tuple[Mailbox, int]]:
    with mail_catcher() as caught:
        yield caught


@pytest.fixture
def mailbox(caught: tuple[Mailbox, int]) -> Mailbox:
    return caught[0]


@pytest.fixture
def server_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


def carrier_to(port: int, server_at: pytest.MonkeyPatch) -> EmailCarrier:
    server_at.setenv("SMTP_PORT", str(port))
    settings.cache_clear()
    return SmtpCarrier()


class TestSmtp(EmailCarrierPromises):
    @pytest.fixture
    def carrier(self, caught: tuple[Mailbox, int], server_at: pytest.MonkeyPatch) -> EmailCarrier:
        return carrier_to(caught[1], server_at)

    @pytest.fixture
    def out_of_reach(self, system_env: dict[str, str], server_at: pytest.MonkeyPatch) -> EmailCarrier:
        return carrier_to(free_port(), server_at)

    @pytest.fixture
    def refuses(self, system_env: dict[str, str], server_at: pytest.MonkeyPatch) -> Iterator[EmailCarrier]:
        server = Controller(Full(), hostname="127.0.0.1", port=free_port(), ready_timeout=30)
        server.start()
        yield carrier_to(server.port, server_at)
        server.stop()


def test_it_is_the_carrier_unless_another_is_configured() -> None:
    assert isinstance(configured(), SmtpCarrier)
