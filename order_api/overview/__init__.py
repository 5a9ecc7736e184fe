"""Reads a whole order from all slices below: what was placed, paid, reserved, shipped and noted."""
