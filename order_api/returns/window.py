"""Counts the days in which goods may come back, by the calendar of the shop."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_of(moment: datetime, time_zone: str) -> date:
    """Of the calendar on a wall in that zone."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def days_between(earlier: datetime, later: datetime, time_zone: str) -> int:
    """Midnights of the zone between them: the day of a delivery is day 0 at any hour."""
    return (day_of(later, time_zone) - day_of(earlier, time_zone)).days


def last_day(earlier: datetime, days: int, time_zone: str) -> date:
    return day_of(earlier, time_zone) + timedelta(days=days)


def end_of(day: date, time_zone: str) -> datetime:
    """The first moment that no longer is this day, also where clocks change that night."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))
