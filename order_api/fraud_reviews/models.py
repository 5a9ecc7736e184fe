from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.checks import check_one_of
from order_api.core.database import Base
from order_api.core.outside import OutsideCallRow


class ScreeningStatus(StrEnum):
    """A score that still arrives for a `withdrawn` screening changes nothing."""

    REQUESTED = "requested"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class FraudScreening(OutsideCallRow, Base):
    """One per order; its id is the key sent to the provider."""

    __tablename__ = "fraud_screenings"
    __table_args__ = (check_one_of(ScreeningStatus, "status"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), unique=True)
    status: Mapped[ScreeningStatus]
    score: Mapped[int | None]
    reasons: Mapped[list[Any] | None]
