"""Sends the service right, wrong and hostile requests over real HTTP for a while, and counts what it answers."""
