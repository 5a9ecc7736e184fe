"""The Camunda 7 engine over its REST API. Only this package knows engine URLs and the names used in models."""
