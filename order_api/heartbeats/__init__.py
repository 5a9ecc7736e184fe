"""Which of our programs have been at work lately, as they say themselves.

Owns one row per running program; knows nothing of what they do. Refuses nothing.
"""
