"""Ports to outside systems, one folder per role: the port, the promises of its adapters, and a builtin adapter."""
