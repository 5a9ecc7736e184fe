"""Carries out the worked cases of what comes after the sale on the pure reckoning."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from order_api.core import money
from order_api.proof.give_up import MoreThanRemains, Taken
from order_api.proof.refund import Settlement
from order_api.proof.remaining import NOTHING, Parts
from tests.factories.after_sale import body_of
from tests.factories.fee_words import fee_in_words, fee_of_case, parts_in_words
from tests.factories.orders import Json, order_body
from tests.factories.priced import built
from tests.factories.reckoning import Reckoning


class PureCase:
    """Maps the acts of the cases to the reckoning, and its answers to the words of the cases."""

    def __init__(self, case: Json) -> None:
        self.order = built(order_body(**body_of(case["order"])))
        self.ours = Reckoning(self.order)
        self.lines = {item.line_id: number for number, item in enumerate(self.order.items)}
        self.tenders = {t.id: t for t in sorted(self.order.tenders, key=lambda tender: tender.capture_rank)}
        self.parcels: dict[str, UUID] = {}

    def carry_out(self, act: Json) -> Json:
        [(name, what)] = act.items()
        return dict(getattr(self, f"_{name}")(**what))

    def _ship(self, parcel: str, units: dict[str, int], capture: str = "approved") -> Json:
        id_ = self.parcels[parcel] = uuid4()
        self.ours.ship(id_, {self.lines[line_id]: count for line_id, count in units.items()})
        captured = [] if capture == "declined" else list(self._capture(id_))
        return {"captured_now": [{"tender": self._name(t), "amount": self.text(a)} for t, a in captured]}

    def _capture(self, parcel: UUID) -> Any:
        amount = self.ours.balance().unpaid.get(parcel, 0)
        for id_, tender in self.tenders.items():
            taken = min(amount, tender.amount - sum(c.amount for c in self.ours.captures if c.tender_id == id_))
            if taken:
                self.ours.capture(parcel, taken, id_)
                amount -= taken
                yield id_, taken

    def _write_off(self, amount: str) -> Json:
        for parcel, unpaid in self.ours.balance().unpaid.items():
            self.ours.write_off(parcel, unpaid)
        return {}

    def _return(self, fees: list[Json] | None = None, reason: str = "", receipt: int = 1, **what: Any) -> Json:
        """Which fees there are the table says; what was announced does not count."""
        what.pop("announced", None)
        return self._refund(**what, fees=fees or [])

    def _refund(
        self, items: dict[str, int] | None = None, charges: list[Any] | None = None, fees: Sequence[Json] = ()
    ) -> Json:
        units = {self.lines[line_id]: count for line_id, count in (items or {}).items()}
        named = [(each, None) if isinstance(each, str) else (each[0], self.minor(each[1])) for each in charges or []]
        try:
            parts, settlement = self.ours.give_up(
                list(self.tenders),
                units=units,
                charges=[(self._charge(name), amount) for name, amount in named],
                fees=[fee_of_case(fee, {line.id for line in self.ours.lines}, self.minor) for fee in fees],
            )
        except MoreThanRemains as refusal:
            left = {"free_units": refusal.free_units} if units else {"remains": self.text(refusal.remaining)}
            return {"refused": "more_than_remains", **left}
        told = (
            {"fees": [fee_in_words(fee, self._names, self.text) for fee in self.ours.fees[-len(fees) :]]}
            if fees
            else {}
        )
        return {"given_up": self._by_owner(parts, with_units=True), **told, **self._paid(settlement)}

    def _price_reduction(self, amount: str, on: str, **_: str) -> Json:
        line = None if on == "order" else self.lines[on.removeprefix("line ")]
        parts, settlement = self.ours.reduce(self.minor(amount), list(self.tenders), line)
        return {"split": self._by_owner(parts, with_units=False), **self._paid(settlement)}

    def _by_owner(self, parts: list[Taken], *, with_units: bool) -> Json:
        owners = {kept.id: owner for owner, rows in self.ours.kept.items() for kept in rows}
        sums: dict[str, Parts] = {}
        units: dict[str, list[int]] = {}
        for part in parts:
            name = self._names[owners[part.of.id]]
            sums[name] = sums.get(name, NOTHING) + part.parts
            if part.units and with_units:
                units.setdefault(name, []).extend(range(part.units[0], sum(part.units)))
        return {
            name: ({"units": units[name]} if name in units else {}) | parts_in_words(each, self.text)
            for name, each in sums.items()
        }

    def _paid(self, settlement: Settlement) -> Json:
        by_id = {row.id: row for row in self.ours.captures}
        names: dict[UUID | None, str] = {id_: name for name, id_ in self.parcels.items()}
        rows: dict[str, Json] = {}
        for id_, amount in settlement.rows.items():
            row = rows.setdefault(self._name(by_id[id_].tender_id), {"amount": 0, "of_parcels": {}})
            row["amount"] += amount
            row["of_parcels"][names[by_id[id_].shipment_id]] = self.text(amount)
        written_off = settlement.ends_written_off
        return {
            "paid_back": self.text(settlement.paid_back),
            "rows": [{"tender": name, **row, "amount": self.text(row["amount"])} for name, row in rows.items()],
            **({"ends_written_off": self.text(written_off)} if written_off else {}),
        }

    @cached_property
    def _names(self) -> dict[UUID | None, str]:
        """Of lines and charges."""
        names: dict[UUID | None, str] = {item.id: f"line {item.line_id}" for item in self.order.items}
        return names | {charge.id: self._charge_names(charge)[0] for charge in self.order.charges}

    def _charge_names(self, charge: Any) -> list[str]:
        """Where several groups have charges of one type, the cases add the group."""
        groups = {group.id: f"{charge.type} of {group.key}" for group in self.order.ship_groups}
        full = groups.get(charge.ship_group_id, charge.type)
        return [full, charge.type] if len(groups) > 1 else [charge.type]

    def _charge(self, name: str) -> int:
        return next(n for n, charge in enumerate(self.order.charges) if name in self._charge_names(charge))

    def _name(self, tender: UUID) -> str:
        own = self.tenders[tender]
        same = [each for each in self.tenders.values() if each.type == own.type]
        return own.type if len(same) == 1 else f"{own.type} {same.index(own) + 1}"

    def sums(self) -> Json:
        balance = self.ours.balance()
        names = ("due", "to_capture", "captured", "refunded", "written_off", "outstanding")
        return {name: self.text(getattr(balance, name)) for name in names}

    def text(self, minor: int) -> str:
        return money.to_text(minor, self.order.currency)

    def minor(self, text: str) -> int:
        return money.to_minor(Decimal(text), self.order.currency)
