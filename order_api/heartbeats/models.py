from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base


class Program(StrEnum):
    """The programs that send heartbeats; the API has its own health check."""

    WORKERS = "workers"
    RELAY = "relay"
    WAREHOUSE = "warehouse"


class Heartbeat(Base):
    __tablename__ = "heartbeats"

    program: Mapped[str] = mapped_column(primary_key=True)
    instance: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
