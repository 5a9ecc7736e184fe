"""An order read as a whole, out of all slices below: what was placed, paid, reserved, sent and said."""
