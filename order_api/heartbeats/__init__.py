"""Which of our programs are running, according to their own heartbeats.

Owns one row per instance of a program and knows nothing about what the programs do. Refuses nothing.
"""
