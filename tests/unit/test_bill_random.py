"""Random orders and random acts on them: after every act the equations of the bill hold, and a second reckoning agrees.

`make random` tries 10,000 sequences.
"""

import os
from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.random_acts import KINDS, RandomActs
from tests.factories.random_orders import DECIMALS

SEQUENCES = int(os.environ.get("RANDOM_SEQUENCES", "500"))
ACTS_PER_SEQUENCE = 16
tried, accepted, placed = Counter[str](), Counter[str](), Counter[str]()


@settings(max_examples=SEQUENCES)
@given(seed=st.integers(0, 2**64))
def test_after_every_act_the_equations_hold_and_a_second_reckoning_agrees(seed: int) -> None:
    """Trap 8."""
    acts = RandomActs(Random(seed), tried, accepted, placed)
    try:
        acts.compare()
        for _ in range(acts.dice.randint(1, ACTS_PER_SEQUENCE)):
            acts.act()
        acts.finish()
    except AssertionError:
        print(f"{seed=}")
        raise


def test_the_random_acts_were_possible_often_enough() -> None:
    """Runs after the test above, which counts."""
    total = sum(accepted.values())
    print(dict(placed), {kind: f"{accepted[kind]} of {tried[kind]}" for kind in sorted(tried)})

    assert total >= 0.6 * sum(tried.values())
    assert all(count >= 0.05 * total for count in accepted.values())
    assert set(accepted) == set(KINDS)
    assert set(placed) == set(DECIMALS), "currencies of 0, 2 and 3 decimals"
