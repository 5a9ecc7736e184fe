"""gunicorn's settings, the same wherever it runs: `gunicorn --config python:order_api.server`.

Addresses and numbers of processes are the place's own and stand on its command line.
"""

wsgi_app = "order_api.app:create_app()"

keepalive = 75
"""Seconds an idle connection stays open: longer than clients and load balancers keep theirs (mostly 60), for whoever
closes first may close into a request that is just being sent."""
