"""Stores the worth of shipped units once, when they leave (R4, R10). Captures and documents only sum it."""

from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from order_api.bill.models import OF_WHOLE_CHARGE, KeptWorth
from order_api.bill.priced import read_priced
from order_api.orders.models import Order
from order_api.orders.units import UnitsOfItems
from order_api.proof.worth import worth_of_parcel


def keep_worth(session: Session, order: Order, shipment_id: UUID, parcel: UnitsOfItems) -> None:
    """Stores the worth of units that leave for the first time, with the charges that leave with them.

    The caller has locked the order row and written the units into the ledger.
    """
    priced = read_priced(session, order.id, parcel)
    whole = select(KeptWorth.charge_id).where(KeptWorth.order_id == order.id, OF_WHOLE_CHARGE)
    departed = {id_ for id_ in session.scalars(whole) if id_ is not None}
    worth = worth_of_parcel(priced.units, priced.charges, departed, tax_included=order.tax_included)
    of_shipment = {"order_id": order.id, "shipment_id": shipment_id}
    # Explicit nulls keep this one statement although rows have nulls in different columns.
    statement = insert(KeptWorth).execution_options(render_nulls=True)
    session.execute(statement, [of_shipment | vars(part) | {"remaining": part.amount} for part in worth])
