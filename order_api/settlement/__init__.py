"""Settles what left and closes the order: each parcel is captured once, then the rest of the money is released."""
