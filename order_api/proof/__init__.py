"""The arithmetic of a priced order: reads it, splits it, proves it. Pure: knows neither tables nor HTTP.

Any slice above may use:

- `read_prices.PriceReader(currency).order(body)` reads a channel's JSON as a `priced_order.PricedOrder`. Amounts are
  minor units from here on; `unreadable` lists what could not be read.
- `split.split(order, tolerance)` shares the order's discounts over its lines (R3) and returns a `split.Split`.
- `prove.differences(order, split)` returns every contradiction (R1–R3) as a `priced_order.Difference`. An empty list
  means that the order is proven and its split may be stored.
- `worth.worth_of_parcel(…)` returns the worth of departing units and charges: net and each tax separately (R4, R10).
- `allocation` has the arithmetic itself: `split_by_largest_remainder`, `worth_of_units` (R4) and `tax_on` (R2).

All of them depend only on their arguments and change nothing, so they may be called repeatedly and in any order.
"""
