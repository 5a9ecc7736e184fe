"""Says every ten seconds that this program does its rounds. Called from its loop, so a loop that hangs falls silent."""

import os
import socket
import time

import structlog
from sqlalchemy.exc import SQLAlchemyError

from order_api.core.database import transaction
from order_api.heartbeats.beat import beat
from order_api.heartbeats.models import Program

log = structlog.get_logger()
EVERY_SECONDS = 10.0


class Heart:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._instance = f"{socket.gethostname()}-{os.getpid()}"
        self._next = 0.0

    def beat(self) -> None:
        """As often as the loop likes; without the database the work goes on and the silence says enough."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY_SECONDS
        try:
            with transaction() as session:
                beat(session, self._program, self._instance)
        except SQLAlchemyError as error:
            log.debug("heartbeat_failed", error=type(error).__name__)
