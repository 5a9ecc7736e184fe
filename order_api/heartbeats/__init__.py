"""Which of our programs are running, according to their own heartbeats.

Owns one row per running program and knows nothing about their work. Refuses nothing.
"""
