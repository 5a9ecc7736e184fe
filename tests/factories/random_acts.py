"""A random order and random acts on it, for the service's arithmetic and for the second reckoning at once."""

from collections import Counter
from decimal import Decimal
from random import Random
from uuid import UUID, uuid4

import pytest

from order_api.proof.fees import Fee, FeeTax, Fixed, Per, Percent
from order_api.proof.give_up import MoreThanRemains, Taken
from order_api.proof.refund import Settlement
from order_api.proof.remaining import Parts
from order_api.proof.worth import gross_of
from tests.factories.priced import built
from tests.factories.random_orders import random_order
from tests.factories.reckoning import Reckoning
from tests.factories.second_fees import SentFee
from tests.factories.second_parts import Left

CARD = uuid4()
KINDS = ("cancel", "ship", "capture", "write_off", "refund", "give_back", "reduce", "charge", "tax", "fail")
WEIGHTED = (*KINDS, "give_back", "tax", "tax", *["capture"] * 3, *["write_off"] * 2, *["fail"] * 4)
"""Fewer orders are in a state for these."""


class RandomActs:
    """Counts the acts in `tried` and `accepted`, and the orders by currency in `placed`."""

    def __init__(self, dice: Random, tried: Counter[str], accepted: Counter[str], placed: Counter[str]) -> None:
        order = random_order(dice)
        placed[order.body["currency"]] += 1
        self.dice, self.ours, self.second = dice, Reckoning(built(order.body)), order.second
        self.tried, self.accepted = tried, accepted
        self.ids: dict[str, UUID] = {}
        """Of each parcel."""
        self.refunds: list[tuple[UUID, int]] = []
        """What went back per capture, and may fail."""
        self.has_failed = False

    @property
    def open_lines(self) -> list[int]:
        return [line for line in range(len(self.ours.lines)) if self.ours.open_units(line)]

    @property
    def free_lines(self) -> list[int]:
        return [line for line in range(len(self.ours.lines)) if self.second.free_units(line)]

    @property
    def settled_lines(self) -> list[int]:
        return [line for line in range(len(self.ours.lines)) if self.second.settled_units(line)]

    def act(self) -> None:
        """One random act, in nine of ten cases a possible one."""
        kinds = [kind for kind in WEIGHTED if self.is_possible(kind)] if self.dice.random() < 0.9 else []
        kind = self.dice.choice(kinds or KINDS)
        self.tried[kind] += 1
        if self.is_possible(kind):
            getattr(self, kind)()
            self.accepted[kind] += 1
        self.compare()

    def is_possible(self, kind: str) -> bool:
        left = {
            "cancel": self.open_lines,
            "ship": self.open_lines,
            "capture": self.ours.balance().unpaid,
            "write_off": self.ours.balance().unpaid,
            "refund": self.free_lines,
            "give_back": self.settled_lines,
            "reduce": self.second.left,
            "charge": [left for _, _, left in self.second.departed_charges if left.gross],
            "tax": self.second.taxes_left(),
            "fail": self.refunds,
        }
        return bool(left[kind])

    # The acts.

    def cancel(self) -> None:
        line = self.dice.choice(self.open_lines)
        self.cancel_units(line, self.dice.randint(1, self.ours.open_units(line)))

    def cancel_units(self, line: int, count: int) -> None:
        self.ours.cancel(line, count)
        self.second.cancel(line, count)

    def ship(self) -> None:
        lines = self.dice.sample(self.open_lines, self.dice.randint(1, len(self.open_lines)))
        self.ship_units({line: self.dice.randint(1, self.ours.open_units(line)) for line in lines})

    def ship_units(self, units: dict[int, int]) -> None:
        name, before = f"P{len(self.ids)}", self.ours.balance().unpaid
        self.ids[name] = uuid4()
        self.ours.ship(self.ids[name], units)
        self.second.ship(name, units)
        after = dict(self.ours.balance().unpaid)
        after.pop(self.ids[name], None)
        assert after == before, "a parcel that leaves makes no other unpaid"

    def some_unpaid(self) -> tuple[str, int]:
        unpaid = self.ours.balance().unpaid
        name = self.dice.choice([name for name in self.ids if self.ids[name] in unpaid])
        assert unpaid[self.ids[name]] == self.second.unpaid(name)
        return name, unpaid[self.ids[name]]

    def capture(self) -> None:
        """What the balance says, or a part of it where one tender has no more."""
        name, amount = self.some_unpaid()
        taken = amount if self.dice.random() < 0.7 else self.dice.randint(1, amount)
        left = {**self.ours.balance().unpaid, self.ids[name]: amount - taken}
        self.ours.capture(self.ids[name], taken, CARD)
        assert self.ours.balance().unpaid == {parcel: rest for parcel, rest in left.items() if rest}
        self.second.captured[name] = self.second.captured.get(name, 0) + taken

    def write_off(self) -> None:
        name, amount = self.some_unpaid()
        self.ours.write_off(self.ids[name], amount)
        self.second.written_off[name] = self.second.written_off.get(name, 0) + amount

    def refund(self) -> None:
        line = self.dice.choice(self.free_lines)
        free = self.second.free_units(line)
        with pytest.raises(MoreThanRemains):
            self.ours.give_up([CARD], units={line: free + 1})
        count = self.dice.randint(1, free)
        self.remember(self.ours.give_up([CARD], units={line: count}))
        self.second.give_back({line: count}, [])

    def give_back(self) -> None:
        """Units of some lines, less fees."""
        lines = sorted(self.dice.sample(self.settled_lines, self.dice.randint(1, len(self.settled_lines))))
        units = {line: self.dice.randint(1, self.second.settled_units(line)) for line in lines}
        fees = [SentFee.random(self.dice, lines) for _ in range(self.dice.randint(0, 4))]
        self.remember(self.ours.give_up([CARD], units=units, fees=[self._ours(fee) for fee in fees]))
        numbers = {line.id: number for number, line in enumerate(self.ours.lines)}
        seen = [
            (taken.asked, {numbers[each.item_id]: _left(each.parts) for each in taken.of_lines})
            for taken in self.ours.fees[len(self.ours.fees) - len(fees) :]
        ]
        assert seen == self.second.give_back(units, fees)

    def _ours(self, sent: SentFee) -> Fee:
        lines = {self.ours.lines[line].id for line in sent.lines}
        if sent.of in ("gross", "net"):
            return Fee(sent.type, Percent(Decimal(sent.size) / 100, of_net=sent.of == "net"), lines, FeeTax(sent.tax))
        return Fee(sent.type, Fixed(sent.size, Per(sent.of)), lines, FeeTax(sent.tax))

    def reduce(self) -> None:
        lines = [line for line in range(len(self.ours.lines)) if self.second.left_of_line(line)]
        line = self.dice.choice([*lines, None])
        most = self.second.left if line is None else self.second.left_of_line(line)
        with pytest.raises(MoreThanRemains):
            self.ours.reduce(most + 1, [CARD], line)
        amount = most if self.dice.random() < 0.1 else self.dice.randint(1, most)
        self.remember(self.ours.reduce(amount, [CARD], line))
        if line is None:
            self.second.reduce_order(amount)
        else:
            self.second.reduce_line(line, amount)

    def charge(self) -> None:
        charges = self.second.departed_charges
        place = self.dice.choice([n for n, (_, _, left) in enumerate(charges) if left.gross])
        departed, _, left = charges[place]
        amount = left.gross if self.dice.random() < 0.5 else self.dice.randint(1, left.gross)
        lines = {line.id for line in self.ours.lines}
        whole = [number for number, charge in enumerate(self.ours.charges) if charge.owner_id not in lines]
        [sent] = [n for n, part in enumerate(self.second.whole_charges()) if part is departed]
        self.remember(self.ours.give_up([CARD], charges=[(whole[sent], amount)]))
        self.second.refund_charge(place, amount)

    def tax(self) -> None:
        line, place = self.dice.choice(self.second.taxes_left())
        self.remember(self.ours.remove_tax(line, place, [CARD]))
        self.second.remove_tax(line, place)

    def fail(self) -> None:
        """The bank sends a refund back: the money is owed again."""
        capture, amount = self.refunds.pop(self.dice.randrange(len(self.refunds)))
        self.has_failed = True
        self.ours.fail(capture, amount)
        self.second.refunded -= amount

    def remember(self, done: tuple[list[Taken], Settlement]) -> None:
        self.refunds += done[1].rows.items()

    # What must hold.

    def compare(self) -> None:
        balance, ours, second = self.ours.balance(), self.ours, self.second
        captured, written_off = sum(second.captured.values()), sum(second.written_off.values())
        seen = balance.due, balance.to_capture, balance.outstanding
        assert seen == (second.due, second.to_capture, second.outstanding)
        assert (balance.captured, balance.written_off, balance.refunded) == (captured, written_off, second.refunded)
        taken = gross_of(ours.adjusted) + sum(part.parts.gross for part in ours.taken)
        taken -= sum(fee.amount for fee in ours.fees)
        assert balance.due == ours.placed - taken
        assert balance.outstanding == balance.due - balance.captured - balance.written_off + balance.refunded
        owed = balance.outstanding - balance.to_capture
        assert max(owed, 0) == sum(balance.unpaid.values()), "what exceeds to_capture is owed now"
        assert owed >= 0 or self.has_failed, "we owe only what a bank has sent back"
        assert min([balance.due, balance.to_capture, *balance.unpaid.values(), 0]) == 0
        assert all(0 <= row.given_back <= row.amount for row in ours.captures)
        left = sum(kept.remaining.gross for rows in ours.kept.values() for kept in rows)
        assert left == sum(second.parcels.values())

    def finish(self) -> None:
        """Everything open is canceled or leaves, everything is paid and given back: all by parts is exactly all."""
        for line in self.open_lines:
            count = self.ours.open_units(line)
            if self.dice.random() < 0.5:
                self.cancel_units(line, count)
            else:
                self.ship_units({line: count})
        for parcel, unpaid in self.ours.balance().unpaid.items():
            self.ours.capture(parcel, unpaid, CARD)
        balance = self.ours.balance()
        assert (balance.to_capture, max(balance.outstanding, 0)) == (0, 0)
        for line in self.free_lines:
            self.ours.give_up([CARD], units={line: self.second.free_units(line)})
        for departed in self.ours.departed_charges:
            if departed.remaining.gross:
                self.ours.give_up([CARD], charges=[(self.ours.charges.index(departed.charge), None)])
        assert self.ours.balance().due == sum(fee.amount for fee in self.ours.fees), "only fees are kept"


def _left(parts: Parts) -> Left:
    return Left(parts.gross, list(parts.taxes.values()))
