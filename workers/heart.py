"""Sends a heartbeat every ten seconds. The program's main loop calls it, so a hanging loop stops the heartbeat."""

import os
import socket
import time

import structlog
from sqlalchemy.exc import SQLAlchemyError

from order_api.core.database import transaction
from order_api.heartbeats.beat import beat
from order_api.heartbeats.models import Program

log = structlog.get_logger()
BEAT_INTERVAL = 10.0


class Heart:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._instance = f"{socket.gethostname()}-{os.getpid()}"
        self._next = 0.0

    def beat(self) -> None:
        """Call it every round. Without the database the program works on; the missing heartbeat shows the fault."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + BEAT_INTERVAL
        try:
            with transaction() as session:
                beat(session, self._program, self._instance)
        except SQLAlchemyError as error:
            log.debug("heartbeat_failed", error=type(error).__name__)
