"""Imports the `models` of each slice and adapter, so the metadata includes every table."""

import importlib
import pkgutil

import order_api

for module in pkgutil.walk_packages(order_api.__path__, "order_api."):
    if module.name.rpartition(".")[2] == "models" and not module.name.startswith("order_api.cli"):
        importlib.import_module(module.name)
