from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base


class AppliedStatus(Base):
    """A phase (`entry` or `after`) of a task whose statuses were shown."""

    __tablename__ = "applied_statuses"

    task_id: Mapped[str] = mapped_column(primary_key=True)
    phase: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
