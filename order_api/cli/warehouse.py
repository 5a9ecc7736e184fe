"""Commands that make the builtin warehouse ship or deliver now, without waiting for its delays."""

from contextlib import suppress
from uuid import UUID

import click
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from order_api.core.database import transaction
from order_api.integrations.fulfillment.warehouse import make_delivery_due, ship_order
from order_api.orders.errors import OrderNotFound
from order_api.orders.models import Order


@click.group()
def warehouse() -> None:
    """Make the builtin warehouse ship or deliver an ORDER (its id or number) now."""


@warehouse.command()
@click.argument("order")
def ship(order: str) -> None:
    """Ship everything that the warehouse was asked to send for the order, in one parcel."""
    with transaction() as session:
        parcel = ship_order(session, _id_of(session, order))
    if parcel is None:
        raise click.ClickException("The warehouse has nothing to ship for this order: none of its items waits there.")
    click.echo(f"Units shipped in the parcel {parcel.tracking_number}: {sum(parcel.quantities.values())}.")


@warehouse.command()
@click.argument("order")
def deliver(order: str) -> None:
    """Deliver every parcel that the warehouse has shipped for the order."""
    with transaction() as session:
        parcels = make_delivery_due(session, _id_of(session, order))
    if not parcels:
        raise click.ClickException("The warehouse has no parcel of this order on its way: ship the order first.")
    click.echo(f"Parcels delivered: {parcels}.")


def _id_of(session: Session, order: str) -> UUID:
    named = Order.number == order
    with suppress(ValueError):
        named = or_(named, Order.id == UUID(order))
    order_id = session.scalar(select(Order.id).where(named))
    if order_id is None:
        raise OrderNotFound(f"There is no order with the id or number {order}.")
    return order_id


COMMANDS = (warehouse,)
