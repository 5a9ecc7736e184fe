"""The Camunda 7 engine over its REST API: the only place that knows an engine URL or a name of a model."""
