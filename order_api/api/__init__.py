"""The REST API: one file per resource. A route reads the request, calls one story and returns the answer."""
