from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base


class SimulatedPayment(Base):
    """One request as the simulated network booked it. Captures and voids copy the `token` of their authorization."""

    __tablename__ = "simulator_payments"

    key: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    token: Mapped[str]
    authorization_key: Mapped[UUID | None] = mapped_column(index=True)
    amount: Mapped[int]
    approved: Mapped[bool]
    decline_code: Mapped[str | None]
    at: Mapped[datetime]
