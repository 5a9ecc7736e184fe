"""gunicorn's settings for every installation: `gunicorn --config python:order_api.server`.

Each installation sets address and number of processes on the command line.
"""

wsgi_app = "order_api.app:create_app()"

keepalive = 75
"""Seconds an idle connection stays open: longer than clients and load balancers keep theirs (mostly 60). If the server
closed first, it could cut off a request that is just being sent."""
