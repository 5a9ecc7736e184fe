"""The REST API: one file per resource. A route reads the request, calls one verb and returns the answer."""
