"""Everything the service needs on one machine without Docker: a database, an engine, a mail catcher and our processes.

`make run` and the fixtures of the tests start the same things from here. Nothing listens beyond 127.0.0.1.
"""
