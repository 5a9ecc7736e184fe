"""A payment gateway that is a program of its own: a server with its own database, and the adapter that speaks to it."""
