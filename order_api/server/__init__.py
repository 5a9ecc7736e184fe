"""gunicorn's settings for every installation: `gunicorn --config python:order_api.server`.

Each installation sets address and number of processes on the command line.
"""

wsgi_app = "order_api.app:create_app()"

worker_class = "order_api.server.worker.BufferingWorker"

keepalive = 75
"""Seconds an idle connection stays open: longer than clients and load balancers keep theirs (mostly 60). If the server
closed first, it could cut off a request that is just being sent."""

worker_connections = 800
"""Of one process: fewer than the files that a process may usually have open, with those that it needs itself."""

sendfile = False
"""Files leave as every other answer does, so that a client who does not read holds no thread."""
