"""Carries out the worked cases of refunds over HTTP, and writes previews and payments in the words of the cases."""

from typing import Any

from tests.factories.after_sale import Case
from tests.factories.orders import Json
from tests.factories.refunds import Refunds
from tests.fixtures.service import Client


class RefundCase(Case):
    def __init__(self, channel: Client, order: Json) -> None:
        super().__init__(channel, order)
        self.refunds = Refunds(channel, self.money)
        self.parcels: dict[str, str] = {}

    def _ship(self, parcel: str, units: dict[str, int], capture: str = "approved") -> Json:  # type: ignore[override]
        captured = super()._ship(parcel, units, capture)
        self.parcels[self.document()["shipments"][-1]["id"]] = parcel
        rows = self._captures()[-len(captured) :] if captured else []
        names = self._tender_names()
        return {"captured_now": [{"tender": names[r["tender_id"]], "amount": r["amount"]} for r in rows]}

    def _write_off(self, amount: str) -> Json:  # type: ignore[override]
        super()._write_off(amount)
        return {}

    def _refund(self, items: dict[str, int] | None = None, charges: list[Any] | None = None) -> Json:
        named = [(each, None) if isinstance(each, str) else (each[0], each[1]) for each in charges or []]
        units = [{"line_id": id_, "quantity": count, "goods": "broken"} for id_, count in (items or {}).items()]
        of_charges = [
            {"charge_id": self._charges()[name]} | ({"amount": amount} if amount else {}) for name, amount in named
        ]
        body = {name: value for name, value in {"items": units, "charges": of_charges}.items() if value}
        return self._carried_out("given_up", body)

    def _price_reduction(self, amount: str, on: str, **_: str) -> Json:
        line = {} if on == "order" else {"line_id": on.removeprefix("line ")}
        return self._carried_out("split", {"price_reductions": [{"amount": amount, **line}]})

    def _carried_out(self, parts: str, body: Json) -> Json:
        """Preview, execution and the stored refund say the same."""
        answer = self.refunds.preview(**body)
        if answer.status_code == 409:
            return self._refused(answer.get_json(), is_of_units="items" in body)
        preview = answer.get_json()
        paid = self.refunds.paid(**body, digest=preview["digest"])
        names = ("amount", "ends_unpaid", "ends_written_off", "paid_back")
        assert {name: paid[name] for name in names} == {name: preview[name] for name in names}
        before = [(row["capture_id"], row["amount"]) for row in preview["payments"]]
        assert [(row["capture_id"], row["amount"]) for row in paid["payments"]] == before
        assert paid["state"] == "paid"
        return {
            parts: self._parts(preview, with_units=parts == "given_up"),
            "paid_back": paid["paid_back"],
            "rows": self._rows(paid),
            "ends_written_off": paid["ends_written_off"],
        }

    def _refused(self, problem: Json, *, is_of_units: bool) -> Json:
        left = {"free_units": problem["free_units"]} if is_of_units else {"remains": problem["remaining"]}
        return {"refused": problem["code"], **left}

    def _parts(self, preview: Json, *, with_units: bool) -> Json:
        charges = {id_: name for name, id_ in self._charges().items()}
        parts: Json = {}
        for part in preview["parts"]:
            name = f"line {part['line_id']}" if part["line_id"] else charges[part["charge_id"]]
            units = [unit for r in part["units"] for unit in range(r["first_unit"], r["first_unit"] + r["quantity"])]
            parts[name] = {"units": units} if units and with_units else {}
            taxes = [tax["amount"] for tax in part["taxes"]]
            parts[name] |= {"gross": part["amount"], "net": part["net"], "taxes": taxes}
        return parts

    def _rows(self, paid: Json) -> list[Json]:
        captures = {row["id"]: row for row in self._captures()}
        rows: dict[str, Json] = {}
        for row in paid["payments"]:
            name, parcel = self._tender_names()[row["tender_id"]], captures[row["capture_id"]]["shipment_id"]
            own = rows.setdefault(name, {"tender": name, "amount": 0, "of_parcels": {}})
            own["amount"] += self.minor(row["amount"])
            own["of_parcels"][self.parcels[parcel]] = row["amount"]
        return [{**row, "amount": self.text(row["amount"])} for row in rows.values()]

    def _captures(self) -> list[Json]:
        return [p for p in self.document()["payments"] if (p["kind"], p["status"]) == ("capture", "done")]

    def _tender_names(self) -> dict[str, str]:
        tenders = self.document()["tenders"]
        same = {t["id"]: [each["id"] for each in tenders if each["type"] == t["type"]] for t in tenders}
        return {
            t["id"]: t["type"] if len(same[t["id"]]) == 1 else f"{t['type']} {same[t['id']].index(t['id']) + 1}"
            for t in tenders
        }

    def _charges(self) -> dict[str, str]:
        """Where several groups have charges, the cases add the group to the name."""
        order = self.document()
        groups = order["ship_groups"]
        names = {c["type"]: c["id"] for c in order["charges"]}
        for group in groups:
            more = f" of {group['key']}" if len(groups) > 1 else ""
            names |= {f"{c['type']}{more}": c["id"] for c in group["charges"]}
        return names
