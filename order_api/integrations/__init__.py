"""Ports to systems outside, one folder per role: what an adapter promises, and builtin ones that need nothing else."""
