"""The days of a return are those of the shop's calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from order_api.returns.window import days_between, end_of, last_day

BERLIN, KATHMANDU, AUCKLAND = "Europe/Berlin", "Asia/Kathmandu", "Pacific/Auckland"


@pytest.mark.parametrize(
    ("delivered", "asked", "zone", "days"),
    [
        ("2026-06-10T21:59", "2026-06-10T22:00", BERLIN, 1),
        ("2026-06-10T21:59", "2026-06-10T22:00", "UTC", 0),
        ("2026-06-10T22:00", "2026-06-11T21:59", BERLIN, 0),
        ("2026-06-10T18:14", "2026-06-10T18:15", KATHMANDU, 1),
        ("2026-03-28T23:30", "2026-03-29T21:59", BERLIN, 0),
        ("2026-03-28T23:30", "2026-03-29T22:00", BERLIN, 1),
        ("2026-10-24T22:00", "2026-10-25T22:59", BERLIN, 0),
        ("2026-10-24T22:00", "2026-10-25T23:00", BERLIN, 1),
        ("2026-03-15T12:00", "2026-04-14T12:00", BERLIN, 30),
        ("2026-06-10T12:00", "2026-06-09T12:00", "UTC", -1),
    ],
)
def test_a_day_begins_at_midnight_of_the_zone_also_when_clocks_change(
    delivered: str, asked: str, zone: str, days: int
) -> None:
    assert days_between(_utc(delivered), _utc(asked), zone) == days


@pytest.mark.parametrize("zone", ["UTC", BERLIN, AUCKLAND, "America/St_Johns"])
@pytest.mark.parametrize("delivered", ["2026-02-27T23:59", "2026-03-14T11:30", "2026-09-26T12:00", "2026-10-11T00:00"])
def test_the_last_day_counts_to_its_last_moment(zone: str, delivered: str) -> None:
    end = end_of(last_day(_utc(delivered), 30, zone), zone)

    assert days_between(_utc(delivered), end - timedelta(seconds=1), zone) == 30
    assert days_between(_utc(delivered), end, zone) == 31


def test_the_last_day_is_a_date_that_the_customer_can_read() -> None:
    assert last_day(_utc("2026-10-10T22:30"), 14, BERLIN) == date(2026, 10, 25)
    assert end_of(date(2026, 10, 25), BERLIN) == _utc("2026-10-25T23:00"), "that day has 25 hours"


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
