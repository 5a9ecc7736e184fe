from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from order_api.core.database import Base
from order_api.stores.properties import CollectionProperties


class OrderCollection(Base):
    """A set of orders with its own properties; an actor sees only the collections assigned to it."""

    __tablename__ = "order_collections"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    stored_properties: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @validates("stored_properties")
    def _refuse_invalid(self, _: str, stored: dict[str, Any]) -> dict[str, Any]:
        """Refuses invalid properties when they are set, not only when the first order arrives."""
        CollectionProperties.from_json(stored)
        return stored

    @property
    def properties(self) -> CollectionProperties:
        return CollectionProperties.from_json(self.stored_properties)


class Store(Base):
    __tablename__ = "stores"
    __table_args__ = (UniqueConstraint("collection_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    collection_id: Mapped[UUID] = mapped_column(ForeignKey("order_collections.id"))
    key: Mapped[str]
    name: Mapped[str]
