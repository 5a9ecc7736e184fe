"""The arithmetic of a priced order: read it, split it, prove it. Pure: it knows neither tables nor HTTP.

To be used from any slice above:

- `read_prices.PriceReader(currency).order(body)` reads a channel's JSON as a `priced_order.PricedOrder`. Amounts are
  minor units from here on; what could not be read is in `unreadable`.
- `split.split(order, tolerance)` shares the order's discounts over its lines (R3) and returns a `split.Split`.
- `prove.differences(order, split)` returns every contradiction (R1–R3) as a `priced_order.Difference`; none means that
  the order is proven, and then its split is what is stored.
- `worth.worth_of_parcel(…)` says what units are worth that leave, net and each tax apart, with their charges (R4, R10).
- `allocation` has the arithmetic itself: `split_by_largest_remainder`, `value_of_units` (R4) and `tax_on` (R2).

All of them are functions of their arguments alone. They change nothing, so they may be called in any order and again.
"""
