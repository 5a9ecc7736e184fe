"""Counts the days in which goods may come back, by the calendar of the shop."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def days_between(earlier: datetime, later: datetime, time_zone: str) -> int:
    """Midnights of the zone between them: the day of a delivery is day 0 at any hour."""
    return (_day(later, time_zone) - _day(earlier, time_zone)).days


def last_day(earlier: datetime, days: int, time_zone: str) -> date:
    return _day(earlier, time_zone) + timedelta(days=days)


def end_of(day: date, time_zone: str) -> datetime:
    """The first moment that no longer is this day, also where clocks change that night."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))


def _day(moment: datetime, time_zone: str) -> date:
    return moment.astimezone(ZoneInfo(time_zone)).date()
