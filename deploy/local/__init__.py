"""Runs the service on one machine without Docker: a database, an engine, a mail catcher and our processes.

`make run` and the test fixtures both start programs from here. All of them listen on 127.0.0.1 only.
"""
