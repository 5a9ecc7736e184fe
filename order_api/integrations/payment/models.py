from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base


class SimulatedPayment(Base):
    """One request as the simulated network booked it. `parent_key` is the authorization of a capture or void, and the
    capture of a refund; the `token` is that of its parent. A refund with `decides_at` is
    pending until then, and an authorization with it expires then."""

    __tablename__ = "simulator_payments"

    key: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    token: Mapped[str]
    parent_key: Mapped[UUID | None] = mapped_column(index=True)
    amount: Mapped[int]
    approved: Mapped[bool]
    decline_code: Mapped[str | None]
    at: Mapped[datetime]
    decides_at: Mapped[datetime | None]
